"""Bookings that will be charged later, in MongoDB, as booking told of them last."""

from collections.abc import Iterable
from datetime import date

from pymongo import UpdateOne

from billing.consumption.model import Consumption, Expectation
from billing.vocabulary import Document, key
from chassis.storage.documents import Form, Mapper
from chassis.storage.mongo import Db, insert_missing, keep_newest
from chassis.values.scope import Scope

TO_COME_MAX = 2_000

MAPPER = Mapper(Form(Expectation, inlined={"consumption"}))


class ConsumptionStore:
    """A family's days to come: `consumptions`, by booking."""

    def __init__(self, database: Db) -> None:
        self._consumptions = database["consumptions"]

    @staticmethod
    def ensure_indexes(database: Db) -> None:
        """Create the indexes."""
        by_day = [("organisation_id", 1), ("family_id", 1), ("state", 1), ("day", 1)]
        database["consumptions"].create_index(by_day, name="consumptions_of_family")

    def expect(self, scope: Scope, coming: Iterable[Expectation]) -> None:
        """Keep bookings that will be charged later, but for those that were cancelled since."""
        known = insert_missing(self._consumptions, [_document(scope, each) for each in coming])
        if known:
            self._consumptions.bulk_write([_later(document) for document in known], ordered=False)

    def forget(self, scope: Scope, booking_id: str, sequence: int) -> None:
        """Keep that a booking will not be charged; an acceptance that is told late changes nothing."""
        cancelled = {"organisation_id": scope.organisation_id, "state": "cancelled"}
        keep_newest(self._consumptions, {"_id": key(scope.organisation_id, booking_id)}, cancelled, sequence)

    def to_come(self, scope: Scope, family_id: str, from_on: date, until_on: date) -> list[Consumption]:
        """Return a family's bookings of a span that will be charged, by day."""
        found = self._consumptions.find(
            {
                "organisation_id": scope.organisation_id,
                "family_id": {"$in": scope.file_of(family_id)},
                "state": "to_charge",
                "day": {"$gte": from_on.isoformat(), "$lte": until_on.isoformat()},
            }
        )
        return [MAPPER.from_document(Consumption, each) for each in found.sort("day", 1).limit(TO_COME_MAX)]


def _later(document: Document) -> UpdateOne:
    """Return what replaces all that is known of a booking, unless that is news of later."""
    who = {"_id": document["_id"], "sequence": {"$lt": document["sequence"]}}
    return UpdateOne(who, {"$set": {name: value for name, value in document.items() if name != "_id"}})


def _document(scope: Scope, coming: Expectation) -> Document:
    return {
        "_id": key(scope.organisation_id, coming.consumption.booking_id),
        "organisation_id": scope.organisation_id,
        **MAPPER.to_document(coming),
        "state": "to_charge",
    }
