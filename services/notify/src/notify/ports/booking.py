"""What notify hears of others, in its own words: readers that take what they need and ignore the rest."""

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields

from notify.outgoing.model import Contact, Family, Organisation


class UnreadableFact(Exception):  # noqa: N818 - named for what is wrong with the event
    """An event lacks what a letter needs: it ends among the dead letters, where people see it."""


class _Tolerant(Schema):
    class Meta:
        """What producers add is none of our business."""

        unknown = EXCLUDE


class _Contact(_Tolerant):
    name = fields.String(required=True)
    email = fields.String(required=True, allow_none=True)


class FamilyChanged(_Tolerant):
    """family_changed: whom to write to, and in which language."""

    family_id = fields.String(required=True)
    name = fields.String(required=True)
    language = fields.String(required=True)
    contacts = fields.List(fields.Nested(_Contact), required=True)


class OrganisationChanged(_Tolerant):
    """organisation_changed: who writes."""

    organisation_id = fields.String(required=True)
    name = fields.String(required=True)
    slug = fields.String(required=True)
    time_zone = fields.String(required=True)


class _Day(_Tolerant):
    child_name = fields.String(required=True)
    activity_name = fields.String(required=True)
    centre_name = fields.String(load_default="", allow_none=True)
    day = fields.Date(required=True)


class _Line(_Day):
    action = fields.String(required=True)
    verdict = fields.String(required=True)
    reason = fields.String(load_default=None, allow_none=True)
    rank = fields.Integer(load_default=None, allow_none=True)
    cost_cents = fields.Integer(load_default=None, allow_none=True)


class _Payment(_Tolerant):
    state = fields.String(required=True)
    amount_due_cents = fields.Integer(load_default=0)
    held_until = fields.AwareDateTime(load_default=None, allow_none=True)


class ConfirmationAnswered(_Tolerant):
    """confirmation_answered: every line with its verdict."""

    confirmation_id = fields.String(required=True)
    family_id = fields.String(required=True)
    lines = fields.List(fields.Nested(_Line), required=True)
    payment = fields.Nested(_Payment, required=True)


class BookingFact(_Day):
    """seat_promoted, hold_expired, seat_lost: one booking."""

    booking_id = fields.String(required=True)
    family_id = fields.String(required=True)
    to = fields.String(load_default=None, allow_none=True)


class PaymentAsked(_Tolerant):
    """payment_asked: a promoted seat waits for its payment."""

    settlement_id = fields.String(required=True)
    family_id = fields.String(required=True)
    amount_cents = fields.Integer(required=True)
    held_until = fields.AwareDateTime(required=True)
    facts = fields.Nested(_Day, required=True)


class PaymentSettled(_Tolerant):
    """payment_settled: money came in, or avoirs covered all (then there is no receipt).

    No lines: no booking needed the money any more.
    """

    settlement_id = fields.String(required=True)
    family_id = fields.String(required=True)
    amount_cents = fields.Integer(required=True)
    credits_used_cents = fields.Integer(load_default=0)
    receipt_number = fields.String(required=True, allow_none=True)
    paid_at = fields.AwareDateTime(required=True, allow_none=True)
    cash_office_name = fields.String(load_default="", allow_none=True)
    method = fields.String(load_default="", allow_none=True)
    bookings = fields.List(fields.Dict(), data_key="lines", load_default=None, allow_none=True)


class CreditNoteIssued(_Tolerant):
    """credit_note_issued: an avoir to be used next time."""

    credit_note_id = fields.String(required=True)
    number = fields.String(required=True)
    family_id = fields.String(required=True)
    amount_cents = fields.Integer(required=True)
    cash_office_name = fields.String(load_default="", allow_none=True)


FACTS: dict[str, Schema] = {
    "confirmation_answered": ConfirmationAnswered(),
    "seat_promoted": BookingFact(),
    "hold_expired": BookingFact(),
    "seat_lost": BookingFact(),
    "payment_asked": PaymentAsked(),
    "payment_settled": PaymentSettled(),
    "credit_note_issued": CreditNoteIssued(),
}


def read_fact(event: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what letters need of the event's data, dates as dates; UnreadableFact when something lacks."""
    return _load(FACTS[event], data)


def read_family(data: Mapping[str, Any]) -> Family:
    """Return the family of a family_changed; contacts without a mail address are left out."""
    read = _load(FamilyChanged(), data)
    contacts = tuple(Contact(one["name"], one["email"]) for one in read["contacts"] if one["email"])
    return Family(read["family_id"], read["name"], read["language"], contacts)


def read_organisation(data: Mapping[str, Any]) -> Organisation:
    """Return the organisation of an organisation_changed."""
    read = _load(OrganisationChanged(), data)
    return Organisation(read["organisation_id"], read["name"], read["slug"], read["time_zone"])


def _load(schema: Schema, data: Mapping[str, Any]) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = schema.load(data)
    except ValidationError as error:
        raise UnreadableFact(str(error.messages)[:300]) from None
    return loaded
