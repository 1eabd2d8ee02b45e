"""What a migration is, and the step that most of them are made of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pymongo.collection import Collection
from pymongo.database import Database

BATCH = 500
"""Documents that one step changes: well within the time of an operation, and soon done again after a kill."""

Step = Callable[[Database[dict[str, Any]]], int]
"""Changes some of the documents that are not migrated yet and returns how many; 0 when none are left."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One change of what is stored: its number within the service, a sentence that says it, and its step."""

    number: int
    title: str
    step: Step


@dataclass(frozen=True, slots=True)
class Plan:
    """The migrations of one service, numbered from 1 without a gap; what was released is never taken out."""

    service: str
    migrations: tuple[Migration, ...]

    def __post_init__(self) -> None:
        numbers = [migration.number for migration in self.migrations]
        if numbers != list(range(1, len(numbers) + 1)):
            raise ValueError(
                f"the migrations of {self.service} are numbered {numbers}, not from 1 without a gap"
            )


def update_some(
    collection: Collection[dict[str, Any]],
    left: Mapping[str, Any],
    update: Mapping[str, Any] | Sequence[Mapping[str, Any]],
    at_most: int = BATCH,
) -> int:
    """Update some of the documents that match `left` and return how many there were.

    An updated document must not match any more. RuntimeError when all of them still do, for such a step would
    never end.
    """
    found = [each["_id"] for each in collection.find(left, {"_id": 1}).limit(at_most)]
    if not found:
        return 0
    some = {"_id": {"$in": found}}
    collection.update_many({"$and": [some, left]}, update)
    if collection.count_documents({"$and": [some, left]}) == len(found):
        raise RuntimeError(f"the update of {collection.name} leaves its documents as they were")
    return len(found)
