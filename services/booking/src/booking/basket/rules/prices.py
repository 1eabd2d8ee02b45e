"""What the lines of a basket cost: what billing is asked, and what a free basket is worth without it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from booking.basket.model import Line
from booking.vocabulary import Action, ChargingMode, QuotedPrices, Reason, Verdict

FROZEN = timedelta(minutes=30)


def free_quote(quote_id: str, now: datetime) -> QuotedPrices:
    """A quote that asks for nothing, valid as long as one of billing's."""
    return QuotedPrices(id=quote_id, expires_at=now + FROZEN)


def priced(lines: Iterable[Line], quote: QuotedPrices) -> tuple[Line, ...]:
    """Put billing's prices on the lines: what a booking costs, what a cancellation gives back."""
    return tuple(replace(line, facts=replace(line.facts, cost_cents=_cost(line, quote))) for line in lines)


def _cost(line: Line, quote: QuotedPrices) -> int | None:
    if line.facts.charging_mode is ChargingMode.FREE:
        return 0
    if line.action is Action.CANCEL:
        return quote.credits_cents.get(line.line, 0)
    return quote.prices_cents.get(line.line)


def is_quoted(line: Line) -> bool:
    """Whether billing has anything to say about a line.

    Free ones and those that can't be booked cost nothing.
    """
    if line.facts.charging_mode is ChargingMode.FREE or line.booking_id is None:
        return False
    if line.action is Action.CANCEL:
        return line.answer is None or line.answer.in_time
    hopeless = {Reason.NOT_OPEN, Reason.AGE, Reason.NOT_ENROLLED}
    return line.answer is None or line.answer.reason not in hopeless


def is_charged(line: Line) -> bool:
    """Whether a line is expected to be paid at once."""
    return line.action is Action.BOOK and line.answer is not None and line.answer.verdict is Verdict.HELD
