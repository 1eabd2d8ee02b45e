"""What the draft would change, as the panel beside the planning lists it. Pure."""

from dataclasses import astuple, dataclass, fields
from typing import Final

from gateway.clients.booking import Draft, Movement, Offer

LINES_SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class Line:
    """One movement in words; `undo` is what takes it back."""

    action: str
    child: str
    activity: str
    day: str
    undo: str


@dataclass(frozen=True, slots=True)
class Panel:
    """The draft: how much it would change, the first lines, and the rest behind a fold."""

    draft_id: str
    count: int
    lines: list[Line]
    more: list[Line]


def panel(draft: Draft, offer: Offer) -> Panel:
    """Return a draft in words with the names of the offer, by child and day."""
    children = {row.id: row.first_name for row in offer.children}
    activities = {row.id: row.name for row in offer.activities}
    movements = sorted(draft.movements, key=lambda m: (m.day, children.get(m.child_id, ""), m.action))
    lines = [
        Line(
            m.action,
            children.get(m.child_id, ""),
            activities.get(m.activity_id, ""),
            m.day,
            " ".join(astuple(m)),
        )
        for m in movements
    ]
    return Panel(draft.id, len(lines), lines[:LINES_SHOWN], lines[LINES_SHOWN:])


def movement(undo: str) -> Movement | None:
    """Return the movement that a line's `undo` names, or None for anything else."""
    parts = undo.split(" ")
    return Movement(*parts) if len(parts) == len(fields(Movement)) else None
