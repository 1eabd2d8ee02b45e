"""Which way the database went to answer: by an index, or through a whole collection."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pymongo.database import Database


@contextmanager
def recorded(database: Database[dict[str, Any]]) -> Iterator[list[tuple[str, str]]]:
    """Yield a list that holds, afterwards, each (collection, plan) that the database was asked inside.

    A plan that says COLLSCAN read every document of the collection.
    """
    plans: list[tuple[str, str]] = []
    database.command("profile", 2)
    try:
        yield plans
    finally:
        database.command("profile", 0)
    entries = database["system.profile"].find({"planSummary": {"$exists": True}})
    plans.extend((entry["ns"].split(".", 1)[1], entry["planSummary"]) for entry in entries)
