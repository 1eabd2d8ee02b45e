"""Confirmations and the numbered requests that they make."""

from marshmallow import Schema, validate

from gateway import clients, errors, session
from gateway.api.family.facts import BookingFacts
from gateway.api.fields import Amount, Id, Instant, Int, One, Slice, SliceSchema, Str, each
from gateway.api.names import (
    ACTIONS,
    BOOKING_STATES,
    REQUEST_STATES,
    SETTLING_STATES,
)
from gateway.api.operation import Headers, Resource, linked
from gateway.clients import booking
from gateway.clients.asking import Printed

blueprint = Resource("confirmations", __name__, description="Answers, line by line")


class Office(Schema):
    """What one cash office charges: no money crosses cash offices."""

    cash_office_id = Id()
    name = Str()
    bookings = Amount()
    credits_used = Amount()
    amount_due = Amount()


class ConfirmationLine(BookingFacts):
    """What became of one line; the verdict is null while the confirmation is open."""

    line = Int()
    action = Str(validate=validate.OneOf(ACTIONS))
    booking_id = Id(allow_none=True)
    verdict = Str(validate=validate.OneOf(BOOKING_STATES), allow_none=True)
    reason = Str(allow_none=True)
    rank = Int(allow_none=True)
    held_until = Instant(allow_none=True)


class RequestSummary(Schema):
    """One numbered request of a confirmation."""

    id = Id()
    number = Str()
    child_id = Id()
    centre_id = Id()
    period_id = Id(allow_none=True)
    period_name = Str(allow_none=True)
    state = Str(validate=validate.OneOf(REQUEST_STATES))


class CreditGiven(Schema):
    """The avoir of a booking that was cancelled."""

    booking_id = Id()
    number = Str()
    amount = Amount()


class Settling(Schema):
    """Where the money stands; `due` is to be paid before `held_until`.

    `credit_notes` are the avoirs of what was cancelled, as far as they are known.
    """

    state = Str(validate=validate.OneOf(SETTLING_STATES))
    held_until = Instant(allow_none=True)
    amount_due = Amount()
    offices = each(Office)
    credit_notes = each(CreditGiven)


class Confirmation(Schema):
    """A basket that was confirmed."""

    id = Id()
    state = Str(validate=validate.OneOf(["open", "answered"]))
    asked_at = Instant()
    answered_at = Instant(allow_none=True)
    lines = each(ConfirmationLine)
    requests = each(RequestSummary)
    payment = One(Settling)


class ConfirmationAnswer(Schema):
    """One confirmation."""

    confirmation = One(Confirmation)


class RequestRow(Schema):
    """A numbered request and its lines as they stand now."""

    id = Id()
    number = Str()
    child_id = Id()
    child_name = Str()
    centre_id = Id()
    centre_name = Str()
    period_id = Id(allow_none=True)
    period_name = Str(allow_none=True)
    state = Str(validate=validate.OneOf(REQUEST_STATES))
    asked_at = Instant()
    lines = each(ConfirmationLine)


class RequestPage(Schema):
    """A page of requests, newest first."""

    data = each(RequestRow)
    next_cursor = Str(allow_none=True)


class RequestAnswer(Schema):
    """One request."""

    request = One(RequestRow)


def located(confirmation: booking.Confirmation) -> tuple[dict[str, booking.Confirmation], Headers]:
    """Return the confirmation and the address where it can be read again."""
    return {"confirmation": confirmation}, {"Location": f"/api/v1/confirmations/{confirmation.id}"}


@blueprint.operation(
    "GET", "/confirmations/<id:confirmation_id>", policy="family", returns=ConfirmationAnswer
)
def get_confirmation(confirmation_id: str) -> dict[str, booking.Confirmation]:
    """Show a confirmation and its verdicts."""
    return {"confirmation": clients.current().booking.get_confirmation(session.context(), confirmation_id)}


@blueprint.operation(
    "GET", "/requests", policy="family", query=SliceSchema, returns=RequestPage, headers=("Link",)
)
def list_requests(query: Slice) -> tuple[booking.Requests, Headers]:
    """List the family's requests."""
    return linked(
        clients.current().booking.list_requests(session.context(), cursor=query.cursor, limit=query.limit)
    )


@blueprint.operation("GET", "/requests/<id:request_id>", policy="family", returns=RequestAnswer)
def get_request(request_id: str) -> dict[str, booking.Request]:
    """Show a request with its lines."""
    return {"request": clients.current().booking.get_request(session.context(), request_id)}


@blueprint.operation("GET", "/requests/<id:request_id>/request.pdf", policy="family", prints=True)
def print_request(request_id: str) -> Printed:
    """Return a request as PDF, as it stands now, in the language that the caller accepts."""
    return clients.current().booking.print_request(session.context(), request_id, errors.language())
