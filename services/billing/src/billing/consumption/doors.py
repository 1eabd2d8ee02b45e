"""Expecting bookings that are charged later."""

from billing.consumption.model import Consumption, Expectation
from billing.ports.booking import BookingFact
from billing.vocabulary import ChargingMode


def expectation_of(fact: BookingFact, sequence: int) -> Expectation:
    """Make the expectation of a booking that is charged later."""
    consumption = Consumption(
        booking_id=fact.booking_id,
        activity_id=fact.activity_id,
        activity_group=fact.activity_group,
        day=fact.day,
        charging_mode=ChargingMode(fact.charging_mode),
    )
    return Expectation(fact.family_id, consumption, sequence)
