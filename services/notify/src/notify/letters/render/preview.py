"""Every mail as it would be read, for those who look after the texts: made of invented facts.

The facts (samples.json) come as events do, and go the way of all letters; no text stands here a second time.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chassis.values.event import Event
from notify.letters.model import Letter, Writer
from notify.letters.render import words
from notify.letters.render.mail import render
from notify.letters.rules import (
    GATHERED,
    digest_letter,
    gathered_letter,
    letter_of,
    seats_to_pay,
    settled_bookings,
    with_seats,
)
from notify.news.model import News, Thing
from notify.news.rules import news_of
from notify.outgoing.model import RenderedMail
from notify.ports.facts import read_fact
from notify.ports.tolerant import Day
from notify.vocabulary import Contact, Desk, MessageKind, Organisation

SAMPLES = Path(__file__).parents[1] / "samples.json"
READER = Contact("Karine Valbonne", "karine.valbonne@carteville.example")
TOWN = Organisation(
    id="o1",
    name="Mairie de Carteville",
    slug="carteville",
    time_zone="Europe/Paris",
    help_desk=Desk(
        "Service enfance",
        "12 place du Marché, 99150 Carteville",
        "05 00 00 01 50",
        "lundi à vendredi, 8 h 30 \u2013 12 h et 13 h 30 \u2013 17 h",
    ),
)
WRITER = Writer(TOWN, "https://carteville.example", datetime(2026, 11, 29, 9, 12, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Sample:
    """A mail in a language; `name` is that of its files."""

    name: str
    kind: str
    language: str
    mail: RenderedMail


def letters() -> Iterator[tuple[str, Letter]]:
    """Give each sample's name and its letter; the names of kinds with several say which case it is."""
    for sample in json.loads(SAMPLES.read_text(encoding="utf-8")):
        letter = _letter(sample["told"], sample.get("held", ()), digest=sample.get("digest", False))
        if letter is None:
            raise ValueError(f"nothing is written about {sample}")
        yield "-".join(filter(None, (letter.kind.value, sample["name"]))), letter


def samples() -> Iterator[Sample]:
    """Give every sample in every language."""
    for name, letter in letters():
        for language in words.LANGUAGES:
            mail = render(letter, WRITER, READER, language)
            yield Sample(f"{name}.{language}", letter.kind.value, language, mail)


def write(folder: Path) -> int:
    """Write every sample as HTML and text into a folder, with a page that shows them; return how many."""
    folder.mkdir(parents=True, exist_ok=True)
    found = list(samples())
    for each in found:
        (folder / f"{each.name}.html").write_text(each.mail.html, encoding="utf-8")
        (folder / f"{each.name}.txt").write_text(f"{each.mail.subject}\n\n{each.mail.text}", encoding="utf-8")
    page = words.layouts(html=True).get_template("preview.html").render(samples=found)
    (folder / "index.html").write_text(page, encoding="utf-8")
    return len(found)


def _letter(
    told: Sequence[Mapping[str, Any]], held: Sequence[Mapping[str, Any]], *, digest: bool
) -> Letter | None:
    """Return the letter that events make: what is gathered or digested, as it waits with others.

    `held` are the seats that a payment is for, as an earlier event told them.
    """
    facts = [_facts(each["event"], each["data"], held) for each in told]
    first = letter_of(told[0]["event"], facts[0], "e0")
    if first is not None and first.kind not in GATHERED and not digest:
        return first
    about = MessageKind.DIGEST if digest or first is None else first.kind
    news = [_news(about, number, each["event"], each["data"]) for number, each in enumerate(told)]
    if digest:
        return digest_letter(news, WRITER.now.date())
    return gathered_letter(news, facts)


def _facts(event: str, data: Mapping[str, Any], held: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    facts = read_fact(event, data)
    if not settled_bookings(event, facts):
        return facts
    lines = [{**Day().load(each), "booking_id": each["booking_id"], "verdict": "held"} for each in held]
    seats = seats_to_pay("confirmation_answered", {"lines": lines})
    return with_seats(facts, {seat.booking_id: seat for seat in seats})


def _news(about: MessageKind, number: int, name: str, data: Mapping[str, Any]) -> News:
    event = Event(f"e{number}", name, 1, TOWN.id, "a", number, WRITER.now, None, "r", dict(data))
    return news_of(event, Thing(event.id), about, READER, WRITER.now)
