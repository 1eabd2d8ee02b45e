"""Confirmations and numbered requests as messages, and the event that tells of an answer."""

from collections.abc import Iterable, Mapping

from booking.basket.model import Line
from booking.bookings.model import BookingRecord
from booking.confirmations.model import Confirmation, NumberedRequest, RequestState
from booking.confirmations.rules.requests import lines_of_request
from booking.labels import facts, instant_text, office
from booking.vocabulary import Action, SettlementAnswer, Verdict
from chassis.storage.documents import Document

Records = Mapping[str, BookingRecord]


def confirmation(
    one: Confirmation, payment: SettlementAnswer, states: Mapping[str, RequestState], records: Records
) -> Document:
    """Write a confirmation.

    `records` says what its bookings have become since, empty for the answer as given.
    """
    return {
        "id": one.id,
        "state": one.state.value,
        "asked_at": instant_text(one.asked_at),
        "answered_at": instant_text(one.answered_at),
        "lines": [_line(line, records) for line in one.lines],
        "requests": [
            {
                "id": request.id,
                "number": request.number,
                "child_id": request.child_id,
                "centre_id": request.centre_id,
                "period_id": request.period_id,
                "state": states[request.id].value,
            }
            for request in one.requests
        ],
        "payment": _payment(payment),
    }


def answered_entry(one: Confirmation) -> Document:
    """Write the event `confirmation_answered` as it waits in its document: `answer` makes what it says."""
    entry: Document = {
        "id": f"{one.id}:answered",
        "name": "confirmation_answered",
        "aggregate_id": one.id,
        "sequence": 1,
        "at": one.answered_at,
        "request_id": one.request_id,
    }
    return {**entry, "actor": one.actor} if one.actor else entry


def answer(one: Confirmation) -> Document:
    """Write what `confirmation_answered` says: what notify tells the family."""
    numbers = {
        line.line: request.number for request in one.requests for line in lines_of_request(one, request)
    }
    return {
        "confirmation_id": one.id,
        "family_id": one.family_id,
        "account_id": one.account_id,
        "asked_at": instant_text(one.asked_at),
        "lines": [{**_line(line, {}), "request_number": numbers.get(line.line)} for line in one.lines],
        "payment": _payment(one.payment),
    }


def numbered_request(
    one: Confirmation, request: NumberedRequest, lines: Iterable[Line], state: RequestState, records: Records
) -> Document:
    """Write a request with its lines in the state of this moment."""
    known = list(lines)
    return {
        "id": request.id,
        "number": request.number,
        "child_id": request.child_id,
        "child_name": known[0].facts.child_name,
        "centre_id": request.centre_id,
        "centre_name": known[0].facts.centre_name,
        "period_id": request.period_id,
        "state": state.value,
        "asked_at": instant_text(one.asked_at),
        "lines": [_line(line, records) for line in known],
    }


def _payment(payment: SettlementAnswer) -> Document:
    return {
        "state": payment.state.value,
        "held_until": instant_text(payment.held_until),
        "amount_due_cents": payment.amount_due_cents,
        "offices": [office(each) for each in payment.offices],
        "credit_notes": [
            {"booking_id": each.booking_id, "number": each.number, "amount_cents": each.amount_cents}
            for each in payment.credit_notes
        ],
    }


def _line(line: Line, records: Records) -> Document:
    answer, record = line.answer, records.get(line.booking_id or "")
    if line.action is Action.CANCEL:
        record = None  # the booking's state is that of its own line; here the verdict on leaving counts
    refused = answer is not None and answer.verdict is Verdict.REFUSED
    written: Document = {
        "line": line.line,
        "action": line.action.value,
        "booking_id": None if refused and line.action is Action.BOOK else line.booking_id,
        **facts(line.facts),
        "verdict": answer.verdict.value if answer else None,
        "reason": answer.reason.value if answer and answer.reason else None,
        "rank": answer.rank if answer else None,
        "held_until": instant_text(answer.held_until) if answer else None,
    }
    if record is not None:
        written["verdict"] = record.state.value
        written["rank"] = record.rank
        written["held_until"] = instant_text(record.held_until)
    return written
