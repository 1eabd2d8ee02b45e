"""The nouns of booking: activities, deadlines, days of care, seats and who stands on them.

What lives here: frozen dataclasses and enums, plain values without behaviour.
What does not: decisions (``rules``), MongoDB (``store``), messages (``contract``).

Instants are aware datetimes in UTC with millisecond precision, days are ``datetime.date``; ``None`` as a
maximum means "unlimited", ``None`` as an instant means "never".
"""

from booking.model.activities import Activity, Gauge, OpeningPattern, OpenOn, PartOfDay, Period
from booking.model.bookings import (
    Action,
    ChargingMode,
    DayPart,
    DecisionMode,
    Reason,
    RequestState,
    SeatEvent,
    State,
    Verdict,
)
from booking.model.calendar import AggregateState, Cell, CellState, Counters, Mark, Place
from booking.model.deadlines import Afterwards, Anchor, Counting, DaysOff, DeadlineRule, Service, Unit
from booking.model.seats import (
    Answer,
    Entry,
    First,
    LoggedEvent,
    Occasion,
    Order,
    SeatsDocument,
    Slot,
    Withdrawal,
)

__all__ = [
    "Action",
    "Activity",
    "Afterwards",
    "AggregateState",
    "Anchor",
    "Answer",
    "Cell",
    "CellState",
    "ChargingMode",
    "Counters",
    "Counting",
    "DayPart",
    "DaysOff",
    "DeadlineRule",
    "DecisionMode",
    "Entry",
    "First",
    "Gauge",
    "LoggedEvent",
    "Mark",
    "Occasion",
    "OpenOn",
    "OpeningPattern",
    "Order",
    "PartOfDay",
    "Period",
    "Place",
    "Reason",
    "RequestState",
    "SeatEvent",
    "SeatsDocument",
    "Service",
    "Slot",
    "State",
    "Unit",
    "Verdict",
    "Withdrawal",
]
