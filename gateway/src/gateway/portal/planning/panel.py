"""What the draft would change, as the panel beside the planning lists it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

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


def panel(draft: Mapping[str, Any], offer: Mapping[str, Any]) -> Panel:
    """Put a draft into words with the names of the offer, by child and day."""
    children = {row["id"]: row["first_name"] for row in offer["children"]}
    activities = {row["id"]: row["name"] for row in offer["activities"]}
    movements = sorted(
        draft["movements"], key=lambda m: (m["day"], children.get(m["child_id"], ""), m["action"])
    )
    lines = [
        Line(
            m["action"],
            children.get(m["child_id"], ""),
            activities.get(m["activity_id"], ""),
            m["day"],
            " ".join((m["action"], m["child_id"], m["activity_id"], m["centre_id"], m["day"], m["day_part"])),
        )
        for m in movements
    ]
    return Panel(draft["id"], len(lines), lines[:LINES_SHOWN], lines[LINES_SHOWN:])


def movement(undo: str) -> dict[str, str] | None:
    """Read a line's `undo` back into the movement that it names; None for anything else."""
    parts = undo.split(" ")
    names = ("action", "child_id", "activity_id", "centre_id", "day", "day_part")
    return dict(zip(names, parts, strict=True)) if len(parts) == len(names) else None
