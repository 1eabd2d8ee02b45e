"""The planning as messages: cells, series of cells, and what kind of days they are."""

from collections.abc import Iterable, Sequence
from datetime import date

from booking.copies.model import Child
from booking.labels import day_text, instant_text
from booking.offer.model import ClosureKind, Offer, OfferedSlot
from booking.offer.rules.offering import closure_name, days_between
from booking.planning.model import Cell
from booking.planning.rules import Series, aggregate
from chassis.storage.documents import Document


def planning(  # noqa: PLR0913 - named one by one
    offer: Offer,
    children: Iterable[Child],
    span: tuple[date, date],
    series: Sequence[Series],
    centre_id: str | None,
    *,
    one_alone: bool,
) -> Document:
    """Write what each day of a span is to some children; aggregates unless one activity was asked for."""
    days = list(days_between(*span))
    return {
        **calendar(offer, days, series, centre_id),
        "aggregates": [] if one_alone else aggregates(children, days, series),
    }


def calendar(offer: Offer, days: Sequence[date], series: Sequence[Series], centre_id: str | None) -> Document:
    """Write the days of a span and the series of some children."""
    return {
        "from_on": day_text(days[0]),
        "to_on": day_text(days[-1]),
        "days": [_kind_of_day(offer, day, centre_id) for day in days],
        "series": [_series(one, days) for one in series],
    }


def aggregates(children: Iterable[Child], days: Sequence[date], series: Sequence[Series]) -> list[Document]:
    """Write what each child's days come to over all its series."""
    written = []
    for child in children:
        own = [one.cells for one in series if one.child is child]
        written.append(
            {
                "child_id": child.id,
                "days": [
                    {"day": day_text(day), "state": aggregate(cells[place] for cells in own).value}
                    for place, day in enumerate(days)
                ],
            }
        )
    return written


def day(on: date, shown: Iterable[tuple[OfferedSlot, Cell]]) -> Document:
    """Write one day of one child, activity by activity."""
    return {
        "day": day_text(on),
        "activities": [
            {
                "activity_id": slot.activity.id,
                "activity_name": slot.activity.name,
                "centre_id": slot.centre_id,
                "day_part": slot.part.day_part.value,
                "arrives_at": slot.part.arrives.isoformat("minutes"),
                "leaves_at": slot.part.leaves.isoformat("minutes"),
                "cell": _cell(on, cell),
            }
            for slot, cell in shown
        ],
    }


def _series(one: Series, days: Sequence[date]) -> Document:
    return {
        "child_id": one.child.id,
        "activity_id": one.slot.activity.id,
        "centre_id": one.slot.centre_id,
        "day_part": one.slot.part.day_part.value,
        "days": [_cell(day, cell) for day, cell in zip(days, one.cells, strict=True)],
    }


def _cell(day: date, cell: Cell) -> Document:
    return {
        "day": day_text(day),
        "state": cell.state.value,
        "mark": cell.mark.value if cell.mark else None,
        "would": cell.would.value if cell.would else None,
        "free": cell.free,
        "rank": cell.rank,
        "booking_id": cell.booking_id,
        "held_until": instant_text(cell.held_until),
        "booking_closes_at": instant_text(cell.booking_closes_at),
        "cancelling_closes_at": instant_text(cell.cancelling_closes_at),
        "reason": cell.reason.value if cell.reason else None,
    }


def _kind_of_day(offer: Offer, day: date, centre_id: str | None) -> Document:
    return {
        "day": day_text(day),
        "holiday": offer.holidays.get(day),
        "closure": closure_name(offer, day, ClosureKind.CLOSURE, centre_id),
        "school_holiday": closure_name(offer, day, ClosureKind.SCHOOL_HOLIDAY, centre_id),
    }
