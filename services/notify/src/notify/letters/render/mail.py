"""A letter to one contact: subject, plain text and HTML.

A letter's own template (templates/<language>/<kind>.jinja) gives the parts, as `blocks` reads them; the two
layouts (letter.txt, letter.html) are shared by all kinds. Nothing here knows SMTP or the database.
"""

from collections.abc import Mapping
from typing import Any

import css_inline

from chassis.values import typography
from chassis.values.ids import derived_id
from notify.letters.model import Letter, Writer
from notify.letters.render import words
from notify.letters.render.blocks import written
from notify.letters.render.entries import shown
from notify.letters.rules import counts_of, credit_notes_of, dedupe_key, groups_of
from notify.outgoing.model import Message, MessageState, RenderedMail
from notify.vocabulary import Contact, Desk, MessageKind

BRAND = "#0b3c5d"
"""Behind the white letters of a head, where an organisation has no colour of its own."""
SUBJECT_MAX = 200
LINKS = {
    MessageKind.PAYMENT_ASKED: ("link_payment", "/pay/{settlement_id}"),
    MessageKind.RECEIPT: ("link_bookings", "/bookings"),
    MessageKind.CREDIT_NOTE: ("link_balance", "/balance"),
    MessageKind.SEAT_LOST: ("link_balance", "/balance"),
    MessageKind.PAYMENT_NOT_RECEIVED: ("link_balance", "/balance"),
}
BOOKINGS_LINK = ("link_bookings", "/bookings")


def render(letter: Letter, writer: Writer, contact: Contact, language: str) -> RenderedMail:
    """Return the mail that is written to one contact now; an unknown language falls back to French."""
    tongue, organisation = words.tongue(language), writer.organisation
    labels, template = words.labels(tongue), words.environment(tongue, organisation.time_zone)
    given = {**_given(letter, labels), "organisation": organisation}
    said = template.get_template(f"{tongue}/{letter.kind}.jinja").render(given)
    body = written(said, tongue)
    parts = {
        "labels": labels,
        "language": tongue,
        "colour": organisation.colour or BRAND,
        "body": body,
        "groups": shown(groups_of(letter), tongue, words.year_of(writer.now, organisation.time_zone)),
        "recipient": contact.name,
        "organisation": organisation,
        "contact": [typography.typeset(line, tongue) for line in _contact(organisation.help_desk)],
        "link": _link(letter, labels, writer.public_url),
        "settings_url": f"{writer.public_url}/preferences",
    }
    text = words.layouts(html=False).get_template("letter.txt").render(parts)
    html = words.layouts(html=True).get_template("letter.html").render(parts)
    subject = f"{organisation.name}{labels['colon']}{body.subject}"[:SUBJECT_MAX]
    return RenderedMail(subject, text, css_inline.inline(html))


def _given(letter: Letter, labels: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a letter's own template may speak of."""
    counts = counts_of(letter)
    return {
        "facts": letter.facts,
        "labels": labels,
        "counts": counts,
        "total": sum(counts.values()),
        "children": list(dict.fromkeys(group.child_name for group in groups_of(letter))),
        "credit_notes": credit_notes_of(letter),
    }


def _contact(desk: Desk) -> list[str]:
    """Return the lines that say where to find a person: where, then how and when."""
    lines = ((desk.name, desk.address), (desk.phone, desk.hours))
    return [", ".join(filter(None, line)) for line in lines if any(line)]


def _link(letter: Letter, labels: Mapping[str, Any], public_url: str) -> dict[str, str]:
    label, path = LINKS.get(letter.kind, BOOKINGS_LINK)
    match letter.kind, letter.facts.get("payment"):
        case MessageKind.CONFIRMATION, {"state": "due"}:
            label, path = "link_payment", "/pay/{confirmation_id}"
    return {"label": labels[label], "url": public_url + path.format_map(letter.facts)}


def message_of(letter: Letter, writer: Writer, contact: Contact, content: RenderedMail) -> Message:
    """Return the letter as a message to one contact, queued from now on; the same for the same letter."""
    key, organisation_id, now = dedupe_key(letter, contact.email), writer.organisation.id, writer.now
    return Message(
        id=derived_id(organisation_id, key),
        organisation_id=organisation_id,
        family_id=letter.family_id,
        kind=letter.kind,
        dedupe_key=key,
        recipient=contact,
        content=content,
        state=MessageState.QUEUED,
        attempts=0,
        created_at=now,
        next_attempt_at=now,
        sent_at=None,
    )
