"""What became of a confirmed draft, line by line, and its numbered requests. Amounts are integer cents."""

from dataclasses import dataclass

from gateway.clients.booking.basket import Office
from gateway.clients.booking.facts import BookingFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationLine(BookingFacts):
    """What became of one line; the verdict is None while the confirmation is open."""

    line: int
    action: str
    booking_id: str | None = None
    verdict: str | None = None
    reason: str | None = None
    rank: int | None = None
    held_until: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSummary:
    """One numbered request of a confirmation."""

    id: str
    number: str
    child_id: str
    centre_id: str
    state: str
    period_id: str | None = None
    period_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditGiven:
    """The avoir of a booking that was cancelled."""

    booking_id: str
    number: str
    amount_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Settling:
    """Where the money of a confirmation stands; a booking of an earlier release tells of no avoirs."""

    state: str
    amount_due_cents: int
    held_until: str | None = None
    offices: tuple[Office, ...] = ()
    credit_notes: tuple[CreditGiven, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """A draft that was confirmed; `state` is open or answered."""

    id: str
    state: str
    asked_at: str
    lines: tuple[ConfirmationLine, ...]
    requests: tuple[RequestSummary, ...]
    payment: Settling
    answered_at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A numbered request, and its lines as they stand now."""

    id: str
    number: str
    child_id: str
    child_name: str
    centre_id: str
    centre_name: str
    state: str
    asked_at: str
    lines: tuple[ConfirmationLine, ...]
    period_id: str | None = None
    period_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """A page of requests, newest first."""

    data: tuple[Request, ...]
    next_cursor: str | None = None
