"""What stands on today's card: each child of the family with its activities, by hour. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from gateway.clients.booking.bookings import Booking
from gateway.clients.family import Child


@dataclass(frozen=True, slots=True)
class ChildToday:
    """A child, and what is booked for it today; nothing is a day without the centre."""

    first_name: str
    stays: tuple[Booking, ...]


def of_family(children: Iterable[Child], bookings: Iterable[Booking]) -> list[ChildToday]:
    """Return a family's children in their order, each with its bookings by hour."""
    booked = sorted(bookings, key=lambda row: (row.arrives_at or "", row.activity_name))
    return [
        ChildToday(child.first_name, tuple(row for row in booked if row.child_id == child.id))
        for child in children
    ]
