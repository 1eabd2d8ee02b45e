"""Invented families: who lives in a demo town.

The same seed gives the same people, so that a demo started over has the same logins. No name here is
meant to be anyone's: first names and family names are drawn independently from two short lists.
"""

import random
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

FAMILY_NAMES, GIVEN_NAMES = (
    block.split() for block in Path(__file__).with_name("names.txt").read_text(encoding="utf-8").split("\n\n")
)
CLASSES = ("PS", "MS", "GS", "CP", "CE1", "CE2", "CM1", "CM2")
ISSUED_FROM = 24
"""From this one on, every twentieth family logs in with an identifier that its town issued."""
STREETS = ("rue des Tilleuls", "allée du Lavoir", "avenue de la Gare", "place du Marché", "chemin des Vignes")


@dataclass(frozen=True)
class Child:
    """A child: `reference` is unique in the town, `families` name the files it belongs to."""

    reference: str
    first_name: str
    last_name: str
    birth_on: date
    school: str
    school_class: str
    families: tuple[str, ...]


@dataclass(frozen=True)
class Guardian:
    """A legal guardian: `login` is the mail address, or an identifier that the town issued.

    Who has an issued identifier may have given no address, which is then empty.
    """

    reference: str
    first_name: str
    last_name: str
    email: str
    login: str


@dataclass
class Family:
    """A family file: its guardians, who all have an account, and its children."""

    reference: str
    name: str
    language: str
    street: str
    guardians: list[Guardian] = field(default_factory=list)
    children: list[Child] = field(default_factory=list)


def plain(text: str) -> str:
    """Return the text in lower-case ASCII letters, as mail addresses want it."""
    stripped = unicodedata.normalize("NFD", text.lower())
    return "".join(letter for letter in stripped if letter.isascii() and letter.isalnum())


def inhabitants(  # noqa: PLR0913 - a town is all of these
    slug: str,
    families: int,
    children: int,
    schools: tuple[str, ...],
    today: date,
    *,
    newcomers: tuple[Guardian, ...] = (),
) -> list[Family]:
    """Return `families` files with `children` children in all, one to four each, spread over the schools.

    Every third family has a second guardian. Some log in with an identifier that the town issued, and half of
    these gave no mail address. Every fortieth child belongs to two files, as a child of separated parents
    does. The first files are those of the newcomers, who bring their name and login from another town.
    """
    draw = random.Random(slug)  # noqa: S311 - invented people, not secrets
    files = [_family(slug, number, draw) for number in range(1, families + 1)]
    for file, guardian in zip(files, newcomers, strict=False):
        file.name = guardian.last_name
        file.guardians[0] = replace(guardian, reference=file.guardians[0].reference)
    for number in range(1, children + 1):
        home = files[(number - 1) % families] if number <= families else draw.choice(files)
        other = (files[number % families].reference,) if number % 40 == 0 else ()
        birth_on = today.replace(month=1, day=1) - timedelta(days=draw.randint(3 * 366, 11 * 365 - 30))
        home.children.append(
            Child(
                reference=f"{slug[:2].upper()}{number:04d}",
                first_name=GIVEN_NAMES[(number * 13 + 5) % len(GIVEN_NAMES)],
                last_name=home.name,
                birth_on=birth_on,
                school=schools[int(home.reference[1:]) % len(schools)],
                school_class=_school_class(birth_on, today),
                families=(home.reference, *other),
            )
        )
    return files


def _school_class(birth_on: date, today: date) -> str:
    return CLASSES[min(len(CLASSES) - 1, max(0, today.year - birth_on.year - 3))]


def _family(slug: str, number: int, draw: random.Random) -> Family:
    name = FAMILY_NAMES[(number * 7) % len(FAMILY_NAMES)]
    family = Family(
        reference=f"F{number:04d}",
        name=name,
        language="en" if number % 25 == 0 else "fr",
        street=f"{draw.randint(1, 90)} {draw.choice(STREETS)}",
    )
    for rank in range(1, 2 + (number % 3 == 0)):
        first_name = GIVEN_NAMES[(number * 11 + rank * 17) % len(GIVEN_NAMES)]
        email = f"{plain(first_name)}.{plain(name)}{number}@{slug}.example"
        issued = rank == 1 and number >= ISSUED_FROM and number % 20 == ISSUED_FROM % 20
        login = f"{slug}-{number:04d}" if issued else email
        if issued and number % 40 != ISSUED_FROM % 40:
            email = ""
        family.guardians.append(Guardian(f"G{number:04d}-{rank}", first_name, name, email, login))
    return family
