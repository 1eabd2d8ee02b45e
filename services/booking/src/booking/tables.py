"""The tables of booking's documents: days with what was asked, what becomes of it, and its cost."""

from collections.abc import Iterable, Sequence

from booking.vocabulary import BookingFacts
from booking.words import SAID
from chassis.printing.document import Cell, Column, Table
from chassis.values import typography

Row = tuple[BookingFacts, Cell, int | None]
"""A booking, the state of its line, and the cents that it counts for; None where it costs nothing."""


def table(title: str, rows: Iterable[Row], language: str) -> Table:
    """Return a table of days by child, day and hour, with a total that its column adds up to."""
    said, known = SAID[language], sorted(rows, key=_place)
    columns = (
        Column(said["child"], share=3),
        Column(said["date"], share=3),
        Column(said["activity"], share=5),
        Column(said["state"], share=4),
        Column(said["cost"], figures=True),
    )
    total = typography.money(_total(known), language)
    return Table(title, columns, tuple(_cells(row, language) for row in known), (said["total"], total))


def _cells(row: Row, language: str) -> tuple[Cell, ...]:
    facts, state, cents = row
    on = facts.day.isoformat()
    hours = typography.hours(facts.arrives_at, facts.leaves_at, language)
    return (
        Cell(facts.child_name),
        Cell(typography.day_short(on, language), small=str(facts.day.year)),
        Cell(facts.activity_name, small=", ".join(filter(None, (facts.centre_name, hours)))),
        state,
        Cell(typography.money(cents, language)),
    )


def _place(row: Row) -> tuple[str, str, str, str]:
    facts = row[0]
    return facts.child_name, facts.day.isoformat(), facts.arrives_at or "", facts.activity_name


def _total(rows: Sequence[Row]) -> int:
    return sum(cents or 0 for _, _, cents in rows)
