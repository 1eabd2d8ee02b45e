"""Payments: the intent, its page, what look-ups find, and the money in the transaction that ends it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from pymongo.client_session import ClientSession
from pymongo.database import Database

from billing.attempts import rules
from billing.attempts.model import Payment, PaymentAsk, PaymentState
from billing.copies.store import committed, key, organisation_of
from billing.credit_notes.model import CreditNote
from billing.credit_notes.rules import oldest_first
from billing.credit_notes.store import note_from
from billing.payments.store import payment_from, put_payment
from billing.settlements.model import Settlement
from billing.settlements.rules.settling import with_part
from billing.settlements.store import carry_out, put_settlement, settlement_from
from billing.vocabulary import ProviderResult
from chassis.running.failpoints import failpoint
from chassis.values.context import Context
from chassis.values.ids import derived_id

LISTED_MAX = 500
LOOK_UPS_MAX = 50


class Payments:
    """Attempts to pay, found by their id, by the provider's reference, or because it is time to ask again."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self._database = database

    def begin(self, context: Context | str, ask: PaymentAsk, family_id: str, now: datetime) -> Payment | str:
        """Keep the intent to pay, or give the one that stands; else a refusal's code.

        Codes: not_found, idempotency_mismatch (the key was used with another body), nothing_due,
        hold_expired.
        """
        organisation_id = organisation_of(context)

        def work(session: ClientSession) -> Payment | str:
            earlier = self._get(organisation_id, ask.payment_id, session)
            if earlier is not None:
                same = earlier.body_sha256 == ask.body_sha256
                return earlier if same else "idempotency_mismatch"
            settlement = self._settlement(organisation_id, ask.settlement_id, session)
            if settlement is None or settlement.family_id != family_id:
                return "not_found"
            part = rules.due_part(settlement, ask.cash_office_id)
            current = (
                self._get(organisation_id, part.payment_id, session) if part and part.payment_id else None
            )
            begun = rules.begin(settlement, ask, current, now)
            if isinstance(begun, str) or part is None or begun.id != ask.payment_id:
                return begun
            put_payment(self._database, session, organisation_id, begun)
            marked = with_part(settlement, replace(part, payment_id=begun.id))
            # Writing the settlement makes a second payment of the part, or its release, wait for this one.
            put_settlement(self._database, session, organisation_id, marked)
            failpoint("billing.start_payment.inside_commit")
            return begun

        return committed(self._database, work)

    def redirect(
        self,
        context: Context | str,
        payment: Payment,
        provider_reference: str,
        page_url: str,
        look_up_at: datetime,
    ) -> Payment:
        """Keep the provider's page of an intent; the first page stays when two callers fetched one each."""
        organisation_id = organisation_of(context)
        self._database["payments"].update_one(
            {
                "_id": key(organisation_id, payment.id),
                "state": PaymentState.CREATED.value,
                "provider_reference": {"$exists": False},
            },
            {
                "$set": {
                    "state": PaymentState.REDIRECTED.value,
                    "provider_reference": provider_reference,
                    "page_url": page_url,
                    "look_up_at": look_up_at,
                }
            },
        )
        found = self._get(organisation_id, payment.id, None)
        return found or payment

    def get(self, context: Context | str, payment_id: str) -> Payment | None:
        """Find a payment by its id."""
        return self._get(organisation_of(context), payment_id, None)

    def by_reference(self, context: Context | str, provider_reference: str) -> Payment | None:
        """Find a payment of the organisation by what the provider calls it."""
        found = self._database["payments"].find_one(
            {"organisation_id": organisation_of(context), "provider_reference": provider_reference}
        )
        return payment_from(found) if found else None

    def hinted(self, provider_reference: str) -> tuple[str, Payment] | None:
        """Find (organisation id, payment) for a provider's notification, which knows of no organisation."""
        found = self._database["payments"].find_one({"provider_reference": provider_reference})
        return (found["organisation_id"], payment_from(found)) if found else None

    def found(
        self,
        context: Context | str,
        payment_id: str,
        result: ProviderResult,
        now: datetime,
        minute: timedelta,
    ) -> Payment:
        """Keep what a look-up found. The first to find it paid books the money.

        Everybody else sees it done.
        """
        organisation_id = organisation_of(context)

        def work(session: ClientSession) -> Payment:
            payment = self._get(organisation_id, payment_id, session)
            if payment is None:
                raise LookupError(payment_id)
            outcome = rules.follow(payment, result, now, minute)
            if payment.state in rules.FINAL_PAYMENT_STATES:
                return payment
            looked = replace(
                payment, state=outcome.state, look_up_at=outcome.look_up_at, look_ups=payment.look_ups + 1
            )
            if outcome.state is not PaymentState.PAID:
                put_payment(self._database, session, organisation_id, looked)
                return looked
            paid = replace(looked, authorisation=result.authorisation, paid_at=result.paid_at or now)
            return self._book(context, paid, session, now)

        return committed(self._database, work)

    def expire(self, context: Context | str, payment_id: str) -> None:
        """End an intent that never got a page: nobody can have paid it."""
        self._database["payments"].update_one(
            {"_id": key(organisation_of(context), payment_id), "provider_reference": {"$exists": False}},
            {"$set": {"state": PaymentState.EXPIRED.value}, "$unset": {"look_up_at": ""}},
        )

    def postpone(self, context: Context | str, payment_id: str, look_up_at: datetime | None) -> None:
        """Set when to ask the provider again after it gave no answer; None gives up."""
        change = {"$set": {"look_up_at": look_up_at}} if look_up_at else {"$unset": {"look_up_at": ""}}
        self._database["payments"].update_one(
            {"_id": key(organisation_of(context), payment_id)}, {**change, "$inc": {"look_ups": 1}}
        )

    def paid_of(self, context: Context | str, family_id: str) -> list[Payment]:
        """List a family's payments that came in, the latest first."""
        found = self._database["payments"].find(
            {
                "organisation_id": organisation_of(context),
                "family_id": family_id,
                "state": PaymentState.PAID.value,
            }
        )
        return [payment_from(each) for each in found.sort("paid_at", -1).limit(LISTED_MAX)]

    def notes_of(self, context: Context | str, family_id: str) -> list[CreditNote]:
        """List a family's credit notes, used ones too, the latest first."""
        chosen = {"organisation_id": organisation_of(context), "family_id": family_id}
        found = self._database["credit_notes"].find(chosen).sort("issued_at", -1).limit(LISTED_MAX)
        return [note_from(each) for each in found]

    def to_look_up(self, now: datetime) -> list[tuple[str, Payment]]:
        """List payments of all organisations that it is time to ask about: (organisation id, payment)."""
        found = self._database["payments"].find({"look_up_at": {"$lte": now}})
        return [
            (each["organisation_id"], payment_from(each))
            for each in found.sort("look_up_at", 1).limit(LOOK_UPS_MAX)
        ]

    def _book(self, context: Context | str, paid: Payment, session: ClientSession, now: datetime) -> Payment:
        organisation_id = organisation_of(context)
        settlement = self._settlement(organisation_id, paid.settlement_id, session)
        if settlement is None:
            raise LookupError(paid.settlement_id)
        found = self._database["credit_notes"].find(
            {
                "organisation_id": organisation_id,
                "family_id": settlement.family_id,
                "left_cents": {"$gt": 0},
            },
            session=session,
        )
        notes = oldest_first(note_from(each) for each in found)
        changes = rules.book(paid, settlement, notes, derived_id("credit_note", paid.id), now)
        kept = carry_out(self._database, session, context, changes, now)
        failpoint("billing.record_payment.inside_commit")
        return kept.payment or paid

    def _get(self, organisation_id: str, payment_id: str, session: ClientSession | None) -> Payment | None:
        found = self._database["payments"].find_one(
            {"_id": key(organisation_id, payment_id)}, session=session
        )
        return payment_from(found) if found else None

    def _settlement(
        self, organisation_id: str, settlement_id: str, session: ClientSession
    ) -> Settlement | None:
        found = self._database["settlements"].find_one(
            {"_id": key(organisation_id, settlement_id)}, session=session
        )
        return settlement_from(found) if found else None
