"""What services name of one another's things: each is there, whoever was imported first."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from pymongo.database import Database

from deploy.fsck import sessions

Db = Database[dict[str, Any]]
Named = Iterable[tuple[str, str]]
"""Who names something, in words, and the id that is named."""


class Reference(NamedTuple):
    """Where a service names what another one owns, or it itself: `names` reads who names what."""

    by: str
    names: Callable[[Db], Named]
    owner: str
    collection: str


def check(databases: Mapping[str, Db]) -> Iterator[str]:
    """Everything that is named is there, in the service that owns it."""
    for reference in REFERENCES:
        there = {row["_id"] for row in databases[reference.owner][reference.collection].find({}, {"_id": 1})}
        owned = f"the {reference.collection} of {reference.owner}"
        yield from (
            f"{reference.by}: {who} names {one}, which is not among {owned}"
            for who, one in reference.names(databases[reference.by])
            if one not in there
        )


def _column(collection: str, column: str, what: str) -> Callable[[Db], Named]:
    """Return how the ids are read that stand in a column of a collection, each with one that names it."""

    def names(database: Db) -> Named:
        rows = database[collection].find({}, {column: 1})
        first = {row[column]: f"{what} {row['_id']}" for row in rows if row.get(column)}
        return [(who, one) for one, who in first.items()]

    return names


def _memberships(kind: str, part: int) -> Callable[[Db], Named]:
    """Return how the ids are read that memberships have in one place of their families or grants."""

    def names(identity: Db) -> Named:
        for row in identity["accounts"].find():
            for each in sessions.belongings(row, row["memberships"]):
                if each[0] == kind and each[part]:
                    yield f"account {row['_id']}", str(each[part])

    return names


REFERENCES = (
    Reference("identity", _memberships("family", 2), "family", "families"),
    Reference("identity", _memberships("family", 3), "family", "guardians"),
    Reference("identity", _memberships("grant", 3), "booking", "centres"),
    Reference("identity", _memberships("grant", 4), "billing", "cash_offices"),
    Reference("family", _column("enrolments", "activity_id", "enrolment"), "booking", "activities"),
    Reference("billing", _column("tariffs", "activity_id", "tariff"), "booking", "activities"),
    Reference("billing", _column("charges", "family_id", "charge"), "family", "families"),
    Reference("booking", _column("bookings", "family_id", "booking"), "family", "families"),
    Reference("booking", _column("bookings", "activity_id", "booking"), "booking", "activities"),
)
