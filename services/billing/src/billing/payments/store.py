"""Payments in MongoDB, in each of the forms that releases give them (ADR 0022).

The next release keeps a payment as a document of its own, in the collection `received`. This one reads that,
and writes a payment into the document of the attempt by which it came: whole, and beside it by the fields by
which the release before knows it. A payment that is told by those fields alone is read by them.
"""

from dataclasses import replace

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
MIGRATED_AT_ONCE = 100

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
        chosen = {"organisation_id": scope.organisation_id, "family_id": family_id}
        received = self._received.find(chosen).sort("received_at", -1).limit(LISTED_MAX)
        attempts = self._attempts.find({**chosen, **IN_ATTEMPT}).sort("paid_at", -1).limit(LISTED_MAX)
        told = each_once(
            (MAPPER.from_document(Payment, each) for each in received),
            (payment_in(each) for each in attempts),
        )
        return told[:LISTED_MAX]

    def of_attempt(self, scope: Scope, attempt_id: str) -> Payment | None:
        """Return the payment that an attempt ended in."""
        received = self._received.find_one(
            {"organisation_id": scope.organisation_id, "attempt_id": attempt_id}
        )
        if received is not None:
            return MAPPER.from_document(Payment, received)
        found = self._attempts.find_one({"_id": key(scope.organisation_id, attempt_id), **IN_ATTEMPT})
        return payment_in(found) if found else None

    def receipted(
        self, session: ClientSession, scope: Scope, payment: Payment, stamp: Stamp
    ) -> tuple[Payment, Document]:
        """Return a payment with its receipt number, and the fields by which its attempt's document holds it.

        The store of attempts writes them, in the transaction that books the money.
        """
        number = self._offices.take_number(session, scope, Series.RECEIPT, payment.office, stamp.at)
        numbered = replace(payment, receipt_number=number)
        document = MAPPER.to_document(numbered)
        told_before = {
            "receipt_number": number,
            "paid_at": document["received_at"],
            "authorisation": payment.reference,
        }
        known = {name: value for name, value in told_before.items() if value is not None}
        return numbered, {**known, "payment": {**document, "actor": stamp.actor.as_document()}}


def add_payments(database: Db) -> int:
    """Put the payment beside each attempt that was paid in an earlier release; returns how many got one.

    Where the money went is read in the journal: what the entry gave to a new credit note was not needed.
    """
    due = database["payments"].find({**IN_ATTEMPT, "payment": {"$exists": False}})
    found = list(due.limit(MIGRATED_AT_ONCE))
    for attempt in found:
        payment = payment_in(attempt)
        entry_id = key(attempt["organisation_id"], f"{EntryKind.PAYMENT}:{payment.id}")
        entry = database["journal"].find_one({"_id": entry_id}, {"uses": 1}) or {"uses": []}
        allocated = payment.amount_cents + sum(min(cents, 0) for _, cents in entry["uses"])
        allocations = (Allocation(attempt["settlement_id"], allocated),) if allocated else ()
        database["payments"].update_one(
            {"_id": attempt["_id"], "payment": {"$exists": False}},
            {"$set": {"payment": MAPPER.to_document(replace(payment, allocations=allocations))}},
        )
    return len(found)


def payment_in(found: Document) -> Payment:
    """Return the payment of an attempt's document, also of one that an earlier release wrote.

    That one did not say what the money was allocated to; the journal does, and `add_payments` reads it there.
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
