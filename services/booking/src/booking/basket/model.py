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

    ``seats_id`` and ``slot`` say where its seat is; ``answer`` is what was expected (review) or given
    (confirmation), None while nobody knows. ``may_overlap`` is for the release before, which looks at a
    child's day only where it is true.
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


class BasketState(StrEnum):
    """Where the one record of a basket and its confirmation stands.

    One that is being answered is stored and published as "open", as when baskets were kept apart.
    """

    DRAFT = "draft"
    CONFIRMING = "open"
    ANSWERED = "answered"
    ABANDONED = "abandoned"


class BasketAct(StrEnum):
    """What may be done to a basket, and to the confirmation that it becomes."""

    CHANGE = "change"
    REVIEW = "review"
    ABANDON = "abandon"
    CONFIRM = "confirm"
    TAKE_OVER = "take_over"
    GIVE_BACK = "give_back"
    ANSWER = "answer"


_DRAFT, _CONFIRMING = BasketState.DRAFT, BasketState.CONFIRMING
BASKET = Machine(
    BasketState,
    {
        (None, "open"): _DRAFT,
        (_DRAFT, BasketAct.CHANGE): _DRAFT,
        (_DRAFT, BasketAct.REVIEW): _DRAFT,
        (_DRAFT, BasketAct.ABANDON): BasketState.ABANDONED,
        (_DRAFT, BasketAct.CONFIRM): _CONFIRMING,
        # One booking is cancelled without a basket.
        (None, "cancel"): _CONFIRMING,
        (_CONFIRMING, BasketAct.TAKE_OVER): _CONFIRMING,
        (_CONFIRMING, BasketAct.GIVE_BACK): _CONFIRMING,
        (_CONFIRMING, BasketAct.ANSWER): BasketState.ANSWERED,
    },
    frozenset({BasketState.ANSWERED, BasketState.ABANDONED}),
)


@dataclass(frozen=True, slots=True)
class DraftKey:
    """What a draft is found by: somebody else's account finds nothing under its id."""

    account_id: str
    id: str


@dataclass(frozen=True, slots=True)
class Draft:
    """The one open basket that an account has for a family; earlier releases kept no ``family_id``."""

    id: str
    organisation_id: str
    account_id: str
    version: int
    movements: tuple[Movement, ...]
    updated_at: datetime
    review: Review | None = None
    family_id: str | None = None

    @property
    def key(self) -> DraftKey:
        """What this draft is found by."""
        return DraftKey(self.account_id, self.id)
