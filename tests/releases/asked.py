"""What a family is told when it looks at everything that is its own, and what of it is not told any more."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.journeys.people import Person

LISTS = (
    "/activities",
    "/bookings?limit=100",
    "/centres",
    "/children",
    "/credit-notes",
    "/enrolments",
    "/families/me",
    "/messages",
    "/payments",
    "/periods",
    "/requests",
    "/settlements/due",
    "/wallets",
)
SHOWN = timedelta(weeks=4)


@dataclass(frozen=True)
class Told:
    """What somebody was told in one of their organisations, by what was asked."""

    login: str
    organisation_id: str
    answers: dict[str, Any]


def everything_told(person: Person, today: date) -> Iterator[Told]:
    """Have somebody look at all that is theirs, in each organisation that they belong to."""
    for membership in person.session()["memberships"]:
        consult(person, membership["organisation_id"])
        yield Told(
            person.login, membership["organisation_id"], {p: person.get(p) for p in _paths(person, today)}
        )


def told_again(person: Person, told: Told) -> dict[str, Any]:
    """Have somebody ask the same once more."""
    consult(person, told.organisation_id)
    return {path: person.get(path) for path in told.answers}


def consult(person: Person, organisation_id: str) -> None:
    """Switch to an organisation, unless it is the one that is consulted already."""
    if person.session()["organisation"]["id"] != organisation_id:
        person.switch(organisation_id)


def _paths(person: Person, today: date) -> Iterator[str]:
    yield from LISTS
    for child in person.get("/children")["data"]:
        yield f"/calendar?child={child['id']}&from={today}&to={today + SHOWN}"
    for request in person.get("/requests")["data"]:
        yield f"/requests/{request['id']}"


IN_ORDER_OF_NAMES = ("/centres.data", "/activities.data", ".series")
"""What stood in the order of bytes stands in that of the alphabet now: the same things are told."""


def as_estimated_now(wallets: dict[str, Any]) -> dict[str, Any]:
    """Return a balance page of then with the estimate of now: what is due lowers it, once."""
    owed = sum(max(Decimal(0), -_euros(line["balance"])) for line in wallets["data"])
    left = _euros(wallets["estimated_balance"]) - (_euros(wallets["amount_due"]) - owed)
    return {**wallets, "estimated_balance": {**wallets["estimated_balance"], "amount": f"{left:.2f}"}}


def _euros(money: dict[str, str]) -> Decimal:
    return Decimal(money["amount"])


def no_longer_told(told: Any, now: Any, where: str = "") -> Iterator[str]:
    """Name each place where something else, or nothing, is told now; what is told beside it is no matter."""
    if where.endswith("/wallets") and isinstance(told, dict):
        told = as_estimated_now(told)
    if isinstance(told, dict) and isinstance(now, dict):
        for name, value in told.items():
            yield from no_longer_told(value, now.get(name, "(nothing)"), f"{where}.{name}")
    elif isinstance(told, list) and isinstance(now, list) and len(told) == len(now):
        if where.endswith(IN_ORDER_OF_NAMES):
            told, now = (
                sorted(each, key=lambda one: one.get("id", one.get("activity_id"))) for each in (told, now)
            )
        for number, (value, other) in enumerate(zip(told, now, strict=True)):
            yield from no_longer_told(value, other, f"{where}[{number}]")
    elif told != now:
        yield f"{where}: {told!r} was told, now {now!r}"
