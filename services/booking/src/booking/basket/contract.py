"""The basket that counts for nothing yet, and its review."""

from collections.abc import Sequence
from dataclasses import dataclass

from marshmallow import Schema, fields, validate

from booking.basket import model
from booking.basket.rules.drafts import MOVEMENTS_MAX
from booking.fields import one_of
from booking.offer import contract as offer
from booking.planning.contract import Calendar, GetCalendar, GetCalendarRequest
from booking.seats.contract import CancellableFacts
from booking.vocabulary import Action, BookingState, DayPart
from chassis.printing.contract import LANGUAGES
from chassis.values.fields import cents, count, day, identifier, instant, name_of, text
from chassis.values.requests import RequestSchema


class Movement(RequestSchema):
    """One line of a basket: a new booking, or a cancellation of one that stands."""

    into = model.Movement
    action = one_of(Action)
    child_id = identifier()
    activity_id = identifier()
    centre_id = identifier()
    day = day()
    day_part = one_of(DayPart)


class Draft(Schema):
    """The account's one open basket."""

    id = identifier()
    version = count()
    movements = fields.List(fields.Nested(Movement), required=True)
    updated_at = instant()


@dataclass(frozen=True, slots=True)
class ListOffer:
    """What may be chosen; `with_draft` asks for the account's open draft as well, `calendar` for days."""

    with_draft: bool
    calendar: GetCalendar | None = None


class ListOfferRequest(RequestSchema):
    """Whether the draft is wanted too, and which days; the family comes from the context."""

    into = ListOffer
    with_draft = fields.Boolean(load_default=False)
    calendar = fields.Nested(GetCalendarRequest, load_default=None, allow_none=True)


class Offer(offer.Offer):
    """Everything that a family may choose from, beside what it has chosen."""

    draft = fields.Nested(Draft)
    calendar = fields.Nested(Calendar)


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """Nothing to say: one account has one open draft in one organisation."""


class OpenDraftRequest(RequestSchema):
    """No field at all."""

    into = OpenDraft


@dataclass(frozen=True, slots=True)
class DraftNamed:
    """Which draft: asked by get_draft, clear_draft, abandon_draft and review."""

    draft_id: str


class DraftRequest(RequestSchema):
    """The draft's id."""

    into = DraftNamed

    draft_id = identifier()


@dataclass(frozen=True, slots=True)
class ChangeDraft:
    """What enters the basket and what leaves it; leaving goes first."""

    draft_id: str
    add: Sequence[model.Movement]
    remove: Sequence[model.Movement]


class ChangeDraftRequest(RequestSchema):
    """The draft's id, and movements."""

    into = ChangeDraft

    draft_id = identifier()
    add = fields.List(fields.Nested(Movement), load_default=list, validate=validate.Length(max=MOVEMENTS_MAX))
    remove = fields.List(
        fields.Nested(Movement), load_default=list, validate=validate.Length(max=MOVEMENTS_MAX)
    )


@dataclass(frozen=True, slots=True)
class PrintReview:
    """Which draft's review, and in which language."""

    draft_id: str
    language: str


class PrintReviewRequest(RequestSchema):
    """The draft's id, and the language of who reads the document."""

    into = PrintReview

    draft_id = identifier()
    language = name_of(LANGUAGES)


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


class ReviewLine(CancellableFacts):
    """One line of the review with what confirming it would answer at this moment."""

    line = count()
    expected = name_of(BookingState)
    reason = text(allow_none=True, longest=40)
    rank = count(allow_none=True, least=1)


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
