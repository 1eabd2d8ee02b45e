"""Settling an order, what waits to be paid, and the events that tell of money."""

from marshmallow import Schema, fields, validate

from billing.offices.contract import OfficeDue
from billing.payments.model import Method
from billing.quotes.contract import LINES_MAX
from billing.settlements.model import AskedOrder, CancelledBooking, HeldSeat
from chassis.storage.outbox import EventType
from chassis.values.fields import cents, count, identifier, instant, name_of, text
from chassis.values.requests import RequestSchema

STATES = ("settled", "due")
METHODS = (*Method, "credit")


class HeldLine(RequestSchema):
    """A line of the quote whose seat is held."""

    into = HeldSeat

    line = count()
    booking_id = identifier()
    held_until = instant()


class CancelledLine(RequestSchema):
    """A booking that was cancelled in time."""

    into = CancelledBooking

    line = count()
    booking_id = identifier()


class SettleRequest(RequestSchema):
    """An order to settle, once; `quote_id` may be null when nothing is held."""

    into = AskedOrder

    settlement_id = identifier()
    quote_id = identifier(required=False, allow_none=True)
    family_id = identifier(required=False, allow_none=True)
    held = fields.List(fields.Nested(HeldLine), validate=validate.Length(max=LINES_MAX))
    cancelled = fields.List(fields.Nested(CancelledLine), validate=validate.Length(max=LINES_MAX))


class CreditGiven(Schema):
    """The credit note of a booking that the order cancelled."""

    booking_id = identifier()
    number = text(longest=60)
    amount_cents = cents()


class Settled(Schema):
    """`settled`: nothing is due anywhere; else what is due where, with credit reserved.

    `credit_notes` are those of what was cancelled; a cancellation that gives nothing back has none.
    """

    state = name_of(STATES)
    offices = fields.List(fields.Nested(OfficeDue), required=True)
    credit_notes = fields.List(fields.Nested(CreditGiven), required=True)


class SettlementDue(Schema):
    """An order that waits to be paid; `being_checked` are cash offices at which nothing can be paid now.

    A payment of their part came otherwise than it was asked for, and a cashier looks into it.
    """

    settlement_id = identifier()
    amount_due_cents = cents()
    held_until = instant()
    offices = fields.List(fields.Nested(OfficeDue), required=True)
    being_checked = fields.List(identifier(), required=True)


class SettlementDueList(Schema):
    """Orders that wait to be paid, the most urgent first."""

    data = fields.List(fields.Nested(SettlementDue), required=True)


class SettledLine(Schema):
    """A booking whose money is there."""

    booking_id = identifier()


class Receipt(Schema):
    """What a receipt for several settlements says: all that came, and all bookings that it settles."""

    amount_cents = cents()
    credits_used_cents = cents()
    orders = count()
    lines = fields.List(fields.Nested(SettledLine), required=True)


class PaymentSettled(Schema):
    """A cash office's part of a settlement has its money: paid (with a receipt), or covered by credit.

    Aggregate: the settlement. `amount_cents` is what was paid, credit comes on top. Money that no booking
    needs any more is told with its receipt and without lines; its aggregate is the payment. `checked`: a
    cashier found that it came. One payment that settles several is told for each, with its `receipt` in all.
    """

    settlement_id = identifier()
    family_id = identifier()
    lines = fields.List(fields.Nested(SettledLine), required=True)
    amount_cents = cents()
    credits_used_cents = cents()
    receipt_number = text(allow_none=True, longest=60)
    paid_at = instant()
    cash_office_name = text()
    method = name_of(METHODS)
    checked = fields.Boolean(required=False)
    receipt = fields.Nested(Receipt, required=False)


class PaymentAsked(Schema):
    """A promoted seat waits for its payment.

    `facts` is what booking told of it. Aggregate: the settlement.
    """

    settlement_id = identifier()
    booking_id = identifier()
    family_id = identifier()
    amount_cents = cents()
    held_until = instant()
    facts = fields.Dict(required=True)


EVENTS = {
    "payment_settled": EventType(schema=PaymentSettled(), subscribers=("booking", "notify")),
    "payment_asked": EventType(schema=PaymentAsked(), subscribers=("notify",)),
}
