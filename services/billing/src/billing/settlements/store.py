"""Settlements, the charges they make and the avoirs they use.

Each decision read, taken and kept in one transaction, with its entries, notes, charges, documents and events.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from pymongo import ReturnDocument
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from billing.attempts.model import OPEN_PAYMENT_STATES, Payment, PaymentState
from billing.copies.store import DEFAULT_TIME_ZONE, committed, key, organisation_of
from billing.credit_notes.model import Charge, CreditNote, CreditReason, CreditUse
from billing.credit_notes.rules import credit, oldest_first
from billing.credit_notes.store import charge_document, charge_from, note_document, note_from
from billing.ledger.store import FloorReachedError, post
from billing.offices.model import CashOffice
from billing.offices.rules import Series, number_of, year_of
from billing.offices.store import office_document, office_from
from billing.payments.store import put_payment
from billing.settlements.model import Changes, Order, Part, PartLine, PartState, Promotion, Settlement
from billing.settlements.rules import settling
from billing.settlements.rules.announcements import announcements
from billing.vocabulary import Document
from chassis.running.failpoints import failpoint
from chassis.storage import outbox
from chassis.values.context import Context
from chassis.values.errors import Refused
from chassis.values.ids import derived_id


def carry_out(
    database: Database[dict[str, Any]],
    session: ClientSession,
    context: Context | str,
    changes: Changes,
    now: datetime,
) -> Changes:
    """Keep everything that follows from a decision, and the events that tell of it.

    Give it back with its numbers.
    """
    organisation_id = organisation_of(context)
    for entry in changes.entries:
        post(database, session, organisation_id, entry, now)
    issued = tuple(_issue(database, session, organisation_id, note, now) for note in changes.issued)
    payment = changes.payment and _receipted(database, session, organisation_id, changes.payment, now)
    _use(database, session, organisation_id, changes)
    _charge(database, session, organisation_id, changes)
    if changes.settlement is not None:
        put_settlement(database, session, organisation_id, changes.settlement)
    if payment is not None:
        put_payment(database, session, organisation_id, payment)
    kept = replace(changes, issued=issued, payment=payment)
    _tell(database, session, context, kept, now)
    return kept


def put_settlement(
    database: Database[dict[str, Any]], session: ClientSession, organisation_id: str, settlement: Settlement
) -> None:
    """Write a settlement over what it was; the transaction that read it notices anybody in between."""
    document = settlement_document(settlement) | {"organisation_id": organisation_id}
    chosen = {"_id": key(organisation_id, settlement.id)}
    database["settlements"].replace_one(chosen, document, upsert=True, session=session)


def _issue(
    database: Database[dict[str, Any]],
    session: ClientSession,
    organisation_id: str,
    note: CreditNote,
    now: datetime,
) -> CreditNote:
    number = _number(
        database, session, organisation_id, series=Series.CREDIT_NOTE, office=note.office, now=now
    )
    numbered = replace(note, number=number)
    document = note_document(numbered) | {
        "_id": key(organisation_id, note.id),
        "organisation_id": organisation_id,
    }
    database["credit_notes"].insert_one(document, session=session)
    return numbered


def _receipted(
    database: Database[dict[str, Any]],
    session: ClientSession,
    organisation_id: str,
    payment: Payment,
    now: datetime,
) -> Payment:
    number = _number(
        database, session, organisation_id, series=Series.RECEIPT, office=payment.office, now=now
    )
    return replace(payment, receipt_number=number)


def _number(  # noqa: PLR0913 - a number has this many parts
    database: Database[dict[str, Any]],
    session: ClientSession,
    organisation_id: str,
    *,
    series: Series,
    office: CashOffice,
    now: datetime,
) -> str:
    """Take the next number of a series; it is given back with the transaction if that fails, hence no gap."""
    organisation = database["organisations"].find_one(
        {"_id": organisation_id}, {"time_zone": 1}, session=session
    )
    year = year_of(now, organisation["time_zone"] if organisation else DEFAULT_TIME_ZONE)
    found = database["series"].find_one_and_update(
        {"_id": key(organisation_id, f"{series}:{office.id}:{year}")},
        {
            "$inc": {"last": 1},
            "$setOnInsert": {
                "organisation_id": organisation_id,
                "office": office_document(office),
                "year": year,
            },
        },
        upsert=True,
        return_document=ReturnDocument.AFTER,
        session=session,
    )
    if found is None:
        raise LookupError("an upsert that returns the new document returns one")
    return number_of(series, office, year, int(found["last"]))


def _use(
    database: Database[dict[str, Any]], session: ClientSession, organisation_id: str, changes: Changes
) -> None:
    for use in changes.used:
        done = database["credit_notes"].update_one(
            {"_id": key(organisation_id, use.credit_note_id), "left_cents": {"$gte": use.amount_cents}},
            {"$inc": {"left_cents": -use.amount_cents}},
            session=session,
        )
        if not done.matched_count:
            raise FloorReachedError(f"credit note {use.credit_note_id}")


def _charge(
    database: Database[dict[str, Any]], session: ClientSession, organisation_id: str, changes: Changes
) -> None:
    if changes.charged:
        database["charges"].insert_many(
            [
                charge_document(charge)
                | {"_id": key(organisation_id, charge.booking_id), "organisation_id": organisation_id}
                for charge in changes.charged
            ],
            session=session,
        )
    for booking_id, cents in changes.credited:
        enough = {"$lte": [{"$add": ["$credited_cents", cents]}, "$charged_cents"]}
        done = database["charges"].update_one(
            {"_id": key(organisation_id, booking_id), "$expr": enough},
            {"$inc": {"credited_cents": cents}},
            session=session,
        )
        if not done.matched_count:
            raise FloorReachedError(f"charge of booking {booking_id}")


def _tell(
    database: Database[dict[str, Any]],
    session: ClientSession,
    context: Context | str,
    changes: Changes,
    now: datetime,
) -> None:
    rows = [
        outbox.row(
            told.name,
            context_or_org=context,
            aggregate_id=told.aggregate_id,
            sequence=told.sequence,
            data=told.data,
            occurred_at=now,
        )
        for told in announcements(changes, changes.settlement, now)
    ]
    if rows:
        database["outbox"].insert_many(rows, session=session)


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
            changes = settling.settle(wanted, charges, notes, now)
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
            changes = settling.withdraw(settlement_from(found), booking_id, now)
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
            changes = credit(charge, credit_note_id_of(booking_id), reason, now)
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
                carry_out(self._database, session, context, settling.take_over(asked[booking_id]), now)
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
                if settling.releasable(part, now, payment_open=part.office.id in paying)
            ]
            for part in dead:
                if settlement is None:
                    raise AssertionError("a part belongs to a settlement")
                changes = settling.release(settlement, part)
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
        changes = settling.settle(order, {}, self._free_notes(organisation_id, order.family_id, None), now)
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
        return oldest_first(note_from(each) for each in found)

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


def settlement_document(settlement: Settlement) -> Document:
    """Write a settlement without its key; `release_at` stands there only while a part waits to be paid."""
    waiting = [part.held_until for part in settlement.parts if part.state is PartState.DUE]
    document: Document = {
        "id": settlement.id,
        "family_id": settlement.family_id,
        "content_sha256": settlement.content_sha256,
        "asked_at": settlement.asked_at,
        "parts": [_part_document(part) for part in settlement.parts],
        "answer": settlement.answer,
    }
    if settlement.promotion:
        document["promotion"] = {
            "booking_id": settlement.promotion.booking_id,
            "facts": settlement.promotion.facts,
        }
    if waiting:
        document["release_at"] = min(waiting)
    return document


def settlement_from(found: Mapping[str, Any]) -> Settlement:
    """Read a settlement."""
    promotion = found.get("promotion")
    return Settlement(
        id=found["id"],
        family_id=found["family_id"],
        content_sha256=found["content_sha256"],
        asked_at=found["asked_at"],
        parts=tuple(_part_from(part) for part in found["parts"]),
        answer=found["answer"],
        promotion=Promotion(promotion["booking_id"], promotion["facts"]) if promotion else None,
    )


def _part_document(part: Part) -> Document:
    return {
        "office": office_document(part.office),
        "lines": [
            {
                "line": line.line,
                "booking_id": line.booking_id,
                "price_cents": line.price_cents,
                "wallet_id": line.wallet_id,
            }
            for line in part.lines
        ],
        "bookings_cents": part.bookings_cents,
        "credits": [[use.credit_note_id, use.amount_cents] for use in part.credits],
        "amount_due_cents": part.amount_due_cents,
        "state": part.state.value,
        "held_until": part.held_until,
        "payment_id": part.payment_id,
    }


def _part_from(found: Mapping[str, Any]) -> Part:
    return Part(
        office=office_from(found["office"]),
        lines=tuple(
            PartLine(each["line"], each["booking_id"], each["price_cents"], each["wallet_id"])
            for each in found["lines"]
        ),
        bookings_cents=found["bookings_cents"],
        credits=tuple(CreditUse(note, cents) for note, cents in found["credits"]),
        amount_due_cents=found["amount_due_cents"],
        state=PartState(found["state"]),
        held_until=found["held_until"],
        payment_id=found["payment_id"],
    )
