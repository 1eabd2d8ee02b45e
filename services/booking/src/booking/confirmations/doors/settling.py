"""The money of a confirmation.

Told to billing after the seats, asked again while billing is silent, heard when paid.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from booking.basket.model import Line
from booking.basket.rules.lines import line_of_record
from booking.confirmations.model import Confirmation
from booking.confirmations.rules.orders import Owner, order_of, owner_of
from booking.confirmations.rules.payments import (
    credited,
    held,
    paid_at_once,
    pays_until,
    to_settle,
    unknown_payment,
    unpaid,
)
from booking.desk import Desk, occasion, on_behalf, organisation_of
from booking.ports.billing import Settlement, payment_settled
from booking.seats import store as seats
from booking.vocabulary import Action, Payment, PaymentState, State
from chassis.doors.events import Event
from chassis.running.failpoints import failpoint
from chassis.running.log import get_logger
from chassis.values.context import Context
from chassis.values.errors import Failed, Refused, Unavailable

log = get_logger()


class UnknownBookingError(LookupError):
    """A payment names a booking that is not known here yet; the event is tried again later."""


def settle(
    desk: Desk, context: Context, confirmation: Confirmation, now: datetime
) -> tuple[Confirmation, datetime | None]:
    """Settle a confirmation whose lines have their answers.

    Give it with its payment, and when to ask again.
    """
    if not to_settle(confirmation.lines, now):
        return confirmation, None
    payment = _asked(desk, context, confirmation)
    if payment is None:
        payment = unknown_payment(confirmation.lines)
        again = now + timedelta(seconds=desk.settings.settle_retry_s)
        return replace(confirmation, payment=payment, money=payment), again
    if payment.state is PaymentState.SETTLED:
        pay(desk, context, [(line, owner_of(confirmation)) for line in held(confirmation.lines)], now)
        confirmation = paid_at_once(confirmation, now)
    return replace(confirmation, payment=payment, money=payment), None


def settle_again(desk: Desk, confirmation: Confirmation) -> None:
    """Ask billing once more, until no payment can succeed any more."""
    context, now = on_behalf(confirmation), desk.clock.now()
    if now >= pays_until(confirmation, desk.settings.hold_s):
        desk.store.confirmations.keep_money(context, confirmation.id, Payment(), None)
        return
    payment = _asked(desk, context, confirmation)
    if payment is None:
        again = now + timedelta(seconds=desk.settings.settle_retry_s)
        unknown = unknown_payment(confirmation.lines)
        desk.store.confirmations.keep_money(context, confirmation.id, unknown, again)
        return
    if payment.state is PaymentState.SETTLED:
        pay(desk, context, [(line, owner_of(confirmation)) for line in held(confirmation.lines)], now)
    desk.store.confirmations.keep_money(context, confirmation.id, payment, None)


def on_payment_settled(desk: Desk, event: Event) -> None:
    """Give the paid bookings their seats: held → accepted, gone → taken again if one is free, else lost."""
    context = event.context("booking")
    settlement_id, booking_ids = payment_settled(event)
    confirmation = desk.store.confirmations.resume(context, settlement_id)
    pay(desk, context, _paid_lines(desk, context, confirmation, booking_ids), desk.clock.now())
    if confirmation is not None and not unpaid(
        confirmation.lines, _paid_before(desk, context, confirmation, booking_ids)
    ):
        settled = Payment(state=PaymentState.SETTLED, offices=confirmation.money.offices)
        desk.store.confirmations.keep_money(context, confirmation.id, settled, None)


def pay(desk: Desk, context: Context, lines: Sequence[tuple[Line, Owner]], now: datetime) -> None:
    """Turn held seats into accepted ones.

    The one function for a payment heard at once or later. Idempotent, however late: what was given up gets no
    seat back, and a seat that was lost is lost once.
    """
    if not lines:
        return
    when, holding, organisation_id = occasion(context, now), desk.holding(), organisation_of(context)
    closed = desk.store.bookings.closed_to_payment(context, [line.booking_id or "" for line, _ in lines])
    failpoint("booking.pay.before_seats")
    desk.store.seats.apply(
        seats.pay(
            organisation_id,
            line.seats_id or "",
            replace(order_of(line, owner, holding), retake=line.booking_id not in closed),
            when,
        )
        for line, owner in lines
        if not closed.get(line.booking_id or "")
    )
    failpoint("booking.pay.after_seats")
    desk.relay.wake()


def continued(context: Context, confirmation: Confirmation) -> Context:
    """Go on with a confirmation in the name of its own family, traced to the request that made it go on."""
    return replace(on_behalf(confirmation), request_id=context.request_id)


def _asked(desk: Desk, context: Context, confirmation: Confirmation) -> Payment | None:
    """Ask billing; None when it gives no answer, whatever the cause: the sweeper will ask again."""
    settlement = Settlement(
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
    try:
        payment = desk.billing.settle(context.as_service("booking"), settlement)
    except (Unavailable, Failed, Refused) as error:
        log.warning("settle_unanswered", confirmation=confirmation.id, error=str(error))
        return None
    failpoint("booking.settle.after_call")
    return payment


def _paid_lines(
    desk: Desk, context: Context, confirmation: Confirmation | None, booking_ids: Iterable[str]
) -> list[tuple[Line, Owner]]:
    found: dict[str, tuple[Line, Owner]] = {}
    if confirmation is not None:
        found = _booked_lines(confirmation)
    missing = [booking_id for booking_id in booking_ids if booking_id not in found]
    if missing:
        offer = desk.offer(context)
        for record in desk.store.bookings.named(context, missing).values():
            line = line_of_record(record, offer.activities.get(record.activity_id), record.line)
            found[record.id] = line, Owner(record.confirmation_id, record.family_id, record.account_id)
    for booking_id in missing:
        if booking_id not in found:
            first = desk.store.confirmations.of_booking(context, booking_id)
            if first is None:
                raise UnknownBookingError(booking_id)
            found[booking_id] = _booked_lines(first)[booking_id]
    return [found[booking_id] for booking_id in booking_ids]


def _booked_lines(confirmation: Confirmation) -> dict[str, tuple[Line, Owner]]:
    owner = owner_of(confirmation)
    return {
        line.booking_id: (line, owner)
        for line in confirmation.lines
        if line.action is Action.BOOK and line.booking_id
    }


def _paid_before(
    desk: Desk, context: Context, confirmation: Confirmation, booking_ids: Sequence[str]
) -> set[str]:
    """Gather what is paid: by this payment, and, where several cash offices ask, by those before it.

    Read from the seats, which both payments have written by now: the list may not have heard of the other's.
    """
    paid = set(booking_ids)
    if unpaid(confirmation.lines, paid):
        ids = sorted({line.seats_id for line in confirmation.lines if line.seats_id})
        interest = seats.Interest(confirmation_id=confirmation.id)
        documents = desk.store.seats.read(organisation_of(context), ids, interest)
        paid |= {
            entry.booking_id
            for document in documents.values()
            for entry in document.taken
            if entry.state is not State.HELD
        }
    return paid
