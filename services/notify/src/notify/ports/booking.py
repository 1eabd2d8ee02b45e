"""What notify hears of booking."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields

from notify.ports.tolerant import Day, Tolerant, load


class _Line(Day):
    action = fields.String(required=True)
    verdict = fields.String(required=True)
    reason = fields.String(load_default=None, allow_none=True)
    rank = fields.Integer(load_default=None, allow_none=True)
    booking_id = fields.String(load_default=None, allow_none=True)
    request_number = fields.String(load_default=None, allow_none=True)


class _CreditNote(Tolerant):
    booking_id = fields.String(required=True)
    number = fields.String(required=True)
    amount_cents = fields.Integer(required=True)


class _Office(Tolerant):
    name = fields.String(required=True)
    bookings_cents = fields.Integer(required=True)
    credits_used_cents = fields.Integer(required=True)
    amount_due_cents = fields.Integer(required=True)


class _Payment(Tolerant):
    state = fields.String(required=True)
    amount_due_cents = fields.Integer(load_default=0)
    held_until = fields.AwareDateTime(load_default=None, allow_none=True)
    offices = fields.List(fields.Nested(_Office), load_default=list)
    credit_notes = fields.List(fields.Nested(_CreditNote), load_default=list)


class ConfirmationAnswered(Tolerant):
    """confirmation_answered: every line with its verdict, what is to pay, and the avoirs that came of it."""

    confirmation_id = fields.String(required=True)
    family_id = fields.String(required=True)
    asked_at = fields.AwareDateTime(load_default=None, allow_none=True)
    lines = fields.List(fields.Nested(_Line), required=True)
    payment = fields.Nested(_Payment, required=True)


class BookingFact(Day):
    """What happened to one booking; `to`, `how` and `was` say from where or to where, where an event does."""

    booking_id = fields.String(required=True)
    family_id = fields.String(required=True)
    to = fields.String(load_default=None, allow_none=True)
    rank = fields.Integer(load_default=None, allow_none=True)
    how = fields.String()
    was = fields.String()


class _LeftDay(Day):
    was = fields.String(required=True)


class DaysClosed(Tolerant):
    """days_closed: what a family had on days that were closed."""

    telling_id = fields.String(required=True)
    family_id = fields.String(required=True)
    name = fields.String(required=True)
    lines = fields.List(fields.Nested(_LeftDay), required=True)


class DaysOpened(Tolerant):
    """days_opened: what it had had on days that are open again."""

    telling_id = fields.String(required=True)
    family_id = fields.String(required=True)
    name = fields.String(required=True)
    lines = fields.List(fields.Nested(Day), required=True)


FACTS: dict[str, Schema] = {
    "confirmation_answered": ConfirmationAnswered(),
    "seat_promoted": BookingFact(),
    "hold_expired": BookingFact(),
    "seat_lost": BookingFact(),
    "booking_waitlisted": BookingFact(),
    "booking_accepted": BookingFact(),
    "booking_refused": BookingFact(),
    "booking_cancelled": BookingFact(),
    "cancellation_declined": BookingFact(),
    "days_closed": DaysClosed(),
    "days_opened": DaysOpened(),
}


def read_fact(event: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what letters need of the event's data, dates as dates; UnreadableFact when something lacks."""
    return load(FACTS[event], data)
