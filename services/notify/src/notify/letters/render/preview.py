"""Every mail as it would be read, for those who look after the texts: made of invented facts.

The facts (samples.json) come as events do, and go the way of all letters; no text stands here a second time.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from notify.letters.model import Letter, Writer
from notify.letters.render import words
from notify.letters.render.mail import render
from notify.letters.rules import letter_of
from notify.outgoing.model import RenderedMail
from notify.ports import billing, booking
from notify.vocabulary import Contact, Desk, Organisation

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
    for told in json.loads(SAMPLES.read_text(encoding="utf-8")):
        letter = letter_of(told["event"], _read(told["event"], told["data"]))
        if letter is None:
            raise ValueError(f"nothing is written about {told['event']} {told['name']}")
        yield "-".join(filter(None, (letter.kind.value, told["name"]))), letter


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


def _read(event: str, data: Mapping[str, Any]) -> dict[str, Any]:
    return booking.read_fact(event, data) if event in booking.FACTS else billing.read_fact(event, data)
