"""Bookings that will be charged later."""

from dataclasses import dataclass
from datetime import date

from billing.vocabulary import ChargingMode


@dataclass(frozen=True, slots=True)
class Consumption:
    """A booking that will be charged later (invoiced, or debited when consumed); priced when it is read."""

    booking_id: str
    activity_id: str
    activity_group: str
    day: date
    charging_mode: ChargingMode


@dataclass(frozen=True, slots=True)
class Expectation:
    """A booking of a family that was told of, and the place of that news among the news of the booking."""

    family_id: str
    consumption: Consumption
    sequence: int
