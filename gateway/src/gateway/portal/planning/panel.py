"""What the draft would change, as the panel beside the planning and the bar below it list it. Pure."""

from dataclasses import astuple, dataclass, fields
from typing import Final

from gateway.clients.booking import Draft, Movement, Offer
from gateway.portal.planning.prices import Prices

LINES_SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class Line:
    """One movement in words; `undo` is what takes it back. A cancellation's price is below zero."""

    action: str
    child: str
    activity: str
    day: str
    undo: str
    cents: int | None


@dataclass(frozen=True, slots=True)
class Panel:
    """The draft: how much it would change, the first lines, and the rest behind a fold.

    `cents` is what its bookings come to at the prices that are known, None where one is not; what waits or is
    invoiced later, and avoirs, are told by the costs, which come a moment after.
    """

    draft_id: str
    count: int
    lines: list[Line]
    more: list[Line]
    cents: int | None


def panel(draft: Draft, offer: Offer, prices: Prices | None = None) -> Panel:
    """Return a draft in words with the names of the offer, by child and day."""
    children = {row.id: row.first_name for row in offer.children}
    activities = {row.id: row.name for row in offer.activities}
    prices = prices or Prices()
    movements = sorted(draft.movements, key=lambda m: (m.day, children.get(m.child_id, ""), m.action))
    lines = [
        Line(
            m.action,
            children.get(m.child_id, ""),
            activities.get(m.activity_id, ""),
            m.day,
            " ".join(astuple(m)),
            _cents(m, prices),
        )
        for m in movements
    ]
    known = [line.cents for line in lines if line.cents is not None]
    cents = sum(known) if len(known) == len(lines) else None
    return Panel(draft.id, len(lines), lines[:LINES_SHOWN], lines[LINES_SHOWN:], cents)


def _cents(one: Movement, prices: Prices) -> int | None:
    price = prices.on(one.activity_id, one.day)
    return -price if price is not None and one.action == "cancel" else price


def movement(undo: str) -> Movement | None:
    """Return the movement that a line's `undo` names, or None for anything else."""
    parts = undo.split(" ")
    return Movement(*parts) if len(parts) == len(fields(Movement)) else None
