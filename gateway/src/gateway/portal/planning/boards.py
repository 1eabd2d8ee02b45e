"""The calendars of the page, one for each child and part of the day, and the rows of one day's list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gateway.clients.booking import (
    Calendar,
    CalendarDay,
    CalendarSeries,
    DayActivity,
    EligibleChild,
    Offer,
    OfferAndDraft,
)
from gateway.portal.planning import grid
from gateway.portal.planning.choice import Choice
from gateway.portal.planning.grid import Cell, Reader, Series

Hours = tuple[str | None, str | None]
Notes = Mapping[str, CalendarDay]


@dataclass(frozen=True, slots=True)
class Board:
    """One calendar of the page: whose, what for, and its weeks."""

    number: int
    child: EligibleChild
    day_part: str | None
    hours: Hours | None
    rows: list[list[tuple[int, Cell | None]]]
    series: Series | None = None


@dataclass(frozen=True, slots=True)
class DayRow:
    """One activity in the list of a day."""

    name: str
    centre: str
    day_part: str
    hours: Hours
    cell: Cell
    series: Series


def notes_of(shown: Calendar) -> dict[str, CalendarDay]:
    """Return what is said of each day, by day."""
    return {note["day"]: note for note in shown["days"]}


def of_activity(chosen: Choice, offer: OfferAndDraft, shown: Calendar, read: Reader) -> list[Board]:
    """Return a board for each child and part of the day, with one activity chosen."""
    children = _children(offer)
    hours = _hours(offer, chosen.activity_id)
    weeks = grid.weeks(*chosen.shown_days())
    plan, notes = grid.drafted(offer.draft), notes_of(shown)
    boards = []
    for number, row in enumerate(shown["series"]):
        series, part = _series(number, row), row["day_part"]
        cells = {day["day"]: grid.cell(day, series, plan, read, notes.get(day["day"])) for day in row["days"]}
        weeks_of_cells = grid.rows(weeks, cells)
        boards.append(Board(number, children[row["child_id"]], part, hours.get(part), weeks_of_cells, series))
    return boards


def of_all_activities(
    chosen: Choice, offer: OfferAndDraft, shown: Calendar, read: Reader, day_list: Callable[[str], str]
) -> list[Board]:
    """Return a board for each child over all activities; `day_list` is the address of a child's days."""
    children = _children(offer)
    changes, notes = grid.changes_by_day(offer.draft), notes_of(shown)
    weeks = grid.weeks(*chosen.shown_days())
    boards = []
    for number, row in enumerate(shown["aggregates"]):
        child_id = row["child_id"]
        href = day_list(child_id)
        cells = {
            day["day"]: grid.aggregate_cell(
                day, number, changes[child_id, day["day"]], read, notes.get(day["day"]), href=href
            )
            for day in row["days"]
        }
        boards.append(Board(number, children[child_id], None, None, grid.rows(weeks, cells)))
    return boards


def day_rows(found: list[DayActivity], child_id: str, offer: OfferAndDraft, read: Reader) -> list[DayRow]:
    """Return the activities of one child's day, each with its cell."""
    plan = grid.drafted(offer.draft)
    centres = {centre.id: centre.name for centre in offer.centres}
    shown = []
    for number, row in enumerate(found):
        series = Series(number, child_id, row["activity_id"], row["centre_id"], row["day_part"])
        shown.append(
            DayRow(
                row["activity_name"],
                centres.get(row["centre_id"], ""),
                row["day_part"],
                (row["arrives_at"], row["leaves_at"]),
                grid.cell(row["cell"], series, plan, read, wide=True),
                series,
            )
        )
    return shown


def _children(offer: Offer) -> dict[str, EligibleChild]:
    return {child.id: child for child in offer.children}


def _series(number: int, row: CalendarSeries) -> Series:
    return Series(number, row["child_id"], row["activity_id"], row["centre_id"], row["day_part"])


def _hours(offer: Offer, activity_id: str | None) -> dict[str, Hours]:
    return {
        sitting.day_part: (sitting.arrives_at, sitting.leaves_at)
        for activity in offer.activities
        if activity.id == activity_id
        for sitting in activity.day_parts
    }
