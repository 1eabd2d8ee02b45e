"""What billing tells, and who listens."""

from marshmallow import Schema, fields

from billing.contract.fields import CREDIT_REASONS, METHODS, cents, identifier, instant, name_of, text
from chassis.storage.outbox import EventType


class SettledLine(Schema):
    """A booking whose money is there."""

    booking_id = identifier()


class PaymentSettled(Schema):
    """A cash office's part of a settlement has its money: paid (with a receipt), or covered by avoirs.

    Aggregate: the settlement. `amount_cents` is what was paid, avoirs come on top. Money that no booking
    needs any more is told with its receipt and without lines; its aggregate is the payment.
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


class CreditNoteIssued(Schema):
    """A family has an avoir more. Aggregate: the credit note."""

    credit_note_id = identifier()
    number = text(longest=60)
    family_id = identifier()
    amount_cents = cents()
    booking_id = identifier(allow_none=True)
    reason = name_of(CREDIT_REASONS)
    cash_office_name = text()


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


EVENTS: dict[str, EventType] = {
    "payment_settled": EventType(schema=PaymentSettled(), subscribers=("booking", "notify")),
    "credit_note_issued": EventType(schema=CreditNoteIssued(), subscribers=("notify",)),
    "payment_asked": EventType(schema=PaymentAsked(), subscribers=("notify",)),
}
