"""Settlements, the charges they make and the avoirs they use.

Each decision read, taken and kept in one transaction.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from billing.model import (
    OPEN_PAYMENT_STATES,
    Charge,
    CreditNote,
    CreditReason,
    Order,
    PartState,
    PaymentState,
    Settlement,
)
from billing.rules import credit_notes, settlements
from billing.store.documents import charge_from, note_from, settlement_document, settlement_from
from billing.store.effects import carry_out
from billing.store.keys import committed, key, organisation_of
from chassis.running.failpoints import failpoint
from chassis.values.context import Context
from chassis.values.errors import Refused
from chassis.values.ids import derived_id

DUE_MAX = 100
LOOK_AGAIN = timedelta(seconds=30)


class Settlements:
    """What is owed for confirmations and promotions, and what was given back."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self._database = database

    def get(self, context: Context | str, settlement_id: str) -> Settlement | None:
        """Find a settlement by its id."""
        return self._get(organisation_of(context), settlement_id, None)

    def charges(self, context: Context | str, booking_ids: Iterable[str]) -> dict[str, Charge]:
        """Find what bookings were charged, by booking id."""
        return self._charges(organisation_of(context), booking_ids, None)

    def free_notes(self, context: Context | str, family_id: str) -> list[CreditNote]:
        """List a family's avoirs of which something is left, oldest first."""
        return self._free_notes(organisation_of(context), family_id, None)

    def settle(self, context: Context | str, order: Order, now: datetime) -> Settlement:
        """Settle an order once; the same order again gives the same settlement.

        Refused("conflict"): another order was settled under this id.
        """
        organisation_id = organisation_of(context)
        if not order.cancelled and not order.promotion:
            simple = self._settle_without_money(organisation_id, order, now)
            if simple is not None:
                return _same(simple, order)

        def work(session: ClientSession) -> Settlement:
            found = self._get(organisation_id, order.settlement_id, session)
            if found is not None:
                return found
            charges = self._charges(organisation_id, (each.booking_id for each in order.cancelled), session)
            notes = self._free_notes(organisation_id, order.family_id, session)
            given_up = order.promotion and self._given_up(organisation_id, order.settlement_id, session, now)
            wanted = replace(order, held=()) if given_up else order
            changes = settlements.settle(wanted, charges, notes, now)
            carry_out(self._database, session, context, changes, now)
            failpoint("billing.settle.inside_commit")
            if changes.settlement is None:
                raise AssertionError("settling gives a settlement")
            return changes.settlement

        return _same(committed(self._database, work), order)

    def withdraw(
        self, context: Context | str, booking_id: str, now: datetime, *, promoted: bool = False
    ) -> bool:
        """Take a booking out of the order that waits to be paid for it; False when there is none.

        `promoted`: its promotion may not have been heard of yet; then it will find that nobody wants it any
        more.
        """
        organisation_id = organisation_of(context)

        def work(session: ClientSession) -> bool:
            found = self._database["settlements"].find_one(
                {"organisation_id": organisation_id, "parts.lines.booking_id": booking_id}, session=session
            )
            if found is None:
                if promoted:
                    self._give_up(organisation_id, booking_id, session, now)
                return False
            changes = settlements.withdraw(settlement_from(found), booking_id, now)
            carry_out(self._database, session, context, changes, now)
            failpoint("billing.withdraw.inside_commit")
            return changes.settlement is not None

        return committed(self._database, work)

    def credit(self, context: Context | str, booking_id: str, reason: CreditReason, now: datetime) -> bool:
        """Give back what a booking was charged as a credit note; False when there is nothing to give back."""
        organisation_id = organisation_of(context)

        def work(session: ClientSession) -> bool:
            charge = self._charges(organisation_id, [booking_id], session).get(booking_id)
            if charge is None:
                return False
            changes = credit_notes.credit(charge, credit_note_id_of(booking_id), reason, now)
            carry_out(self._database, session, context, changes, now)
            failpoint("billing.credit.inside_commit")
            return bool(changes.issued)

        return committed(self._database, work)

    def take_over(self, context: Context | str, charges: Sequence[Charge], now: datetime) -> int:
        """Keep what was paid before this program kept the books; how many of it was not kept already."""
        organisation_id = organisation_of(context)

        def work(session: ClientSession) -> int:
            asked = {each.booking_id: each for each in reversed(charges)}  # of one told twice, the first
            new = asked.keys() - self._charges(organisation_id, asked, session).keys()
            for booking_id in new:
                carry_out(self._database, session, context, settlements.take_over(asked[booking_id]), now)
            return len(new)

        return committed(self._database, work)

    def release(self, context: Context | str, settlement_id: str, now: datetime) -> bool:
        """Give reserved avoirs back where no payment can succeed any more; False when one still may."""
        organisation_id = organisation_of(context)

        def work(session: ClientSession) -> bool:
            settlement = self._get(organisation_id, settlement_id, session)
            paying = self._offices_being_paid(organisation_id, settlement_id, now, session)
            dead = [
                part
                for part in (settlement.parts if settlement else ())
                if settlements.releasable(part, now, payment_open=part.office.id in paying)
            ]
            for part in dead:
                if settlement is None:
                    raise AssertionError("a part belongs to a settlement")
                changes = settlements.release(settlement, part)
                carry_out(self._database, session, context, changes, now)
                settlement = changes.settlement
            failpoint("billing.release.inside_commit")
            return bool(dead)

        released = committed(self._database, work)
        if not released:
            self._database["settlements"].update_one(
                {"_id": key(organisation_id, settlement_id), "release_at": {"$lte": now}},
                {"$set": {"release_at": now + LOOK_AGAIN}},
            )
        return released

    def release_of_booking(self, context: Context | str, booking_id: str, now: datetime) -> bool:
        """Release what the order of an expired hold reserved, if nobody can pay it any more."""
        found = self._database["settlements"].find_one(
            {"organisation_id": organisation_of(context), "parts.lines.booking_id": booking_id}, {"id": 1}
        )
        return self.release(context, found["id"], now) if found else False

    def due_of(self, context: Context | str, family_id: str, now: datetime) -> list[Settlement]:
        """List a family's settlements of which a part can still be paid, the most urgent first."""
        found = self._database["settlements"].find(
            {
                "organisation_id": organisation_of(context),
                "family_id": family_id,
                "release_at": {"$exists": True},
                "parts": {"$elemMatch": {"state": PartState.DUE.value, "held_until": {"$gt": now}}},
            }
        )
        return [settlement_from(each) for each in found.sort("release_at", 1).limit(DUE_MAX)]

    def overdue(self, now: datetime) -> list[tuple[str, str]]:
        """List settlements of all organisations whose hold is over.

        (organisation id, settlement id); for the timer.
        """
        found = self._database["settlements"].find(
            {"release_at": {"$lte": now}}, {"organisation_id": 1, "id": 1, "_id": 0}
        )
        return [(each["organisation_id"], each["id"]) for each in found.sort("release_at", 1).limit(DUE_MAX)]

    def _settle_without_money(self, organisation_id: str, order: Order, now: datetime) -> Settlement | None:
        """Keep an order of which everything is due by one insert: no money moves.

        An avoir that is issued meanwhile is simply not used, as if it had come a moment later.
        """
        changes = settlements.settle(order, {}, self._free_notes(organisation_id, order.family_id, None), now)
        settlement = changes.settlement
        if settlement is None or changes.entries or changes.settled or not settlement.parts:
            return None
        document = settlement_document(settlement) | {
            "_id": key(organisation_id, order.settlement_id),
            "organisation_id": organisation_id,
        }
        try:
            self._database["settlements"].insert_one(document)
        except DuplicateKeyError:
            return self._get(organisation_id, order.settlement_id, None)
        failpoint("billing.settle.inside_commit")
        return settlement

    def _get(
        self, organisation_id: str, settlement_id: str, session: ClientSession | None
    ) -> Settlement | None:
        found = self._database["settlements"].find_one(
            {"_id": key(organisation_id, settlement_id)}, session=session
        )
        return settlement_from(found) if found else None

    def _charges(
        self, organisation_id: str, booking_ids: Iterable[str], session: ClientSession | None
    ) -> dict[str, Charge]:
        keys = [key(organisation_id, booking_id) for booking_id in booking_ids]
        if not keys:
            return {}
        found = self._database["charges"].find({"_id": {"$in": keys}}, session=session)
        return {each["booking_id"]: charge_from(each) for each in found}

    def _free_notes(
        self, organisation_id: str, family_id: str, session: ClientSession | None
    ) -> list[CreditNote]:
        chosen = {"organisation_id": organisation_id, "family_id": family_id, "left_cents": {"$gt": 0}}
        found = self._database["credit_notes"].find(chosen, session=session)
        return credit_notes.oldest_first(note_from(each) for each in found)

    def _give_up(self, organisation_id: str, booking_id: str, session: ClientSession, now: datetime) -> None:
        """Leave word that a seat was given back.

        For a promotion that is heard later than its cancellation.
        """
        self._database["promotions"].update_one(
            {"_id": key(organisation_id, booking_id)},
            {"$set": {"given_up": True}, "$setOnInsert": {"organisation_id": organisation_id, "at": now}},
            upsert=True,
            session=session,
        )

    def _given_up(self, organisation_id: str, booking_id: str, session: ClientSession, now: datetime) -> bool:
        """Tell whether a promoted seat was given back.

        Writing it down makes the two events wait for each other.
        """
        found = self._database["promotions"].find_one_and_update(
            {"_id": key(organisation_id, booking_id)},
            {"$setOnInsert": {"organisation_id": organisation_id, "at": now, "given_up": False}},
            upsert=True,
            session=session,
        )
        return bool(found and found["given_up"])

    def _offices_being_paid(
        self, organisation_id: str, settlement_id: str, now: datetime, session: ClientSession
    ) -> set[str]:
        """Find the cash offices for which money may still come in (see `payments.may_still_be_paid`)."""
        undecided = [state.value for state in OPEN_PAYMENT_STATES]
        found = self._database["payments"].find(
            {
                "organisation_id": organisation_id,
                "settlement_id": settlement_id,
                "$or": [
                    {"state": {"$in": undecided}},
                    {"state": PaymentState.ABANDONED.value, "expires_at": {"$gt": now}},
                ],
            },
            {"office.id": 1},
            session=session,
        )
        return {each["office"]["id"] for each in found}


def credit_note_id_of(booking_id: str) -> str:
    """Give the id of the credit note of a booking, the same by whichever way it is asked for."""
    return derived_id("credit_note", booking_id)


def _same(settlement: Settlement, order: Order) -> Settlement:
    if settlement.content_sha256 != order.content_sha256:
        raise Refused("conflict", "another order was settled under this id")
    return settlement
