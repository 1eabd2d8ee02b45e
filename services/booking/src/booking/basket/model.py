"""What a family gathers and sees again: movements, their lines, drafts and reviews."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from booking.seats.model import Answer
from booking.vocabulary import Action, BookingFacts, DayPart, DecisionMode, Machine, OfficeDue


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
    """A movement with everything that was known when it was looked at, prices included.

    ``seats_id`` and ``slot`` say where its seat is, ``may_overlap`` whether the child may be elsewhere then;
    ``answer`` is what was expected (review) or given (confirmation), None while nobody knows.
    """

    line: int
    action: Action
    booking_id: str | None
    facts: BookingFacts
    decision_mode: DecisionMode
    seats_id: str | None
    slot: str | None
    gauges: tuple[str, ...] = ()
    period_id: str | None = None
    cancelling_closes_at: datetime | None = None
    may_overlap: bool = False
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """A draft as it was shown before the second validation."""

    quote_id: str
    expires_at: datetime
    lines: tuple[Line, ...]
    offices: tuple[OfficeDue, ...]


class DraftState(StrEnum):
    """Where a basket stands."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    ABANDONED = "abandoned"


class DraftAct(StrEnum):
    """What may be done to a basket."""

    CHANGE = "change"
    REVIEW = "review"
    CLAIM = "claim"
    GIVE_BACK = "give_back"
    ABANDON = "abandon"


DRAFT = Machine(
    DraftState,
    {
        (None, "open"): DraftState.OPEN,
        (DraftState.OPEN, DraftAct.CHANGE): DraftState.OPEN,
        (DraftState.OPEN, DraftAct.REVIEW): DraftState.OPEN,
        (DraftState.OPEN, DraftAct.CLAIM): DraftState.CONFIRMED,
        (DraftState.OPEN, DraftAct.ABANDON): DraftState.ABANDONED,
        # Its confirmation could not be written.
        (DraftState.CONFIRMED, DraftAct.GIVE_BACK): DraftState.OPEN,
    },
    frozenset({DraftState.ABANDONED}),
)


@dataclass(frozen=True, slots=True)
class DraftKey:
    """What a draft is found by: somebody else's account finds nothing under its id."""

    account_id: str
    id: str


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

    @property
    def key(self) -> DraftKey:
        """What this draft is found by."""
        return DraftKey(self.account_id, self.id)
