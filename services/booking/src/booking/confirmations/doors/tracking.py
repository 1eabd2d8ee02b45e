"""Doors that look back: confirmations and numbered requests, with the state of this moment."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from booking.bookings.model import BookingRecord
from booking.bookings.rules import named_today
from booking.bookings.store import Bookings
from booking.confirmations import contract, render
from booking.confirmations.contract import GetConfirmation, GetRequest, ListRequests, PrintRequest
from booking.confirmations.model import Confirmation, NumberedRequest, RequestState
from booking.confirmations.rules.payments import payment_now
from booking.confirmations.rules.requests import lines_of_request, request_state
from booking.confirmations.rules.standing import record_of_line, states_of
from booking.confirmations.store import Confirmations
from booking.copies.store import Children
from booking.fields import read_cursor, written_cursor
from booking.offer.store import Offers
from booking.ports import Call
from booking.words import SAID
from chassis.doors.capabilities import own_family
from chassis.doors.rpc import rpc
from chassis.printing.contract import PrintedReply, printed
from chassis.storage.documents import Document
from chassis.values.errors import Refused
from chassis.values.instants import from_text

Records = Mapping[str, BookingRecord]


@rpc(own_family(), request=contract.GetConfirmationRequest(), reply=contract.ConfirmationReply())
def get_confirmation(call: Call, request: GetConfirmation) -> Document:
    """Show a confirmation with what its lines and its payment have become since. Refused: not_found."""
    found = call.store(Confirmations).find(call.scope, request.confirmation_id)
    if found is None:
        raise Refused("not_found", "no such confirmation")
    records = call.store(Bookings).of_confirmations(call.scope, [found.id])
    (found,), states = _named(call, [found]), _states(found, records)
    payment = payment_now(found, records)
    return {"confirmation": render.confirmation(found, payment, states, records, _periods(call))}


def as_answered(call: Call, one: Confirmation) -> Document:
    """Show a confirmation exactly as it was answered; periods are called as they are today."""
    return {"confirmation": render.confirmation(one, one.payment, _states(one, {}), {}, _periods(call))}


@rpc(own_family(), request=contract.ListRequestsRequest(), reply=contract.RequestList())
def list_requests(call: Call, request: ListRequests) -> Document:
    """Show a page of the family's numbered requests, the latest first; a confirmation's stay on one page.

    Refused: malformed for a cursor of another list.
    """
    before = read_cursor(request.cursor, from_text)
    found = call.store(Confirmations).page(call.scope, before, request.limit + 1)
    page, more = _named(call, found[: request.limit]), len(found) > request.limit
    records = call.store(Bookings).of_confirmations(call.scope, [one.id for one in page])
    periods = _periods(call)
    return {
        "data": [_request(one, numbered, records, periods) for one in page for numbered in one.requests],
        "next_cursor": written_cursor(page[-1].asked_at.isoformat(), page[-1].id) if more else None,
    }


@rpc(own_family(), request=contract.GetRequestRequest(), reply=contract.RequestReply())
def get_request(call: Call, request: GetRequest) -> Document:
    """Show one numbered request. Refused: not_found."""
    found, numbered = _numbered(call, request.request_id)
    records = call.store(Bookings).of_confirmations(call.scope, [found.id])
    return {"request": _request(found, numbered, records, _periods(call))}


@rpc(own_family(), request=contract.PrintRequestRequest(), reply=PrintedReply())
def print_request(call: Call, request: PrintRequest) -> Document:
    """Make one numbered request as PDF, in the state of this moment. Refused: not_found."""
    found, numbered = _numbered(call, request.request_id)
    records = call.store(Bookings).of_confirmations(call.scope, [found.id])
    told = _request(found, numbered, records, _periods(call))
    organisation = call.store(Offers).known(call.scope).organisation
    lines = lines_of_request(found, numbered)
    document = render.printed_request(told, lines, organisation, call.now(), request.language)
    name = f"{SAID[request.language]['request_file']}-{numbered.number}.pdf"
    return printed(name, call.ports.press.make(document, call.left_s()))


def _numbered(call: Call, request_id: str) -> tuple[Confirmation, NumberedRequest]:
    """Return a request and its confirmation, in which children are called as today. Refused: not_found."""
    found = call.store(Confirmations).find(call.scope, request_id.partition(".")[0])
    requests = found.requests if found else ()
    numbered = next((each for each in requests if each.id == request_id), None)
    if found is None or numbered is None:
        raise Refused("not_found", "no such request")
    (found,) = _named(call, [found])
    return found, numbered


def _periods(call: Call) -> dict[str, str]:
    """Return what periods are called, by id."""
    return {each.id: each.name for each in call.store(Offers).known(call.scope).periods}


def _named(call: Call, found: Sequence[Confirmation]) -> list[Confirmation]:
    """Call the children as they are called today, on days to come."""
    if not found:
        return []
    today, names = (
        call.store(Offers).known(call.scope).today(call.now()),
        call.store(Children).names(call.scope),
    )
    return [
        replace(
            one,
            lines=tuple(replace(line, facts=named_today(line.facts, names, today)) for line in one.lines),
        )
        for one in found
    ]


def record_of(call: Call, booking_id: str) -> BookingRecord:
    """One of the family's bookings.

    In the list or, when that is a moment behind, in its confirmation.
    """
    record = call.store(Bookings).find(call.scope, booking_id)
    if record is not None:
        return record
    asked = call.store(Confirmations).of_booking(call.scope, booking_id)
    if asked is None or asked.family_id not in call.scope.family_ids:
        raise Refused("not_found", "no such booking")
    return record_of_line(asked, booking_id)


def _request(
    one: Confirmation, numbered: NumberedRequest, records: Records, periods: Mapping[str, str]
) -> Document:
    state = request_state(states_of(lines_of_request(one, numbered), records))
    return render.numbered_request(one, numbered, periods.get(numbered.period_id or ""), state, records)


def _states(one: Confirmation, records: Records) -> dict[str, RequestState]:
    return {
        numbered.id: request_state(states_of(lines_of_request(one, numbered), records))
        for numbered in one.requests
    }
