"""From a letter to a mail's subject, plain text and HTML, in the family's language.

A letter's own template (templates/<language>/<kind>.jinja) gives the subject on its first line and paragraphs
after it; the two layouts (letter.txt, letter.html) are shared by all kinds. Nothing here knows SMTP or the
database.
"""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chassis.values import typography
from chassis.values.ids import derived_id
from notify.letters.model import Letter
from notify.letters.rules import dedupe_key
from notify.outgoing.model import Message, MessageState, RenderedMail
from notify.vocabulary import Contact, MessageKind, Organisation

TEMPLATES = Path(__file__).with_name("templates")
LANGUAGES = ("fr", "en")
LINKS = {
    MessageKind.PAYMENT_ASKED: ("link_payment", "/pay/{settlement_id}"),
    MessageKind.RECEIPT: ("link_bookings", "/bookings"),
    MessageKind.CREDIT_NOTE: ("link_balance", "/balance"),
    MessageKind.SEAT_LOST: ("link_balance", "/balance"),
    MessageKind.PAYMENT_NOT_RECEIVED: ("link_balance", "/balance"),
}
BOOKINGS_LINK = ("link_bookings", "/bookings")
BREAKABLE = re.compile(r"[ \n\t]+")
"""What a paragraph may be broken at; spaces that must not break are none of it."""


def render(
    letter: Letter, organisation: Organisation, contact: Contact, language: str, public_url: str
) -> RenderedMail:
    """Return the mail for one contact; an unknown language falls back to French."""
    tongue = language if language in LANGUAGES else LANGUAGES[0]
    labels = _labels(tongue)
    facts = letter.facts
    body = _environment(tongue, organisation.time_zone).get_template(f"{tongue}/{letter.kind}.jinja")
    subject, *paragraphs = _paragraphs(body.render(facts=facts, labels=labels))
    parts = {
        "labels": labels,
        "language": tongue,
        "subject": subject,
        "paragraphs": paragraphs,
        "rows": _rows(facts, labels, tongue),
        "recipient": contact.name,
        "organisation": organisation,
        "link": _link(letter, labels, public_url),
    }
    text = _environment(tongue, organisation.time_zone).get_template("letter.txt").render(parts)
    html = _html_environment().get_template("letter.html").render(parts)
    return RenderedMail(f"{organisation.name}{labels['colon']}{subject}"[:200], text, css_inline.inline(html))


@cache
def _labels(language: str) -> dict[str, Any]:
    labels: dict[str, Any] = json.loads((TEMPLATES / language / "labels.json").read_text(encoding="utf-8"))
    return labels


@cache
def _environment(language: str, time_zone: str) -> Environment:
    """Plain text: nothing is escaped, for there is nothing to escape in it."""
    environment = Environment(  # noqa: S701 - text/plain; the HTML environment escapes
        loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, keep_trailing_newline=True
    )
    environment.filters["money"] = lambda cents: typography.money(cents, language)
    environment.filters["day"] = lambda day: _day(day, language)
    environment.filters["instant"] = lambda at: typography.instant(at.isoformat(), time_zone, language)
    environment.filters["moment"] = lambda at: typography.moment(at.isoformat(), time_zone, language)
    return environment


@cache
def _html_environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        keep_trailing_newline=True,
    )


def _paragraphs(text: str) -> list[str]:
    return [BREAKABLE.sub(" ", block.strip(" \n\t")) for block in text.split("\n\n") if block.strip()]


def _day(day: date, language: str) -> str:
    return typography.day(day.isoformat(), language)


def _rows(facts: Mapping[str, Any], labels: Mapping[str, Any], language: str) -> list[tuple[str, ...]]:
    """Return a row per line of a confirmation or a closing: date, activity, child, what became of it."""
    return [
        (_day(line["day"], language), line["activity_name"], line["child_name"], _outcome(line, labels))
        for line in facts.get("lines", ())
    ]


def _outcome(line: Mapping[str, Any], labels: Mapping[str, Any]) -> str:
    if "action" not in line:  # a day that was closed, or is open again
        return str(labels["ended"][line["was"]] if "was" in line else labels["open_again"])
    asked, became = line["action"], line["verdict"]
    said = labels["said"].get(f"{asked} {became}")
    said = said or f"{labels['actions'][asked]} {labels['verdicts'][became]}"
    if line["reason"]:
        return f"{said} ({labels['reasons'].get(line['reason'], line['reason'])})"
    if became == "waitlisted" and line["rank"]:
        return f"{said} ({labels['rank']} {line['rank']})"
    return said


def _link(letter: Letter, labels: Mapping[str, Any], public_url: str) -> dict[str, str]:
    label, path = LINKS.get(letter.kind, BOOKINGS_LINK)
    facts = letter.facts
    match letter.kind, facts.get("payment"):
        case MessageKind.CONFIRMATION, {"state": "due"}:
            label, path = "link_payment", "/pay/{confirmation_id}"
    return {"label": labels[label], "url": public_url + path.format_map(facts)}


def message_of(
    letter: Letter, organisation_id: str, contact: Contact, content: RenderedMail, now: datetime
) -> Message:
    """Return the letter as a message to one contact, queued from now on; the same for the same letter."""
    key = dedupe_key(letter, contact.email)
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
