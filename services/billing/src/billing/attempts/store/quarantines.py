"""Attempts in quarantine: who is being checked, how many there are, and what a cashier found out."""

from datetime import datetime
from typing import ClassVar

from pymongo.client_session import ClientSession

from billing.attempts.model import AttemptState, Checked, PaymentAttempt, Resolution
from billing.attempts.rules import booking
from billing.attempts.rules.quarantine import not_received, resolved
from billing.attempts.store.forms import MAPPER, OPEN_QUARANTINE
from billing.credit_notes.store import CreditNotesStore
from billing.ledger.store.transactions import Stamp, committed, tell
from billing.payments.store import PaymentsStore
from billing.settlements.rules.announcements import not_needed
from billing.vocabulary import Document, UnsentEvent, key
from chassis.running.gauges import COUNT_MAX, Gauge, Reading
from chassis.storage.mongo import Db
from chassis.values.ids import derived_id
from chassis.values.scope import Scope

LISTED_MAX = 100

QUARANTINED = Gauge("marelle_quarantined_payments", "Payments that wait for a cashier to look into them.")


class QuarantinesStore:
    """The attempts whose money a cashier has to look into, those resolved apart."""

    GAUGES: ClassVar[tuple[Gauge, ...]] = (QUARANTINED,)

    def __init__(self, database: Db) -> None:
        self._database = database
        self._quarantined = database["payments"]
        self._notes = CreditNotesStore(database)
        self._payments = PaymentsStore(database)

    @staticmethod
    def ensure_indexes(database: Db) -> None:
        """Create the index, of the few attempts that ever were quarantined; the gauge counts them all."""
        database["payments"].create_index(
            [("state", 1), ("organisation_id", 1)],
            partialFilterExpression={"state": AttemptState.QUARANTINED.value},
            name="payments_quarantined",
        )

    def count_quarantined(self) -> int:
        """Return how many wait for a cashier, in all organisations; at most 10,000 are counted."""
        return self._quarantined.count_documents(OPEN_QUARANTINE, limit=COUNT_MAX)

    def read_gauges(self, _now: datetime) -> list[Reading]:
        """Say how many wait for a cashier."""
        return [QUARANTINED.reads(self.count_quarantined())]

    def waiting(self, scope: Scope) -> list[PaymentAttempt]:
        """Return those that wait for a cashier of the scope's cash offices, the oldest first."""
        found = self._quarantined.find({**_of(scope), **OPEN_QUARANTINE}).sort("started_at", 1)
        return [MAPPER.from_document(PaymentAttempt, each) for each in found.limit(LISTED_MAX)]

    def of_family(self, scope: Scope, family_id: str) -> list[PaymentAttempt]:
        """Return a family's attempts that wait for a cashier."""
        own = {"family_id": {"$in": scope.file_of(family_id)}}
        found = self._quarantined.find({**_of(scope), **OPEN_QUARANTINE, **own}).limit(LISTED_MAX)
        return [MAPPER.from_document(PaymentAttempt, each) for each in found]

    def resolve(
        self, scope: Scope, attempt_id: str, resolution: Resolution, stamp: Stamp
    ) -> PaymentAttempt | str:
        """Keep what a cashier found out, with the money that came, and tell the family; or return a code.

        The same again changes nothing. Codes: not_found (also at another cash office), conflict (not in
        quarantine, or found out otherwise before).
        """

        def work(session: ClientSession) -> PaymentAttempt | str:
            chosen = {"_id": key(scope.organisation_id, attempt_id), **_of(scope)}
            found = self._quarantined.find_one(chosen, session=session)
            if found is None:
                return "not_found"
            attempt = MAPPER.from_document(PaymentAttempt, found)
            after = resolved(attempt, resolution)
            if after is None:
                return "conflict"
            if after is not attempt:
                self._keep(session, scope, after)
                told = self._outcome(session, scope, after, stamp)
                tell(self._database, session, scope, [told], stamp)
            return after

        return committed(self._database, work)

    def _keep(self, session: ClientSession, scope: Scope, attempt: PaymentAttempt) -> None:
        """Write the resolution, where none stands yet."""
        change: Document = {"quarantine": MAPPER.to_document(attempt)["quarantine"]}
        credited = attempt.quarantine and attempt.quarantine.resolution
        if credited and credited.outcome is Checked.CREDITED:
            change["payment_id"] = attempt.id
        self._quarantined.update_one(
            {"_id": key(scope.organisation_id, attempt.id), **OPEN_QUARANTINE},
            {"$set": change},
            session=session,
        )

    def _outcome(
        self, session: ClientSession, scope: Scope, attempt: PaymentAttempt, stamp: Stamp
    ) -> UnsentEvent:
        """Book what came as a credit note, if anything did, and return the one event that tells of it."""
        quarantine = attempt.quarantine
        if quarantine is None or quarantine.resolution is None:
            raise AssertionError("a resolved attempt has its resolution")
        settlement_id = attempt.parts[0].settlement_id
        if quarantine.resolution.outcome is Checked.NOTHING_CAME:
            return not_received(attempt)
        booked = booking.kept_as_credit(
            booking.came_after_all(attempt, quarantine, quarantine.resolution),
            attempt.parts,
            credit_note_id=derived_id("credit_note", attempt.id),
            now=stamp.at,
        )
        self._notes.keep(session, scope, booked.moved, stamp)
        payment = self._payments.receive(session, scope, booked.payment, stamp)
        return not_needed(payment, settlement_id, checked=True)


def _of(scope: Scope) -> Document:
    chosen: Document = {"organisation_id": scope.organisation_id}
    if scope.cash_office_ids is not None:
        chosen["office.id"] = {"$in": sorted(scope.cash_office_ids)}
    return chosen
