"""What several nouns share by name: what may be asked, how a booking stands, and what money says of it.

Frozen dataclasses and enums, plain values without behaviour. Instants are aware datetimes in UTC with
millisecond precision, days are ``datetime.date``; ``None`` as a maximum means "unlimited", ``None`` as an
instant means "never".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

S = TypeVar("S", bound=StrEnum)


class Action(StrEnum):
    """What one movement of a basket asks for."""

    BOOK = "book"
    CANCEL = "cancel"


class DayPart(StrEnum):
    """The part of a day that a slot covers."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    DAY = "day"
    NOON = "noon"
    EVENING = "evening"


class DecisionMode(StrEnum):
    """Who decides on a booking, and when."""

    INSTANT = "instant"
    ON_REQUEST = "on_request"
    DEFERRED = "deferred"


class ChargingMode(StrEnum):
    """When and how a booking is charged."""

    PREPAID = "prepaid"
    WALLET = "wallet"
    INVOICED = "invoiced"
    FREE = "free"


class BookingState(StrEnum):
    """Where a booking stands; refused, cancelled and expired are final."""

    HELD = "held"
    ACCEPTED = "accepted"
    REQUESTED = "requested"
    SUBMITTED = "submitted"
    WAITLISTED = "waitlisted"
    REFUSED = "refused"
    CANCELLATION_REQUESTED = "cancellation_requested"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Verdict(StrEnum):
    """The answer to one line of a confirmation."""

    ACCEPTED = "accepted"
    HELD = "held"
    REQUESTED = "requested"
    SUBMITTED = "submitted"
    WAITLISTED = "waitlisted"
    CANCELLED = "cancelled"
    CANCELLATION_REQUESTED = "cancellation_requested"
    REFUSED = "refused"


class Reason(StrEnum):
    """Why a line was refused, or why a cell of the calendar cannot be chosen."""

    FULL = "full"
    PAST_DEADLINE = "past_deadline"
    NOT_OPEN = "not_open"
    NOT_ENROLLED = "not_enrolled"
    AGE = "age"
    DUPLICATE = "duplicate"
    OVERLAP = "overlap"
    INCOMPATIBLE = "incompatible"
    LIMIT_REACHED = "limit_reached"
    NOT_BOOKED = "not_booked"
    FILE_INCOMPLETE = "file_incomplete"
    UNPAID_BALANCE = "unpaid_balance"


@dataclass(frozen=True, slots=True)
class OfficeDue:
    """What one cash office asks for."""

    cash_office_id: str
    name: str
    bookings_cents: int
    credits_used_cents: int
    amount_due_cents: int


@dataclass(frozen=True, slots=True)
class QuotedPrices:
    """Billing's frozen prices: by line what a booking costs and what a cancellation gives back."""

    id: str
    expires_at: datetime
    prices_cents: Mapping[int, int] = field(default_factory=dict)
    credits_cents: Mapping[int, int] = field(default_factory=dict)
    offices: tuple[OfficeDue, ...] = ()


class SettlementState(StrEnum):
    """Where the money of a confirmation stands."""

    NONE = "none"
    SETTLED = "settled"
    DUE = "due"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class CreditGiven:
    """The avoir of a booking that was cancelled: its number, and how much it is worth."""

    booking_id: str
    number: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class SettlementAnswer:
    """Billing's answer to a settlement; ``held_until`` is when the first held seat is freed.

    ``credit_notes`` are those of what was cancelled.
    """

    state: SettlementState = SettlementState.NONE
    held_until: datetime | None = None
    amount_due_cents: int = 0
    offices: tuple[OfficeDue, ...] = ()
    credit_notes: tuple[CreditGiven, ...] = ()


@dataclass(frozen=True, slots=True)
class BookingFacts:
    """What is booked: who comes when, where, to what, and at which price in cents.

    It never changes; the lines of a basket, the seats' orders and events, and the book all hold it whole.
    """

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
    cost_cents: int | None = None

    def as_document(self) -> dict[str, Any]:
        """The facts as plain values, as they are stored and told: days as text, enums by their value."""
        return {
            **{name: getattr(self, name) for name in FACTS},
            "day": self.day.isoformat(),
            "day_part": self.day_part.value,
            "charging_mode": self.charging_mode.value,
        }


FACTS = tuple(each.name for each in fields(BookingFacts))
"""The names of the facts, for what looks them up in documents."""


@dataclass(frozen=True)
class Machine(Generic[S]):
    """Which acts lead a thing from which state to which. From None it comes to be; `final` is never left."""

    states: type[S]
    moves: Mapping[tuple[S | None, str], S]
    final: frozenset[S] = field(default_factory=frozenset)

    def after(self, state: S | None, act: str) -> S | None:
        """Return the state after an act, or None where the act changes nothing."""
        return self.moves.get((state, act))

    def sources(self, act: str) -> list[str]:
        """Return the states that an act leads away from, by their stored values: a store filters on them."""
        return [state.value for state, each in self.moves if each == act and state is not None]


class Act(StrEnum):
    """What may be done to a booking."""

    HOLD = "hold"
    ACCEPT = "accept"
    PAY = "pay"
    QUEUE = "queue"
    SUBMIT = "submit"
    REQUEST = "request"
    REFUSE = "refuse"
    CANCEL = "cancel"
    ASK_TO_CANCEL = "ask_to_cancel"
    KEEP = "keep"
    EXPIRE = "expire"


_ASKED = (None, BookingState.SUBMITTED, BookingState.REQUESTED)
_UNDECIDED = (*_ASKED, BookingState.WAITLISTED)
_ENDED = (BookingState.REFUSED, BookingState.CANCELLED, BookingState.EXPIRED)
BOOKING = Machine(
    BookingState,
    {
        **{(state, Act.HOLD): BookingState.HELD for state in _UNDECIDED},
        **{(state, Act.ACCEPT): BookingState.ACCEPTED for state in _UNDECIDED},
        **{(state, Act.QUEUE): BookingState.WAITLISTED for state in _ASKED},
        (None, Act.SUBMIT): BookingState.SUBMITTED,
        (None, Act.REQUEST): BookingState.REQUESTED,
        (BookingState.SUBMITTED, Act.REQUEST): BookingState.REQUESTED,
        **{(state, Act.REFUSE): BookingState.REFUSED for state in _UNDECIDED},
        (BookingState.HELD, Act.PAY): BookingState.ACCEPTED,
        # A payment that comes after the hold has gone takes the seat again where it can.
        (BookingState.EXPIRED, Act.PAY): BookingState.ACCEPTED,
        **{(state, Act.CANCEL): BookingState.CANCELLED for state in BookingState if state not in _ENDED},
        (BookingState.ACCEPTED, Act.ASK_TO_CANCEL): BookingState.CANCELLATION_REQUESTED,
        (BookingState.CANCELLATION_REQUESTED, Act.KEEP): BookingState.ACCEPTED,
        (BookingState.HELD, Act.EXPIRE): BookingState.EXPIRED,
        (BookingState.WAITLISTED, Act.EXPIRE): BookingState.EXPIRED,
    },
    frozenset({BookingState.REFUSED, BookingState.CANCELLED}),
)
"""How a booking goes on; its seats document makes the moves, the book folds them."""


class PaymentAct(StrEnum):
    """What may happen to the money of a confirmation."""

    AWAIT_ANSWER = "await_answer"
    ASK = "ask"
    SETTLE = "settle"
    DROP = "drop"


_UNSETTLED = (SettlementState.NONE, SettlementState.PENDING, SettlementState.DUE)
PAYMENT = Machine(
    SettlementState,
    {
        (None, "confirm"): SettlementState.NONE,
        **{(state, PaymentAct.AWAIT_ANSWER): SettlementState.PENDING for state in _UNSETTLED},
        **{(state, PaymentAct.ASK): SettlementState.DUE for state in _UNSETTLED},
        **{(state, PaymentAct.SETTLE): SettlementState.SETTLED for state in _UNSETTLED},
        **{(state, PaymentAct.DROP): SettlementState.NONE for state in _UNSETTLED},
    },
    frozenset({SettlementState.SETTLED}),
)
"""Where the money of a confirmation stands: what was settled stays settled."""
