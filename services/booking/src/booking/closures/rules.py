"""Which days a closing concerns, and what each family is told of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID, uuid5

from booking.bookings.model import BookingRecord
from booking.closures.model import Closing, LeftBooking

_NAMESPACE = UUID("0d7b6a52-51c1-5d0e-8a53-7f2f0d7c8f11")


def closing_id_of(organisation_id: str, centre_id: str | None, span: tuple[date, date]) -> str:
    """Name the closing of a centre, or of all, and a span: closing the same days again finds the same one."""
    return str(uuid5(_NAMESPACE, "\x1f".join(map(str, (organisation_id, centre_id or "", *span)))))


def days_to_come(closing: Closing, today: date) -> tuple[date, date] | None:
    """The days that can still be closed or opened: from today on; None when all of them are over."""
    first = max(closing.starts_on, today)
    return (first, closing.ends_on) if first <= closing.ends_on else None


def by_family(
    left: Iterable[tuple[BookingRecord, str]], names: Mapping[str, str]
) -> dict[str, list[LeftBooking]]:
    """Gather what left by family, each in the order of the days.

    `left` has how each stood before, `names` what children are called today.
    """
    families = defaultdict[str, list[LeftBooking]](list)
    for record, was in sorted(
        left, key=lambda each: (each[0].facts.day, each[0].facts.child_name, each[0].id)
    ):
        facts = record.facts
        called = names.get(facts.child_id, facts.child_name)
        told = LeftBooking(record.id, called, facts.activity_name, facts.day, was)
        families[record.family_id].append(told)
    return dict(families)
