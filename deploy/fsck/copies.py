"""What services keep of what others own: each word was heard, the last one too."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from pymongo.database import Database

Db = Database[dict[str, Any]]
Heard = dict[str, int]
"""By the id of a thing, the sequence of the last word that was heard of it."""


def check(databases: Mapping[str, Db], before: datetime) -> Iterator[str]:
    """Every copy is as new as its original, as far as that was told before `before`."""
    for (owner, collection), keepers in COPIES.items():
        said = _said(databases[owner], collection, before)
        for keeper, heard_by in keepers.items():
            heard = heard_by(databases[keeper])
            yield from (
                f"{keeper}: {collection} {one} is kept as of {heard.get(one)}, {owner} has told {sequence}"
                for one, sequence in said.items()
                if heard.get(one, -1) < sequence
            )


def _said(owner: Db, collection: str, before: datetime) -> Heard:
    lately = owner["outbox"].find({"occurred_at": {"$gte": before}}, {"aggregate_id": 1})
    young = {row["aggregate_id"] for row in lately}
    rows = owner[collection].find({}, {"sequence": 1})
    return {row["_id"]: row["sequence"] for row in rows if row["_id"] not in young}


def _by_id(collection: str) -> Callable[[Db], Heard]:
    rows = {"sequence": {"$exists": True}}
    return lambda keeper: {row["_id"]: row["sequence"] for row in keeper[collection].find(rows)}


def _families(keeper: Db) -> Heard:
    return {row["family_id"]: row["sequence"] for row in keeper["families"].find()}


def _enrolments(booking: Db) -> Heard:
    children = booking["children"].find({"enrolments": {"$exists": True}})
    return {one: kept["sequence"] for child in children for one, kept in child["enrolments"].items()}


COPIES: dict[tuple[str, str], dict[str, Callable[[Db], Heard]]] = {
    ("identity", "organisations"): dict.fromkeys(("booking", "billing", "notify"), _by_id("organisations")),
    ("family", "families"): {"identity": _by_id("families"), "billing": _families, "notify": _families},
    ("family", "children"): {"booking": _by_id("children")},
    ("family", "enrolments"): {"booking": _enrolments},
}
"""By who owns what: who keeps a copy, and what they have heard (`docs/adr/0009`)."""
