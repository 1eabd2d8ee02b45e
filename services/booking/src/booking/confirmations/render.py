"""Confirmations and requests as messages, a request as a document, and the event that tells of an answer."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from booking.basket.model import Line
from booking.bookings.model import BookingRecord
from booking.confirmations.model import Confirmation, NumberedRequest, RequestState
from booking.confirmations.rules.requests import lines_of_request
from booking.copies.model import Organisation
from booking.copies.render import letterhead
from booking.labels import facts, instant_text, office
from booking.tables import Row, table
from booking.vocabulary import Action, Reason, SettlementAnswer, Verdict
from booking.words import SAID, legend, remark, state_cell
from chassis.printing.document import Block, Cell, Facts, Heading
from chassis.printing.document import Document as PdfDocument
from chassis.storage.documents import Document
from chassis.values import typography
from chassis.values.instants import to_text

Records = Mapping[str, BookingRecord]
COSTS_NOTHING = {"refused", "cancelled", "expired"}
"""Bookings in these states count for nothing in the sum of a request."""


def confirmation(
    one: Confirmation,
    payment: SettlementAnswer,
    states: Mapping[str, RequestState],
    records: Records,
    periods: Mapping[str, str],
) -> Document:
    """Write a confirmation.

    `records` says what its bookings have become since, empty for the answer as given; `periods` what these
    are called, by id.
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
                "period_name": periods.get(request.period_id or ""),
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
    one: Confirmation, request: NumberedRequest, period: str | None, state: RequestState, records: Records
) -> Document:
    """Write a request, in the period of this name, with its lines in the state of this moment."""
    known = lines_of_request(one, request)
    return {
        "id": request.id,
        "number": request.number,
        "child_id": request.child_id,
        "child_name": known[0].facts.child_name,
        "centre_id": request.centre_id,
        "centre_name": known[0].facts.centre_name,
        "period_id": request.period_id,
        "period_name": period,
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


def printed_request(
    told: Document, lines: Sequence[Line], organisation: Organisation, now: datetime, language: str
) -> PdfDocument:
    """Return a request, as `numbered_request` tells of it, as a document that says when it stood so."""
    said, zone = SAID[language], organisation.time_zone
    seen = typography.moment(to_text(now), zone, language)
    rows = (
        ("number", Cell(told["number"])),
        ("child", Cell(told["child_name"])),
        ("centre", Cell(told["centre_name"])),
        ("period", Cell(told["period_name"] or "")),
        ("asked_at", Cell(typography.moment(told["asked_at"], zone, language))),
        ("state", state_cell(told["state"], language)),
        ("seen_at", Cell(seen)),
    )
    blocks: list[Block] = [Facts(tuple((said[name], cell) for name, cell in rows if cell.text))]
    shown = list(zip(lines, told["lines"], strict=True))
    for action, title in ((Action.BOOK, said["bookings"]), (Action.CANCEL, said["cancellations"])):
        found = [_row(line, now_, language) for line, now_ in shown if line.action is action]
        if found:
            blocks += [Heading(title), table(title, found, language)]
    states = [told["state"], *(line["verdict"] for line in told["lines"] if line["verdict"])]
    return PdfDocument(
        title=f"{said['request']} {told['number']}",
        language=language,
        letterhead=letterhead(organisation, language),
        at=now,
        blocks=(*blocks, legend(states, language)),
        foot=f"{organisation.name}, {said['request'].lower()} {told['number']}",
    )


def _row(line: Line, told: Document, language: str) -> Row:
    """Return a line of a request in the state that is told of it."""
    state, cents = told["verdict"], line.facts.cost_cents
    if state is None:
        return line.facts, Cell(typography.UNKNOWN), cents
    reason = Reason(told["reason"]) if told["reason"] else None
    cell = state_cell(state, language, remark=remark(reason, told["rank"], language))
    nothing = state == "refused" or (line.action is Action.BOOK and state in COSTS_NOTHING)
    return line.facts, cell, None if nothing else cents
