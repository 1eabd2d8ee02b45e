"""Payment attempts: the intent, its page, what a look-up finds, and the booking of the money.

A paid one names the payment that it ended in (ADR 0022).
"""

from dataclasses import replace
from datetime import datetime, timedelta

from pymongo.client_session import ClientSession

from billing.attempts.model import (
    ATTEMPT,
    FINAL_STATES,
    AttemptAsk,
    AttemptState,
    PageOpen,
    PaymentAttempt,
)
from billing.attempts.rules import booking, life
from billing.attempts.rules.quarantine import quarantine_of
from billing.attempts.store.debts import DebtsStore
from billing.attempts.store.forms import MAPPER, SPARSE
from billing.credit_notes.store import CreditNotesStore
from billing.ledger.store.transactions import Stamp, committed, tell
from billing.payments.model import Payment
from billing.payments.store import PaymentsStore
from billing.settlements.rules.announcements import not_needed, parts_paid
from billing.settlements.rules.settling import with_part
from billing.settlements.store import SettlementsStore
from billing.vocabulary import Document, ProviderResult, key
from chassis.running.failpoints import failpoint
from chassis.storage.mongo import Db
from chassis.values.ids import derived_id
from chassis.values.scope import Scope

ALSO_ASKED_MAX = 100
"""Keys that met one open attempt and are remembered, the latest ones: many times what a person can press."""


class AttemptsStore:
    """Attempts by their id, and what becomes of them; who is to be asked about them when is in `looks`."""

    def __init__(self, database: Db) -> None:
        self._database = database
        self._attempts = database["payments"]
        self._settlements = SettlementsStore(database)
        self._debts = DebtsStore(database)
        self._notes = CreditNotesStore(database)
        self._payments = PaymentsStore(database)

    @staticmethod
    def ensure_indexes(database: Db) -> None:
        """Create the indexes, by which the attempts at one order are found, and those that a key has met."""
        attempts = database["payments"]
        attempts.create_index([("organisation_id", 1), ("settlement_id", 1)], name="payments_of_settlement")
        attempts.create_index(
            [("organisation_id", 1), ("parts.settlement_id", 1)], name="attempts_at_settlement"
        )
        attempts.create_index(
            [("organisation_id", 1), ("also_asked.id", 1)],
            name="attempts_also_asked",
            partialFilterExpression={"also_asked.id": {"$exists": True}},
        )

    def begin(self, scope: Scope, ask: AttemptAsk, stamp: Stamp) -> PaymentAttempt | PageOpen | str:
        """Keep the intent to pay, or return the one that stands; else what `life.begin` says, or a code.

        Codes: not_found, idempotency_mismatch (the key was used with another body), nothing_due,
        payment_being_checked, hold_expired.
        """

        def work(session: ClientSession) -> PaymentAttempt | PageOpen | str:
            earlier = self._asked_before(session, scope, ask)
            if earlier is not None:
                return earlier
            debts = self._debts.asked_for(session, scope, ask, stamp.at)
            if debts is None:
                return "not_found"
            begun = life.begin(debts, ask, stamp.at)
            if not isinstance(begun, PaymentAttempt):
                return begun
            if begun.id != ask.attempt_id:
                self._ask_also(session, scope, begun, ask)
                return begun
            self._put(session, scope, begun, {"actor": stamp.actor.as_document()})
            self._debts.take(session, scope, begun, debts)
            failpoint("billing.start_payment.inside_commit")
            return begun

        return committed(self._database, work)

    def _asked_before(
        self, session: ClientSession, scope: Scope, ask: AttemptAsk
    ) -> PaymentAttempt | str | None:
        """Return what was asked under the key of `ask`: an attempt, or the refusal of another body.

        None where the key is new. It either began an attempt or met one that was open.
        """
        began = self.get(scope, ask.attempt_id, session)
        if began is not None:
            return began if began.body_sha256 == ask.body_sha256 else "idempotency_mismatch"
        named = {"organisation_id": scope.organisation_id, "also_asked.id": ask.attempt_id}
        met = self._attempts.find_one(named, session=session)
        if met is None or met["family_id"] not in scope.file_of(ask.family_id):
            return None
        if {"id": ask.attempt_id, "body_sha256": ask.body_sha256} not in met["also_asked"]:
            return "idempotency_mismatch"
        return MAPPER.from_document(PaymentAttempt, met)

    def _ask_also(
        self, session: ClientSession, scope: Scope, attempt: PaymentAttempt, ask: AttemptAsk
    ) -> None:
        """Keep with an open attempt which other key met it, and with which body."""
        met = {"id": ask.attempt_id, "body_sha256": ask.body_sha256}
        self._attempts.update_one(
            {"_id": key(scope.organisation_id, attempt.id)},
            {"$push": {"also_asked": {"$each": [met], "$slice": -ALSO_ASKED_MAX}}},
            session=session,
        )

    def redirect(
        self, scope: Scope, attempt: PaymentAttempt, page: tuple[str, str], look_up_at: datetime
    ) -> PaymentAttempt:
        """Return an attempt with its page: (the provider's reference, address).

        The first page stays when two callers fetched one each.
        """
        provider_reference, page_url = page
        self._attempts.update_one(
            {
                "_id": key(scope.organisation_id, attempt.id),
                "state": {"$in": ATTEMPT.sources("redirect")},
                "provider_reference": {"$exists": False},
            },
            {
                "$set": {
                    "state": AttemptState.REDIRECTED.value,
                    "provider_reference": provider_reference,
                    "page_url": page_url,
                    "look_up_at": look_up_at,
                }
            },
        )
        return self.get(scope, attempt.id) or attempt

    def get(
        self, scope: Scope, attempt_id: str, session: ClientSession | None = None
    ) -> PaymentAttempt | None:
        """Return an attempt by its id."""
        found = self._attempts.find_one({"_id": key(scope.organisation_id, attempt_id)}, session=session)
        return MAPPER.from_document(PaymentAttempt, found) if found else None

    def found(
        self, scope: Scope, attempt_id: str, result: ProviderResult, minute: timedelta, stamp: Stamp
    ) -> PaymentAttempt:
        """Keep what a look-up found. The first to find it paid books the money; others see it done."""

        def work(session: ClientSession) -> PaymentAttempt:
            attempt = self.get(scope, attempt_id, session)
            if attempt is None:
                raise LookupError(attempt_id)
            if attempt.state in FINAL_STATES:
                return attempt
            outcome = life.follow(attempt, result, stamp.at, minute)
            looked = replace(
                attempt,
                state=outcome.state,
                look_up_at=outcome.look_up_at,
                hinted=False,
            )
            if looked.state is AttemptState.QUARANTINED:
                looked = replace(looked, quarantine=quarantine_of(result, stamp.at))
                self._mark(session, scope, looked)
            if looked.state is not AttemptState.PAID:
                self._put(session, scope, looked)
                return looked
            payment = self._book(session, scope, looked, result, stamp)
            self._put(session, scope, looked, {"payment_id": payment.id})
            failpoint("billing.record_payment.inside_commit")
            return looked

        return committed(self._database, work)

    def expire(self, scope: Scope, attempt_id: str) -> None:
        """End an intent that never got a page: nobody can have paid it."""
        self._attempts.update_one(
            {
                "_id": key(scope.organisation_id, attempt_id),
                "state": {"$in": ATTEMPT.sources("run out")},
                "provider_reference": {"$exists": False},
            },
            {"$set": {"state": AttemptState.EXPIRED.value}, "$unset": {"look_up_at": ""}},
        )

    def release(self, scope: Scope, settlement_id: str, stamp: Stamp) -> bool:
        """Give reserved credit back where no payment can succeed any more; False when one still may."""

        def work(session: ClientSession) -> bool:
            being_paid = self._debts.offices_being_paid(session, scope, settlement_id, stamp.at)
            released = self._settlements.release(session, scope, settlement_id, being_paid, stamp)
            failpoint("billing.release.inside_commit")
            return released

        released = committed(self._database, work)
        if not released:
            self._settlements.look_again(scope, settlement_id, stamp.at)
        return released

    def _book(
        self,
        session: ClientSession,
        scope: Scope,
        attempt: PaymentAttempt,
        result: ProviderResult,
        stamp: Stamp,
    ) -> Payment:
        """Book the money of an attempt and return the payment that it ended in."""
        settlements = {}
        for named in attempt.parts:
            settlement = self._settlements.get(scope, named.settlement_id, session)
            if settlement is None:
                raise LookupError(named.settlement_id)
            settlements[settlement.id] = settlement
        booked = booking.book(
            booking.received(attempt, result, stamp.at),
            attempt.parts,
            settlements,
            self._notes.free(scope, attempt.family_id, session),
            credit_note_id=derived_id("credit_note", attempt.id),
            now=stamp.at,
        )
        self._notes.carry_out(session, scope, booked.moved, stamp)
        payment = self._payments.receive(session, scope, booked.payment, stamp)
        for settlement, _ in booked.settled:
            self._settlements.put(session, scope, settlement)
        told = parts_paid(booked.settled, payment, stamp.at)
        receipt = not_needed(payment, attempt.parts[0].settlement_id)
        tell(self._database, session, scope, told or [receipt], stamp)
        return payment

    def _mark(self, session: ClientSession, scope: Scope, attempt: PaymentAttempt) -> None:
        """Change the parts of a quarantined attempt: who begins to pay one meanwhile begins anew."""
        for named in attempt.parts:
            settlement = self._settlements.get(scope, named.settlement_id, session)
            if settlement is None:
                raise LookupError(named.settlement_id)
            part = next(each for each in settlement.parts if each.office.id == attempt.office.id)
            marked = replace(part, quarantines=part.quarantines + 1)
            self._settlements.put(session, scope, with_part(settlement, marked))

    def _put(
        self, session: ClientSession, scope: Scope, attempt: PaymentAttempt, beside: Document | None = None
    ) -> None:
        """Write an attempt over what it was; the transaction that read it notices anybody in between."""
        document = {
            **MAPPER.to_document(attempt),
            **(beside or {}),
            "organisation_id": scope.organisation_id,
        }
        absent = {name: "" for name in SPARSE if name not in document}
        change = {"$set": document, **({"$unset": absent} if absent else {})}
        self._attempts.update_one(
            {"_id": key(scope.organisation_id, attempt.id)}, change, upsert=True, session=session
        )
