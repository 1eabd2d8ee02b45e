"""The cells and days of the calendar as messages."""

from datetime import date
from typing import Any

from booking.labels import day_text, instant_text
from booking.planning.model import Cell


def calendar_cell(day: date, cell: Cell) -> dict[str, Any]:
    """Write one cell."""
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


def calendar_day(
    day: date, holiday: str | None, closure: str | None, school_holiday: str | None
) -> dict[str, Any]:
    """Write what kind of day it is."""
    return {"day": day_text(day), "holiday": holiday, "closure": closure, "school_holiday": school_holiday}
