"""Closings: one document per centre and span of days, changed only as it was seen."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from pymongo import ASCENDING
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from booking.closures.model import CLOSING, Closing, ClosingAct
from chassis.storage.documents import KEY, Document, Form, Mapper
from chassis.storage.mongo import in_transaction
from chassis.values.scope import Scope

MAPPER = Mapper(Form(Closing, names=KEY))


class Closings:
    """The closings of an organisation, and those of all that are not finished or not told."""

    def __init__(self, database: Database[Document]) -> None:
        self._database = database
        self._rows, self._outbox = database["closings"], database["outbox"]

    @staticmethod
    def ensure_indexes(database: Database[Document]) -> None:
        """Create the indexes of an organisation's list and of what is to be told."""
        closings = database["closings"]
        closings.create_index([("organisation_id", ASCENDING), ("starts_on", ASCENDING)], name="closings")
        closings.create_index(
            [("changed_at", ASCENDING)], name="untold", partialFilterExpression={"told": False}
        )

    def find(self, scope: Scope, closing_id: str) -> Closing | None:
        """One of the organisation's closings."""
        row = self._rows.find_one({"_id": closing_id, "organisation_id": scope.organisation_id})
        return None if row is None else MAPPER.from_document(Closing, row)

    def all(self, scope: Scope) -> list[Closing]:
        """The closings of the organisation, the first day first."""
        found = self._rows.find({"organisation_id": scope.organisation_id}).sort("starts_on", ASCENDING)
        return [MAPPER.from_document(Closing, row) for row in found]

    def move(self, scope: Scope, wanted: Closing, act: ClosingAct) -> Closing | None:
        """Keep a closing that was begun or ended, one version on; None when it is not as it was seen.

        `wanted` holds the version that was seen, 0 where there was none.
        """
        moved = replace(wanted, version=wanted.version + 1, told=False)
        row = MAPPER.to_document(moved)
        if wanted.version == 0:
            try:
                self._rows.insert_one(row)
            except DuplicateKeyError:
                return None
            return moved
        as_seen = {"version": wanted.version, "state": {"$in": CLOSING.sources(act)}}
        who = {"_id": wanted.id, "organisation_id": scope.organisation_id}
        return moved if self._rows.replace_one({**who, **as_seen}, row).matched_count else None

    def finish(self, scope: Scope, closing: Closing, act: ClosingAct) -> Closing:
        """Keep that all its days are closed or open; who finishes second changes nothing."""
        state = CLOSING.after(closing.state, act) or closing.state
        as_seen = {"version": closing.version, "state": closing.state.value}
        who = {"_id": closing.id, "organisation_id": scope.organisation_id}
        self._rows.update_one({**who, **as_seen}, {"$set": {"state": state.value}})
        return replace(closing, state=state)

    def untold(self, before: datetime, limit: int) -> list[Closing]:
        """Closings of all organisations that nobody was told of, begun before an instant."""
        query = {"told": False, "changed_at": {"$lte": before}}
        return [MAPPER.from_document(Closing, row) for row in self._rows.find(query).limit(limit)]

    def tell(self, scope: Scope, closing: Closing, rows: Sequence[Document]) -> bool:
        """Keep the events of a closing to be sent, once; False when they were kept before."""
        who = {"_id": closing.id, "organisation_id": scope.organisation_id}
        as_seen = {"version": closing.version, "state": closing.state.value, "told": False}

        def work(session: ClientSession) -> bool:
            kept = self._rows.update_one({**who, **as_seen}, {"$set": {"told": True}}, session=session)
            if kept.matched_count and rows:
                self._outbox.insert_many(rows, session=session)
            return kept.matched_count == 1

        return in_transaction(self._database, work)
