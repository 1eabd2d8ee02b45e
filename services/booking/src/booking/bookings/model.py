"""A booking as lists and histories show it."""

from dataclasses import dataclass
from datetime import date, datetime

from booking.vocabulary import ChargingMode, DayPart, State


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
    confirmation_id: str
    line: int
    seats_id: str
    slot: str
    sequence: int = 0
