"""The seats of a day: the document that is its truth, what is asked of it, and what is read of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from booking.offer.model import Afterwards, Gauge
from booking.vocabulary import BookingFacts, BookingState, DayPart, DecisionMode, Reason, Verdict


class SeatEvent(StrEnum):
    """Every transition that a seats document can log, by the name of its event."""

    BOOKING_ACCEPTED = "booking_accepted"
    BOOKING_HELD = "booking_held"
    BOOKING_WAITLISTED = "booking_waitlisted"
    BOOKING_REQUESTED = "booking_requested"
    BOOKING_REFUSED = "booking_refused"
    BOOKING_CANCELLED = "booking_cancelled"
    CANCELLATION_ASKED = "cancellation_asked"
    CANCELLATION_DECLINED = "cancellation_declined"
    HOLD_EXPIRED = "hold_expired"
    SEAT_PROMOTED = "seat_promoted"
    SEAT_LOST = "seat_lost"
    WAITING_ENDED = "waiting_ended"


@dataclass(frozen=True, slots=True)
class Slot:
    """What a child books on one day: activity by centre by day part, with its closing instants.

    ``ends_at`` is when care ends, None where a release wrote the slot that did not keep it. ``open`` is false
    when the day was closed after somebody had booked: nobody is evicted by that alone. ``waiting`` counts the
    slot's waiting entries; every write keeps it.
    """

    id: str
    activity_id: str
    centre_id: str
    day_part: DayPart
    gauges: tuple[str, ...]
    starts_at: datetime
    booking_closes_at: datetime | None = None
    cancelling_closes_at: datetime | None = None
    booking_afterwards: Afterwards = Afterwards.REFUSE
    cancelling_afterwards: Afterwards = Afterwards.REFUSE
    waiting_max: int | None = 0
    promotes_late: bool = False
    open: bool = True
    waiting: int = 0
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class First:
    """The first answer that an entry got; a repeated question is answered with it."""

    verdict: Verdict
    rank: int | None = None
    held_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class SeatEntry:
    """One child's claim on one slot.

    ``hold_s`` is the time to pay of a seat got at once, ``promoted_hold_s`` that of a seat got from the
    waiting list; both are ``None`` when the seat is accepted without payment. ``late`` says that the claim
    came after the deadline. An entry in ``gone`` has ``gone_at``; ``by_confirmation_id`` and ``by_line`` name
    the line that cancelled it (or asked to), ``lost`` that a payment came too late to take the seat again.
    Names and prices are not in it: every write of the day would carry those of all its children.
    """

    booking_id: str
    slot: str
    child_id: str
    confirmation_id: str
    line: int
    family_id: str = ""
    gauges: tuple[str, ...] = ()
    hold_s: int | None = None
    promoted_hold_s: int | None = None
    state: BookingState = BookingState.ACCEPTED
    seq: int = 0
    first: First | None = None
    held_until: datetime | None = None
    late: bool = False
    lost: bool = False
    gone_at: datetime | None = None
    by_confirmation_id: str | None = None
    by_line: int | None = None


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """One row of a seats document's own outbox.

    ``data`` is what the transition has to say; a booking's first event has the order's facts beside it, and
    the others are completed from the booking when they are sent. ``aggregate_id`` is the booking,
    ``causation_id`` the confirmation that made it; ``sequence`` grows within the seats document, and so
    within every booking.
    """

    id: str
    name: SeatEvent
    sequence: int
    aggregate_id: str
    causation_id: str
    request_id: str | None
    at: datetime
    data: Mapping[str, Any]
    actor: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class SeatsDocument:
    """Who has a seat, who waits, who asked and who left, for one pool on one day: the truth of it.

    ``taken`` holds seats, ``waiting`` is the queue in its order, ``asked`` holds what staff or a draw must
    decide, ``gone`` keeps those who left for fifteen minutes so that a repeated question can be answered.
    ``version`` counts the writes that changed anything: whoever decides outside of the database writes only
    where it is as it was read.
    """

    id: str
    organisation_id: str
    pool_id: str
    day: date
    gauges: tuple[Gauge, ...] = ()
    slots: tuple[Slot, ...] = ()
    seq: int = 0
    event_seq: int = 0
    version: int = 0
    next_expiry_at: datetime | None = None
    taken: tuple[SeatEntry, ...] = ()
    waiting: tuple[SeatEntry, ...] = ()
    asked: tuple[SeatEntry, ...] = ()
    gone: tuple[SeatEntry, ...] = ()
    events: tuple[LoggedEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class Stamp:
    """When something is asked of a seats document, by which request, and who acts, as events tell of it."""

    now: datetime
    request_id: str | None = None
    actor: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class SeatOrder:
    """A new booking as the seats document is asked for it.

    ``facts`` go into the booking's first event, and nowhere else in the seats document.
    ``past_deadline_allowed`` is staff booking on behalf of a family, after the deadline and with a reason.
    ``retake`` matters to a payment alone: false when the projection knows that the family gave the booking
    back, which the seats document itself remembers for fifteen minutes only. So does ``elsewhere``: true when
    the child stands in another slot at these hours by now.
    """

    booking_id: str
    slot: str
    confirmation_id: str
    line: int
    family_id: str
    account_id: str | None
    gauges: tuple[str, ...]
    hold_s: int | None
    promoted_hold_s: int | None
    facts: BookingFacts
    decision_mode: DecisionMode = DecisionMode.INSTANT
    past_deadline_allowed: bool = False
    retake: bool = True
    elsewhere: bool = False

    @property
    def child_id(self) -> str:
        """The child that would come."""
        return self.facts.child_id

    def told(self) -> dict[str, Any]:
        """What the booking's first event says of it: all that never changes, as plain values."""
        return {
            "booking_id": self.booking_id,
            "confirmation_id": self.confirmation_id,
            "line": self.line,
            "family_id": self.family_id,
            "account_id": self.account_id,
            **self.facts.as_document(),
        }


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A cancellation, or leaving the list, as the seats document is asked for it.

    ``on_request`` asks staff first (the activity's decision mode); ``forced`` is staff's own cancelling or
    its yes to a cancellation that was asked: no deadline, no further question.
    """

    booking_id: str
    confirmation_id: str
    line: int
    on_request: bool = False
    forced: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What one line of a confirmation gets, read from the arrays of the seats document.

    ``in_time`` is false for a cancellation that was taken after its deadline: nothing is given back for it.
    """

    verdict: Verdict
    reason: Reason | None = None
    rank: int | None = None
    held_until: datetime | None = None
    booking_id: str | None = None
    in_time: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """What a calendar reads of one child's entry: never the whole entry.

    ``foreign`` says that another family of the child has booked it: it is shown, and is not ours to change.
    """

    booking_id: str
    state: BookingState
    rank: int | None = None
    held_until: datetime | None = None
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class Counters:
    """What a calendar reads of one seats document: its gauges and slots, and some children's own places.

    ``places`` is keyed by (slot id, child id).
    """

    seats_id: str
    pool_id: str
    day: date
    gauges: tuple[Gauge, ...]
    slots: tuple[Slot, ...]
    places: Mapping[tuple[str, str], Place]
