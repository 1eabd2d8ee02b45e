"""The second validation and its answer, the requests that it makes, and the cancelling of one booking."""

from dataclasses import dataclass

from marshmallow import Schema, fields

from booking.basket.contract import ReviewOffice
from booking.confirmations.model import RequestState
from booking.seats.contract import ShownFacts
from booking.vocabulary import Action, BookingState, SettlementState
from chassis.printing.contract import LANGUAGES
from chassis.storage.outbox import EventType
from chassis.values.fields import (
    cents,
    count,
    cursor,
    idempotency_key,
    identifier,
    instant,
    limit,
    name_of,
    sha256,
    text,
)
from chassis.values.requests import RequestSchema


@dataclass(frozen=True, slots=True)
class Confirm:
    """The draft, the quote that was shown, and the caller's idempotency key with the hash of its body."""

    draft_id: str
    quote_id: str
    key: str
    body_sha256: str


class ConfirmRequest(RequestSchema):
    """What is confirmed, and under which key."""

    into = Confirm

    draft_id = identifier()
    quote_id = identifier()
    key = idempotency_key()
    body_sha256 = sha256()


@dataclass(frozen=True, slots=True)
class Cancel:
    """One booking to cancel, under the caller's idempotency key with the hash of its body."""

    booking_id: str
    key: str
    body_sha256: str


class CancelRequest(RequestSchema):
    """What is cancelled, and under which key."""

    into = Cancel

    booking_id = identifier()
    key = idempotency_key()
    body_sha256 = sha256()


@dataclass(frozen=True, slots=True)
class GetConfirmation:
    """Which confirmation."""

    confirmation_id: str


class GetConfirmationRequest(RequestSchema):
    """The confirmation's id."""

    into = GetConfirmation

    confirmation_id = identifier()


class ConfirmationLine(ShownFacts):
    """What became of one line; `reason` says why when it was refused."""

    line = count()
    action = name_of(Action)
    booking_id = identifier(allow_none=True)
    verdict = name_of(BookingState, allow_none=True)
    reason = text(allow_none=True, longest=40)
    rank = count(allow_none=True, least=1)
    held_until = instant(allow_none=True)


class RequestSummary(Schema):
    """A numbered request: one per child, centre and period of a confirmation."""

    id = identifier()
    number = text(longest=20)
    child_id = identifier()
    centre_id = identifier()
    period_id = identifier(allow_none=True)
    period_name = text(allow_none=True)
    state = name_of(RequestState)


class CreditGiven(Schema):
    """The avoir of a booking that was cancelled."""

    booking_id = identifier()
    number = text(longest=60)
    amount_cents = cents()


class Payment(Schema):
    """Where the money stands: `due` is to be paid before `held_until`, `pending` is not known yet.

    `credit_notes` are those of what was cancelled, as far as billing has told of them.
    """

    state = name_of(SettlementState)
    held_until = instant(allow_none=True)
    amount_due_cents = cents()
    offices = fields.List(fields.Nested(ReviewOffice), required=True)
    credit_notes = fields.List(fields.Nested(CreditGiven), required=True)


class Confirmation(Schema):
    """A confirmation with its answer, line by line; verdicts are null while it is open."""

    id = identifier()
    state = name_of(("open", "answered"))
    asked_at = instant()
    answered_at = instant(allow_none=True)
    lines = fields.List(fields.Nested(ConfirmationLine), required=True)
    requests = fields.List(fields.Nested(RequestSummary), required=True)
    payment = fields.Nested(Payment, required=True)


class ConfirmationReply(Schema):
    """The confirmation."""

    confirmation = fields.Nested(Confirmation, required=True)


@dataclass(frozen=True, slots=True)
class ListRequests:
    """A page of the family's requests, the latest first."""

    cursor: str | None
    limit: int


class ListRequestsRequest(RequestSchema):
    """The page."""

    into = ListRequests

    cursor = cursor()
    limit = limit()


@dataclass(frozen=True, slots=True)
class GetRequest:
    """Which numbered request."""

    request_id: str


class GetRequestRequest(RequestSchema):
    """The request's id."""

    into = GetRequest

    request_id = identifier()


@dataclass(frozen=True, slots=True)
class PrintRequest:
    """Which numbered request, and in which language."""

    request_id: str
    language: str


class PrintRequestRequest(RequestSchema):
    """The request's id, and the language of who reads the document."""

    into = PrintRequest

    request_id = identifier()
    language = name_of(LANGUAGES)


class NumberedRequest(Schema):
    """A request with its lines in the state of this moment."""

    id = identifier()
    number = text(longest=20)
    child_id = identifier()
    child_name = text()
    centre_id = identifier()
    centre_name = text()
    period_id = identifier(allow_none=True)
    period_name = text(allow_none=True)
    state = name_of(RequestState)
    asked_at = instant()
    lines = fields.List(fields.Nested(ConfirmationLine), required=True)


class RequestList(Schema):
    """A page of requests."""

    data = fields.List(fields.Nested(NumberedRequest), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class RequestReply(Schema):
    """One request."""

    request = fields.Nested(NumberedRequest, required=True)


class AnsweredLine(ConfirmationLine):
    """A line that has its answer, and therefore a verdict; `request_number` is that of its request."""

    verdict = name_of(BookingState)
    request_number = text(allow_none=True, longest=20)


class ConfirmationAnswered(Schema):
    """A confirmation has its answer: one mail tells of it."""

    confirmation_id = identifier()
    family_id = identifier()
    account_id = identifier()
    asked_at = instant()
    lines = fields.List(fields.Nested(AnsweredLine), required=True)
    payment = fields.Nested(Payment, required=True)


EVENTS: dict[str, EventType] = {
    "confirmation_answered": EventType(schema=ConfirmationAnswered(), subscribers=("notify",)),
}
