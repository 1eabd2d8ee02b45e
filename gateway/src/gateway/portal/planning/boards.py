"""The calendars of a page, one for each child and part of the day: weeks of cells, and stretches of nothing.

Only weekdays that mean something are columns, and weeks in which nothing can be are one row that says why.
Pure but for the reader's language.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from chassis.values import typography
from gateway.clients.booking import (
    Calendar,
    CalendarDay,
    CalendarSeries,
    DayActivity,
    EligibleChild,
    Offer,
    OfferAndDraft,
)
from gateway.pages.texts import gettext as _
from gateway.portal.planning import grid, overview
from gateway.portal.planning.choice import Choice
from gateway.portal.planning.grid import Cell, Reader, Series
from gateway.portal.planning.whys import named

Hours = tuple[str | None, str | None]
Notes = Mapping[str, CalendarDay]
SCHOOL_DAYS: Final = (0, 1, 2, 3, 4)
DAYS_OF_A_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Row:
    """A week: a cell per column, None with a bare number beyond the month; or a stretch in words."""

    cells: tuple[tuple[int, Cell | None], ...] = ()
    name: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """One calendar of the page: whose, what for, its weekdays and its weeks."""

    number: int
    child: EligibleChild
    day_part: str | None
    hours: Hours | None
    columns: tuple[int, ...]
    rows: list[Row]
    series: Series | None = None


@dataclass(frozen=True, slots=True)
class DayRow:
    """One activity in the list of a day."""

    name: str
    centre: str
    day_part: str
    hours: Hours
    price_cents: int | None
    cell: Cell
    series: Series


def notes_of(shown: Calendar) -> dict[str, CalendarDay]:
    """Return what is said of each day, by day."""
    return {note["day"]: note for note in shown["days"]}


def of_activity(chosen: Choice, offer: OfferAndDraft, shown: Calendar, read: Reader) -> list[Board]:
    """Return a board for each child and part of the day, with one activity chosen."""
    children = _children(offer)
    hours = _hours(offer, chosen.activity_id)
    plan, notes = grid.drafted(offer.draft), notes_of(shown)
    boards = []
    for number, row in enumerate(shown["series"]):
        series, part = series_of(number, row), row["day_part"]
        cells = {day["day"]: grid.cell(day, series, plan, read, notes.get(day["day"])) for day in row["days"]}
        columns = columns_of(cells)
        weeks = rows_of(chosen.shown_days(), columns, cells, notes, read)
        boards.append(Board(number, children[row["child_id"]], part, hours.get(part), columns, weeks, series))
    return boards


def of_all_activities(
    chosen: Choice, offer: OfferAndDraft, shown: Calendar, read: Reader, day_list: Callable[[str], str]
) -> list[Board]:
    """Return a board for each child over all activities; `day_list` is the address of a child's days."""
    children, own = _children(offer), overview.own_states(shown["series"])
    changes, notes = overview.changes_by_day(offer.draft), notes_of(shown)
    boards = []
    for number, row in enumerate(shown["aggregates"]):
        child_id = row["child_id"]
        href = day_list(child_id)
        cells = {
            day["day"]: overview.aggregate_cell(
                day,
                number,
                changes[child_id, day["day"]],
                read,
                notes.get(day["day"]),
                href=href,
                own=own.get((child_id, day["day"]), ()),
            )
            for day in row["days"]
        }
        columns = columns_of(cells)
        weeks = rows_of(chosen.shown_days(), columns, cells, notes, read)
        boards.append(Board(number, children[child_id], None, None, columns, weeks))
    return boards


def columns_of(cells: Mapping[str, Cell]) -> tuple[int, ...]:
    """Return the weekdays (0 is Monday) on which something can be or was; without any, those of school."""
    used = {date.fromisoformat(day).weekday() for day, cell in cells.items() if not cell.idle}
    return tuple(sorted(used)) or SCHOOL_DAYS


def rows_of(
    span: tuple[date, date], columns: Sequence[int], cells: Mapping[str, Cell], notes: Notes, read: Reader
) -> list[Row]:
    """Return the weeks of a span; weeks of nothing that follow one another are one row."""
    rows: list[Row] = []
    still: list[str] = []
    for week in weeks(*span):
        days = [day for day in week if day in cells]
        if all(cells[day].css == "closed" for day in days) and all(cells[day].value is None for day in days):
            still += days
            continue
        rows += _stretches(still, notes, read)
        still = []
        rows.append(Row(tuple((int(week[n][8:]), cells.get(week[n])) for n in columns)))
    return rows + _stretches(still, notes, read)


def _stretches(days: Sequence[str], notes: Notes, read: Reader) -> list[Row]:
    """Return days of nothing as rows in words: those that are over, then the rest."""
    past = [day for day in days if day < read.today.isoformat()]
    to_come = days[len(past) :]
    rows = [Row(name=_("Past"), said=_span(past, read))] if past else []
    if to_come:
        rows.append(Row(name=_name_of(to_come, notes), said=_span(to_come, read)))
    return rows


def _name_of(days: Sequence[str], notes: Notes) -> str:
    """Return what closes days: the first name that is told of them."""
    for day in days:
        note = notes.get(day)
        if note and (named(note) or note.get("school_holiday")):
            return named(note) or note["school_holiday"] or ""
    return _("Nothing open")


def _span(days: Sequence[str], read: Reader) -> str:
    first, last = (typography.day_of_month(day, read.language) for day in (days[0], days[-1]))
    return first if len(days) == 1 else _("%(first)s to %(last)s", first=first, last=last)


def weeks(first: date, last: date) -> list[list[str]]:
    """Return the days from Monday to Sunday that cover first..last, as texts, a list per week."""
    monday = first - timedelta(days=first.weekday())
    rows = []
    while monday <= last:
        rows.append([(monday + timedelta(days=n)).isoformat() for n in range(DAYS_OF_A_WEEK)])
        monday += timedelta(days=DAYS_OF_A_WEEK)
    return rows


def day_rows(found: list[DayActivity], child_id: str, offer: OfferAndDraft, read: Reader) -> list[DayRow]:
    """Return the activities of one child's day, each with its cell and its price."""
    plan = grid.drafted(offer.draft)
    centres = {centre.id: centre.name for centre in offer.centres}
    shown = []
    for number, row in enumerate(found):
        series = Series(number, child_id, row["activity_id"], row["centre_id"], row["day_part"])
        name = row["activity_name"]
        shown.append(
            DayRow(
                name,
                centres.get(row["centre_id"], ""),
                row["day_part"],
                (row["arrives_at"], row["leaves_at"]),
                read.prices.on(row["activity_id"], row["cell"]["day"]),
                grid.cell(row["cell"], series, plan, read, who=name),
                series,
            )
        )
    return shown


def states_shown(cells: Iterable[Cell]) -> tuple[set[str], set[str]]:
    """Return which colours and which marks are on the page: what a legend has to explain."""
    shown = [cell for cell in cells if not cell.idle]
    return {part for cell in shown for part in cell.css.split()}, {
        icon for cell in shown for icon in cell.icons[1:]
    }


def series_of(number: int, row: CalendarSeries) -> Series:
    """Return a series of the calendar under its number in the form."""
    return Series(number, row["child_id"], row["activity_id"], row["centre_id"], row["day_part"])


def _children(offer: Offer) -> dict[str, EligibleChild]:
    return {child.id: child for child in offer.children}


def _hours(offer: Offer, activity_id: str | None) -> dict[str, Hours]:
    return {
        sitting.day_part: (sitting.arrives_at, sitting.leaves_at)
        for activity in offer.activities
        if activity.id == activity_id
        for sitting in activity.day_parts
    }
