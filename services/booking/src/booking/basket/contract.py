"""The basket that counts for nothing yet, and its review."""

from marshmallow import Schema, fields, validate

from booking.fields import (
    ACTIONS,
    BOOKING_STATES,
    CHARGING_MODES,
    DAY_PARTS,
    DRAFT_MOVEMENTS_MAX,
    cents,
    count,
    day,
    identifier,
    instant,
    local_time,
    name_of,
    text,
)


class Movement(Schema):
    """One line of a basket: a new booking, or a cancellation of one that stands."""

    action = name_of(ACTIONS)
    child_id = identifier()
    activity_id = identifier()
    centre_id = identifier()
    day = day()
    day_part = name_of(DAY_PARTS)


class Draft(Schema):
    """The account's one open basket."""

    id = identifier()
    version = count()
    movements = fields.List(fields.Nested(Movement), required=True)
    updated_at = instant()


class OpenDraftRequest(Schema):
    """Nothing to say: one account has one open draft in one organisation."""


class DraftRequest(Schema):
    """Which draft: asked by get_draft, clear_draft, abandon_draft and review."""

    draft_id = identifier()


class ChangeDraftRequest(Schema):
    """What enters the basket and what leaves it; leaving goes first."""

    draft_id = identifier()
    add = fields.List(
        fields.Nested(Movement), load_default=list, validate=validate.Length(max=DRAFT_MOVEMENTS_MAX)
    )
    remove = fields.List(
        fields.Nested(Movement), load_default=list, validate=validate.Length(max=DRAFT_MOVEMENTS_MAX)
    )


class DraftReply(Schema):
    """The draft as it now stands."""

    draft = fields.Nested(Draft, required=True)


class IgnoredMovement(Schema):
    """A movement that the draft did not take, and why."""

    movement = fields.Nested(Movement, required=True)
    code = text(longest=40)


class ChangedDraft(Schema):
    """The draft as it now stands, and what it did not take."""

    draft = fields.Nested(Draft, required=True)
    ignored = fields.List(fields.Nested(IgnoredMovement), required=True)


class Nothing(Schema):
    """A reply without content."""


class ReviewLine(Schema):
    """One line of the review with what confirming it would answer at this moment."""

    line = count()
    child_id = identifier()
    child_name = text()
    activity_id = identifier()
    activity_name = text()
    centre_id = identifier()
    centre_name = text()
    day = day()
    day_part = name_of(DAY_PARTS)
    arrives_at = local_time(allow_none=True)
    leaves_at = local_time(allow_none=True)
    charging_mode = name_of(CHARGING_MODES)
    cost_cents = cents(allow_none=True)
    expected = name_of(BOOKING_STATES)
    reason = text(allow_none=True, longest=40)
    rank = count(allow_none=True, least=1)
    cancellable_until = instant(allow_none=True)


class Totals(Schema):
    """The sums under the two tables."""

    bookings_cents = cents()
    cancellations_cents = cents()
    credits_used_cents = cents()
    amount_due_cents = cents()


class ReviewOffice(Schema):
    """What one cash office will ask for."""

    cash_office_id = identifier()
    name = text()
    bookings_cents = cents()
    credits_used_cents = cents()
    amount_due_cents = cents()


class Review(Schema):
    """The recapitulation before the second validation; `next` says whether confirming leads to a payment."""

    draft_id = identifier()
    draft_version = count()
    quote_id = identifier()
    expires_at = instant()
    bookings = fields.List(fields.Nested(ReviewLine), required=True)
    cancellations = fields.List(fields.Nested(ReviewLine), required=True)
    totals = fields.Nested(Totals, required=True)
    offices = fields.List(fields.Nested(ReviewOffice), required=True)
    next = name_of(("ok", "pay"))


class ReviewReply(Schema):
    """The review of a draft."""

    review = fields.Nested(Review, required=True)
