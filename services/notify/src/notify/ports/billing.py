"""What notify hears of billing."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, post_load

from notify.ports.tolerant import Day, Tolerant, load


class WonSeat(Day):
    """A seat that is to be paid; `how` says that a request was granted, where it was."""

    booking_id = fields.String(load_default="", allow_none=True)
    how = fields.String(load_default="", allow_none=True)


class PaymentAsked(Tolerant):
    """payment_asked: a seat that was won, or granted, waits for its payment."""

    settlement_id = fields.String(required=True)
    family_id = fields.String(required=True)
    amount_cents = fields.Integer(required=True)
    held_until = fields.AwareDateTime(required=True)
    facts = fields.Nested(WonSeat, required=True)


class Receipt(Tolerant):
    """What the receipt of a payment for several orders says, in the event of each of them."""

    amount_cents = fields.Integer(required=True)
    credits_used_cents = fields.Integer(required=True)
    bookings = fields.List(fields.Dict(), data_key="lines", required=True)


class PaymentSettled(Tolerant):
    """payment_settled: money came in, or avoirs covered all (then there is no receipt).

    No lines: no booking needed the money any more. `checked`: the family was told to wait for a check. Where
    one payment settles several orders, its whole receipt counts: whichever event comes first tells of all.
    """

    settlement_id = fields.String(required=True)
    family_id = fields.String(required=True)
    amount_cents = fields.Integer(required=True)
    credits_used_cents = fields.Integer(load_default=0)
    receipt_number = fields.String(required=True, allow_none=True)
    paid_at = fields.AwareDateTime(required=True, allow_none=True)
    cash_office_name = fields.String(load_default="", allow_none=True)
    method = fields.String(load_default="", allow_none=True)
    checked = fields.Boolean(load_default=False)
    bookings = fields.List(fields.Dict(), data_key="lines", load_default=None, allow_none=True)
    receipt = fields.Nested(Receipt, load_default=None, allow_none=True)

    @post_load
    def read_whole_receipt(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """Put what the receipt says of all its orders in the place of what is said of one."""
        whole: dict[str, Any] = data.pop("receipt") or {}
        return {**data, **whole}


class CreditNoteIssued(Tolerant):
    """credit_note_issued: an avoir to be used next time."""

    credit_note_id = fields.String(required=True)
    number = fields.String(required=True)
    booking_id = fields.String(load_default=None, allow_none=True)
    family_id = fields.String(required=True)
    amount_cents = fields.Integer(required=True)
    cash_office_name = fields.String(load_default="", allow_none=True)
    reason = fields.String(load_default=None, allow_none=True)


class PaymentNotReceived(Tolerant):
    """payment_not_received: a cashier found that nothing came of a payment that was being checked."""

    payment_id = fields.String(required=True)
    family_id = fields.String(required=True)
    amount_cents = fields.Integer(required=True)
    started_at = fields.AwareDateTime(required=True)
    cash_office_name = fields.String(load_default="", allow_none=True)


FACTS: dict[str, Schema] = {
    "payment_asked": PaymentAsked(),
    "payment_settled": PaymentSettled(),
    "credit_note_issued": CreditNoteIssued(),
    "payment_not_received": PaymentNotReceived(),
}


def read_fact(event: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what letters need of the event's data, dates as dates; UnreadableFact when something lacks."""
    return load(FACTS[event], data)
