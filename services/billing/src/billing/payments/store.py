"""Payments in MongoDB: each a document of its own, in the collection `received` (ADR 0022).

Earlier releases left a payment in the document of the attempt by which it came: whole, or told by a few
fields alone. It is read there too, since the release before may run beside this one.
"""

from dataclasses import replace

from pymongo import UpdateOne
from pymongo.client_session import ClientSession

from billing.ledger.model import EntryKind
from billing.ledger.store.transactions import Stamp
from billing.offices.rules import Series
from billing.offices.store import OfficesStore
from billing.payments.model import Allocation, Method, Payment
from billing.payments.rules import each_once
from billing.vocabulary import Document, key
from chassis.storage.documents import Form, Mapper
from chassis.storage.mongo import Db
from chassis.values.scope import Scope

LISTED_MAX = 500
MIGRATED_AT_ONCE = 200

IN_ATTEMPT = {"state": "paid", "paid_at": {"$type": "date"}}
"""What finds the attempts in whose documents their payments stand."""

MAPPER = Mapper(Form(Payment, sparse=True))


class PaymentsStore:
    """Money that came in, by family: the collection `received`, and the paid attempts of `payments`."""

    def __init__(self, database: Db) -> None:
        self._received = database["received"]
        self._attempts = database["payments"]
        self._offices = OfficesStore(database)

    @staticmethod
    def ensure_indexes(database: Db) -> None:
        """Create the indexes. No receipt has the number of another, and an attempt ends in one payment."""
        for name in ("payments", "received"):
            database[name].create_index(
                [("organisation_id", 1), ("receipt_number", 1)],
                unique=True,
                partialFilterExpression={"receipt_number": {"$exists": True}},
                name="receipt_number",
            )
        database["payments"].create_index(
            [("organisation_id", 1), ("family_id", 1), ("state", 1), ("paid_at", -1)],
            name="payments_of_family",
        )
        database["received"].create_index(
            [("organisation_id", 1), ("family_id", 1), ("received_at", -1)], name="received_of_family"
        )
        database["received"].create_index(
            [("organisation_id", 1), ("attempt_id", 1)],
            unique=True,
            partialFilterExpression={"attempt_id": {"$exists": True}},
            name="received_by_attempt",
        )

    def of_family(self, scope: Scope, family_id: str) -> list[Payment]:
        """Return a family's payments, the latest first, each once wherever it stands."""
        chosen = {"organisation_id": scope.organisation_id, "family_id": {"$in": scope.file_of(family_id)}}
        received = self._received.find(chosen).sort("received_at", -1).limit(LISTED_MAX)
        attempts = self._attempts.find({**chosen, **IN_ATTEMPT}).sort("paid_at", -1).limit(LISTED_MAX)
        told = each_once(
            (MAPPER.from_document(Payment, each) for each in received),
            (payment_in(each) for each in attempts),
        )
        return told[:LISTED_MAX]

    def get(self, scope: Scope, family_id: str, payment_id: str) -> Payment | None:
        """Return one of a family's payments, wherever it stands."""
        whose = {"family_id": {"$in": scope.file_of(family_id)}}
        received = self._received.find_one({"_id": key(scope.organisation_id, payment_id), **whose})
        if received is not None:
            return MAPPER.from_document(Payment, received)
        chosen = {"organisation_id": scope.organisation_id, **whose, **IN_ATTEMPT}
        found = self._attempts.find_one({**chosen, "$or": [{"id": payment_id}, {"payment.id": payment_id}]})
        payment = payment_in(found) if found else None
        return payment if payment and payment.id == payment_id else None

    def of_attempt(self, scope: Scope, attempt_id: str) -> Payment | None:
        """Return the payment that an attempt ended in."""
        received = self._received.find_one(
            {"organisation_id": scope.organisation_id, "attempt_id": attempt_id}
        )
        if received is not None:
            return MAPPER.from_document(Payment, received)
        found = self._attempts.find_one({"_id": key(scope.organisation_id, attempt_id), **IN_ATTEMPT})
        return payment_in(found) if found else None

    def receive(self, session: ClientSession, scope: Scope, payment: Payment, stamp: Stamp) -> Payment:
        """Keep a payment with its receipt's number, in the transaction that books the money; return it."""
        number = self._offices.take_number(session, scope, Series.RECEIPT, payment.office, stamp.at)
        numbered = replace(payment, receipt_number=number)
        document = _document(scope.organisation_id, MAPPER.to_document(numbered))
        self._received.insert_one({**document, "actor": stamp.actor.as_document()}, session=session)
        return numbered


def add_payments(database: Db) -> int:
    """Put the payment beside each attempt that was paid in an earlier release; returns how many got one.

    The release before reads them there, and may be gone back to.
    """
    due = database["payments"].find({**IN_ATTEMPT, "payment": {"$exists": False}})
    found = list(due.limit(MIGRATED_AT_ONCE))
    for attempt in found:
        database["payments"].update_one(
            {"_id": attempt["_id"], "payment": {"$exists": False}},
            {"$set": {"payment": _told(database, attempt)}},
        )
    return len(found)


def keep_by_themselves(database: Db) -> int:
    """Keep each payment that stands in its attempt's document by itself too; returns how many there were.

    The attempt names it from then on. Who is killed in between is followed by who finds it kept already.
    """
    due = database["payments"].find({**IN_ATTEMPT, "payment_id": {"$exists": False}})
    found = list(due.limit(MIGRATED_AT_ONCE))
    kept, named = [], []
    for attempt in found:
        told = attempt.get("payment") or _told(database, attempt)
        payment = _document(attempt["organisation_id"], told)
        kept.append(UpdateOne({"_id": payment["_id"]}, {"$setOnInsert": payment}, upsert=True))
        named.append(UpdateOne({"_id": attempt["_id"]}, {"$set": {"payment_id": payment["id"]}}))
    if found:
        database["received"].bulk_write(kept, ordered=False)
        database["payments"].bulk_write(named, ordered=False)
    return len(found)


def _told(database: Db, attempt: Document) -> Document:
    """Return the document of a payment of the old fields; where the money went is read in the journal.

    What the entry gave to a new credit note was not needed.
    """
    payment = payment_in(attempt)
    entry_id = key(attempt["organisation_id"], f"{EntryKind.PAYMENT}:{payment.id}")
    entry = database["journal"].find_one({"_id": entry_id}, {"uses": 1}) or {"uses": []}
    allocated = payment.amount_cents + sum(min(cents, 0) for _, cents in entry["uses"])
    allocations = (Allocation(attempt["settlement_id"], allocated),) if allocated else ()
    return MAPPER.to_document(replace(payment, allocations=allocations))


def _document(organisation_id: str, told: Document) -> Document:
    """Return a payment's document as it stands by itself."""
    return {**told, "_id": key(organisation_id, told["id"]), "organisation_id": organisation_id}


def payment_in(found: Document) -> Payment:
    """Return the payment of an attempt's document, also of one that an earlier release wrote.

    That one did not say what the money was allocated to; the journal does, where the migrations read it.
    """
    if "payment" in found:
        return MAPPER.from_document(Payment, found["payment"])
    told = {
        **found,
        "method": Method.ONLINE.value,
        "received_at": found["paid_at"],
        "reference": found.get("authorisation"),
        "attempt_id": found["id"],
    }
    return MAPPER.from_document(Payment, told)
