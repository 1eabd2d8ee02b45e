"""A week of several children: for each day a row per activity, and in it a column per child.

Pure but for the reader's language.
"""

from dataclasses import dataclass

from gateway.clients.booking import Calendar, OfferAndDraft
from gateway.portal.planning import boards, grid
from gateway.portal.planning.choice import Choice
from gateway.portal.planning.grid import Cell, Reader, Series

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """One activity of one day: name, price, and a cell for each child, None where it is not theirs."""

    name: str
    price_cents: int | None
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """The table: the activities of each day, by day, and the series of its form."""

    days: dict[str, list[ActivityRow]]
    series: list[Series]


def week_of(chosen: Choice, offer: OfferAndDraft, shown: Calendar, read: Reader) -> Week:
    """Return the table of a week; activities in which nobody can do anything on a day are left out."""
    plan, notes = grid.drafted(offer.draft), boards.notes_of(shown)
    names = {row.id: row.name for row in offer.activities}
    children = {row.id: row.first_name for row in offer.children}
    found: dict[str, dict[Key, dict[str, Cell]]] = {}
    series = [boards.series_of(number, row) for number, row in enumerate(shown["series"])]
    for one, row in zip(series, shown["series"], strict=True):
        who = f"{children[one.child_id]}, {names.get(one.activity_id, '')}"
        for day in row["days"]:
            cell = grid.cell(day, one, plan, read, notes.get(day["day"]), who=who)
            if not cell.idle:
                key = (one.activity_id, one.centre_id, one.day_part)
                found.setdefault(day["day"], {}).setdefault(key, {})[one.child_id] = cell
    days = {
        on: [
            ActivityRow(
                names.get(key[0], ""),
                read.prices.on(key[0], on),
                tuple(cells.get(child_id) for child_id in chosen.child_ids),
            )
            for key, cells in rows.items()
        ]
        for on, rows in sorted(found.items())
    }
    return Week(days, series)


def cells_of(week: Week) -> list[Cell]:
    """Return all cells of a week."""
    return [cell for rows in week.days.values() for row in rows for cell in row.cells if cell is not None]
