"""Reading everything at once, for the checks of invariants; never used by a door."""

from collections.abc import Iterator
from typing import Any

from pymongo.client_session import ClientSession
from pymongo.database import Database

from billing.store.documents import Document

COLLECTIONS = (
    "journal",
    "accounts",
    "credit_notes",
    "charges",
    "settlements",
    "payments",
    "series",
)


class Checks:
    """One consistent picture of the money, organisation by organisation."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self._database = database

    def organisations(self) -> list[str]:
        """List the organisations that have moved money or priced anything."""
        found: set[str] = set()
        for name in ("journal", "settlements", "payments"):
            found.update(self._database[name].distinct("organisation_id"))
        return sorted(found)

    def picture(self, organisation_id: str) -> dict[str, list[Document]]:
        """Read all of an organisation's documents in one snapshot, by collection."""
        with self._database.client.start_session(snapshot=True) as session:
            return {name: list(self._all(name, organisation_id, session)) for name in COLLECTIONS}

    def _all(self, name: str, organisation_id: str, session: ClientSession) -> Iterator[Document]:
        yield from self._database[name].find({"organisation_id": organisation_id}, session=session)
