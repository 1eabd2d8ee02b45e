"""The messages that the family was sent: those of one subject together, each to be read."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, current_app, render_template
from markupsafe import Markup

from gateway import clients, policy, session
from gateway.clients.notify import Message

blueprint = Blueprint("messages", __name__, template_folder="templates")

NUMBER: Final = re.compile(r"\s*(n°|no\.?)?\s*[A-Z0-9]+(-[A-Z0-9]+)+\s*$")
SIGNED: Final = "\n-- \n"


@dataclass(frozen=True, slots=True)
class Thread:
    """Messages of one subject, the latest first."""

    subject: str
    messages: tuple[Message, ...]

    @property
    def unread_count(self) -> int:
        """How many of them the person has not opened."""
        return sum(not message.read for message in self.messages)

    @property
    def opened_first(self) -> Message:
        """The message that a tap opens: the oldest that is unread, else the latest."""
        return next((each for each in reversed(self.messages) if not each.read), self.messages[0])


@blueprint.get("/messages")
@policy.person
def show() -> str:
    """List the messages by subject, the latest first."""
    rows = clients.current().notify.list_messages(session.context())
    return render_template("account/messages.html", threads=threads(rows, _organisation()))


@blueprint.get("/messages/<message_id>")
@policy.person
def read(message_id: str) -> str:
    """Show one message, and the others of its subject."""
    notify, context = clients.current().notify, session.context()
    letter = notify.get_message(context, message_id)
    subject = subject_of(letter, _organisation())
    found = threads(notify.list_messages(context), _organisation())
    others = next((each.messages for each in found if each.subject == subject), ())
    return render_template(
        "account/message.html",
        letter=letter,
        subject=subject,
        paragraphs=paragraphs(letter.text, current_app.extensions["settings"].public_url),
        others=[each for each in others if each.id != letter.id],
    )


def _organisation() -> str:
    return session.required().organisation.name


def threads(rows: Iterable[Message], organisation: str) -> list[Thread]:
    """Return messages by subject, in the order of the latest of each."""
    found: dict[str, list[Message]] = {}
    for row in rows:
        found.setdefault(subject_of(row, organisation), []).append(row)
    return [Thread(subject, tuple(messages)) for subject, messages in found.items()]


def subject_of(message: Message, organisation: str) -> str:
    """Return what a message is about: its subject without who writes and without a number."""
    subject = re.sub(rf"^{re.escape(organisation)}\s*:\s*", "", message.subject)
    return NUMBER.sub("", subject) or subject


def paragraphs(text: str, public_url: str) -> Sequence[Markup]:
    """Return the words of a mail by paragraph; addresses of this portal are links, and no others."""
    words = text.partition(SIGNED)[0].strip()
    address = re.compile(rf"{re.escape(public_url)}(/[!-~]*)")
    shown = []
    for paragraph in re.split(r"\n{2,}", words):
        pieces, at = [], 0
        for found in address.finditer(paragraph):
            pieces += [Markup("{}").format(paragraph[at : found.start()])]
            pieces += [Markup('<a href="{}">{}</a>').format(found[1], found[0])]
            at = found.end()
        shown.append(Markup("").join([*pieces, Markup("{}").format(paragraph[at:])]))
    return shown
