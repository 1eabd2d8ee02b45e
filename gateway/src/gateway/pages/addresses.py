"""What an address may hold: a day, and a path of this site to lead back to. Pure."""

import re
from datetime import date
from typing import Final

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def inside(target: str) -> str:
    """Return the address when it is a path of this site, else an empty text: no open redirect."""
    safe = target.startswith("/") and not target.startswith("//") and "\\" not in target
    return target if safe and target.isprintable() else ""


def is_day(text: str) -> bool:
    """Return whether a text is a day."""
    return day_of(text) is not None


def day_of(text: str) -> date | None:
    """Return the day that a text names as 2026-11-16, or None."""
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
