"""What a family gathers, sees again and confirms.

Movements, drafts, reviews, confirmations, and their money.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from booking.model.bookings import Action, ChargingMode, DayPart, DecisionMode, State
from booking.model.seats import Answer


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of a draft; two equal movements are one."""

    action: Action
    child_id: str
    activity_id: str
    centre_id: str
    day: date
    day_part: DayPart


@dataclass(frozen=True, slots=True)
class Line:
    """A movement with everything that was known when it was looked at, prices in cents included.

    ``seats_id`` and ``slot`` say where its seat is, ``may_overlap`` whether the child may be elsewhere then;
    ``answer`` is what was expected (review) or given (confirmation), None while nobody knows.
    """

    line: int
    action: Action
    booking_id: str | None
    child_id: str
    child_name: str
    activity_id: str
    activity_name: str
    activity_group: str
    centre_id: str
    centre_name: str
    day: date
    day_part: DayPart
    arrives_at: str | None
    leaves_at: str | None
    charging_mode: ChargingMode
    decision_mode: DecisionMode
    seats_id: str | None
    slot: str | None
    gauges: tuple[str, ...] = ()
    period_id: str | None = None
    cost_cents: int | None = None
    cancellable_until: datetime | None = None
    may_overlap: bool = False
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Office:
    """What one cash office asks for."""

    cash_office_id: str
    name: str
    bookings_cents: int
    credits_used_cents: int
    amount_due_cents: int


@dataclass(frozen=True, slots=True)
class Quote:
    """Billing's frozen prices: by line what a booking costs and what a cancellation gives back."""

    id: str
    expires_at: datetime
    prices_cents: Mapping[int, int] = field(default_factory=dict)
    credits_cents: Mapping[int, int] = field(default_factory=dict)
    offices: tuple[Office, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """A draft as it was shown before the second validation."""

    draft_id: str
    draft_version: int
    quote_id: str
    expires_at: datetime
    lines: tuple[Line, ...]
    offices: tuple[Office, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """The account's one open basket; ``confirmation_id`` is set once it was confirmed."""

    id: str
    organisation_id: str
    account_id: str
    version: int
    movements: tuple[Movement, ...]
    updated_at: datetime
    review: Review | None = None
    confirmation_id: str | None = None


class PaymentState(StrEnum):
    """Where the money of a confirmation stands."""

    NONE = "none"
    SETTLED = "settled"
    DUE = "due"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Payment:
    """Billing's answer to a settlement; ``held_until`` is when the first held seat is freed."""

    state: PaymentState = PaymentState.NONE
    held_until: datetime | None = None
    amount_due_cents: int = 0
    offices: tuple[Office, ...] = ()


@dataclass(frozen=True, slots=True)
class NumberedRequest:
    """What a confirmation makes for one child, centre and period."""

    id: str
    number: str
    child_id: str
    centre_id: str
    period_id: str | None


class ConfirmationState(StrEnum):
    """A confirmation is open until it has its answer."""

    OPEN = "open"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The second validation of a basket, or the cancelling of one booking.

    ``lines`` and ``payment`` are the stored answer and never change once ``answered``; ``money`` is where the
    payment stands now. ``lease_until`` is until when one process has the answering to itself.
    """

    id: str
    organisation_id: str
    account_id: str
    family_id: str
    body_sha256: str
    draft_id: str | None
    quote_id: str | None
    request_id: str
    asked_at: datetime
    lease_until: datetime
    lines: tuple[Line, ...]
    requests: tuple[NumberedRequest, ...] = ()
    state: ConfirmationState = ConfirmationState.OPEN
    answered_at: datetime | None = None
    payment: Payment = field(default_factory=Payment)
    money: Payment = field(default_factory=Payment)


@dataclass(frozen=True, slots=True)
class BookingRecord:
    """A booking as lists show it, folded from the events of its seat.

    ``sequence`` is the last one folded in.
    """

    id: str
    organisation_id: str
    family_id: str
    account_id: str | None
    child_id: str
    child_name: str
    activity_id: str
    activity_name: str
    activity_group: str
    centre_id: str
    centre_name: str
    day: date
    day_part: DayPart
    arrives_at: str | None
    leaves_at: str | None
    charging_mode: ChargingMode
    cost_cents: int | None
    state: State
    rank: int | None
    held_until: datetime | None
    cancellable_until: datetime | None
    confirmation_id: str
    line: int
    seats_id: str
    slot: str
    sequence: int = 0
