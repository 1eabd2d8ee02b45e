"""The kinds of fields that billing's messages are made of, and one cash office's part of an amount."""

from marshmallow import Schema, fields, validate

DAY_PARTS = ("morning", "afternoon", "day", "noon", "evening")
WALLET_MODES = ("prepaid", "consumption", "invoiced")
PAYMENT_STATES = (
    "created",
    "redirected",
    "checking",
    "paid",
    "refused",
    "abandoned",
    "expired",
    "quarantined",
)
CREDIT_REASONS = ("cancelled", "seat_lost", "not_needed")
METHODS = ("online", "credit")
SETTLEMENT_STATES = ("settled", "due")
LINES_MAX = 500


def identifier(*, required: bool = True, allow_none: bool = False) -> fields.String:
    """Somebody's id: opaque, short, plain characters."""
    return fields.String(
        required=required,
        allow_none=allow_none,
        validate=validate.Regexp(r"\A[A-Za-z0-9][A-Za-z0-9:._-]{0,127}\Z"),
    )


def text(*, required: bool = True, allow_none: bool = False, longest: int = 200) -> fields.String:
    """A name or a sentence for people."""
    return fields.String(required=required, allow_none=allow_none, validate=validate.Length(max=longest))


def name_of(choices: tuple[str, ...]) -> fields.String:
    """One of a closed list of published names."""
    return fields.String(required=True, validate=validate.OneOf(choices))


def cents(*, allow_none: bool = False) -> fields.Integer:
    """An amount in integer cents, negative where something is owed."""
    return fields.Integer(required=True, allow_none=allow_none, strict=True)


def count() -> fields.Integer:
    """A whole number from zero."""
    return fields.Integer(required=True, strict=True, validate=validate.Range(min=0))


def instant(*, allow_none: bool = False) -> fields.AwareDateTime:
    """A moment, "2026-11-16T08:00:00Z", milliseconds optional."""
    return fields.AwareDateTime(required=True, allow_none=allow_none)


def address() -> fields.String:
    """An address on the web."""
    return fields.String(
        required=True, validate=[validate.Length(max=500), validate.Regexp(r"\Ahttps?://[\x21-\x7e]+\Z")]
    )


def idempotency_key() -> fields.String:
    """The caller's own name for one attempt."""
    return fields.String(required=True, validate=validate.Regexp(r"\A[\x21-\x7e]{1,255}\Z"))


def sha256() -> fields.String:
    """A SHA-256 in hexadecimal."""
    return fields.String(required=True, validate=validate.Regexp(r"\A[0-9a-f]{64}\Z"))


class OfficeDue(Schema):
    """One cash office's part: prepaid lines, less credit notes, is due."""

    cash_office_id = identifier()
    name = text()
    bookings_cents = cents()
    credits_used_cents = cents()
    amount_due_cents = cents()
