"""The money of a confirmation.

Told to billing after the seats, asked again while billing is silent, heard when paid.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from booking.basket.rules.lines import line_of_record
from booking.bookings.store import Bookings
from booking.confirmations.doors.paying import PaidLine, holding, pay, pay_late
from booking.confirmations.model import Confirmation
from booking.confirmations.rules.orders import Owner, owner_of
from booking.confirmations.rules.payments import (
    credited,
    held,
    paid_at_once,
    pays_until,
    settled_now,
    unknown_payment,
    unpaid,
)
from booking.confirmations.store import Confirmations
from booking.offer.store import Offers
from booking.ports import Call
from booking.ports.billing import Settlement, payment_settled
from booking.seats import store as seats
from booking.settings import settings
from booking.vocabulary import Action, BookingState, SettlementAnswer, SettlementState
from chassis.doors.events import Event, on_event
from chassis.values.actor import Actor


class UnknownBookingError(LookupError):
    """A payment names a booking that is not known here yet; the event is tried again later."""


def with_payment(
    call: Call, confirmation: Confirmation, payment: SettlementAnswer | None, now: datetime
) -> tuple[Confirmation, datetime | None]:
    """Give a confirmation with what billing answered, and when to ask again where it answered nothing."""
    if payment is None:
        payment = unknown_payment(confirmation.lines)
        again = now + timedelta(seconds=settings().settle_retry_s)
        return replace(confirmation, payment=payment, money=payment), again
    if payment.state is SettlementState.SETTLED:
        pay(call, [(line, owner_of(confirmation)) for line in held(confirmation.lines)], now)
        confirmation = paid_at_once(confirmation, now)
    return replace(confirmation, payment=payment, money=payment), None


def settle_again(call: Call, confirmation: Confirmation) -> None:
    """Ask billing once more, until no payment can succeed any more."""
    confirmations, now = call.store(Confirmations), call.now()
    if now >= pays_until(confirmation, holding(call).hold_s):
        confirmations.keep_money(call.scope, confirmation.id, SettlementAnswer(), None)
        return
    payment = call.ports.billing.settle(call.as_service(), settlement_of(confirmation))
    if payment is None:
        again = now + timedelta(seconds=settings().settle_retry_s)
        unknown = unknown_payment(confirmation.lines)
        confirmations.keep_money(call.scope, confirmation.id, unknown, again)
        return
    if payment.state is SettlementState.SETTLED:
        pay_late(call, [(line, owner_of(confirmation)) for line in held(confirmation.lines)], now)
    confirmations.keep_money(call.scope, confirmation.id, payment, None)


@on_event("billing", "payment_settled")
def on_payment_settled(call: Call, event: Event) -> None:
    """Give the paid bookings their seats: held → accepted, gone → taken again if one is free, else lost."""
    heard, confirmations = payment_settled(event), call.store(Confirmations)
    confirmation = confirmations.resume(call.scope, heard.settlement_id)
    pay_late(call, _paid_lines(call, confirmation, heard.booking_ids), call.now())
    if confirmation is not None and not unpaid(
        confirmation.lines, _paid_before(call, confirmation, heard.booking_ids)
    ):
        settled = settled_now(confirmation.money)
        confirmations.keep_money(call.scope, confirmation.id, settled, None)


def continued(call: Call, confirmation: Confirmation) -> Call:
    """Go on with a confirmation in the name of its own family, when they are not there any more.

    It is traced to the request that made it go on, and else to the one that began it.
    """
    return call.acting_for(
        confirmation.organisation_id,
        family_id=confirmation.family_id,
        request_id=call.request_id or confirmation.request_id,
        on_behalf_of=confirmation.account_id,
        actor=Actor.read(confirmation.actor) if confirmation.actor else None,
    )


def settlement_of(confirmation: Confirmation) -> Settlement:
    """What billing is told of a confirmation whose lines have their answers."""
    return Settlement(
        id=confirmation.id,
        quote_id=confirmation.quote_id,
        family_id=confirmation.family_id,
        held=tuple(
            (line.line, line.booking_id, line.answer.held_until)
            for line in held(confirmation.lines)
            if line.booking_id and line.answer and line.answer.held_until
        ),
        cancelled=tuple(
            (line.line, line.booking_id) for line in credited(confirmation.lines) if line.booking_id
        ),
    )


def _paid_lines(call: Call, confirmation: Confirmation | None, booking_ids: Iterable[str]) -> list[PaidLine]:
    found: dict[str, PaidLine] = {}
    if confirmation is not None:
        found = _booked_lines(confirmation)
    missing = [booking_id for booking_id in booking_ids if booking_id not in found]
    if missing:
        offer = call.store(Offers).known(call.scope)
        for record in call.store(Bookings).named(call.scope, missing).values():
            line = line_of_record(record, offer.activities.get(record.facts.activity_id), record.line)
            found[record.id] = line, Owner(record.confirmation_id, record.family_id, record.account_id)
    for booking_id in missing:
        if booking_id not in found:
            first = call.store(Confirmations).of_booking(call.scope, booking_id)
            if first is None:
                raise UnknownBookingError(booking_id)
            found[booking_id] = _booked_lines(first)[booking_id]
    return [found[booking_id] for booking_id in booking_ids]


def _booked_lines(confirmation: Confirmation) -> dict[str, PaidLine]:
    owner = owner_of(confirmation)
    return {
        line.booking_id: (line, owner)
        for line in confirmation.lines
        if line.action is Action.BOOK and line.booking_id
    }


def _paid_before(call: Call, confirmation: Confirmation, booking_ids: Sequence[str]) -> set[str]:
    """Gather what is paid: by this payment, and, where several cash offices ask, by those before it.

    Read from the seats, which both payments have written by now: the list may not have heard of the other's.
    """
    paid = set(booking_ids)
    if unpaid(confirmation.lines, paid):
        ids = sorted({line.seats_id for line in confirmation.lines if line.seats_id})
        wanted = seats.EntryFilter(confirmation_id=confirmation.id)
        documents = call.store(seats.Seats).read(call.scope, ids, wanted)
        paid |= {
            entry.booking_id
            for document in documents.values()
            for entry in document.taken
            if entry.state is not BookingState.HELD
        }
    return paid
