"""What an address may hold: a day, and a path of this site to lead back to. Pure."""

from datetime import date


def inside(target: str) -> str:
    """Return the address when it is a path of this site, else an empty text: no open redirect."""
    safe = target.startswith("/") and not target.startswith("//") and "\\" not in target
    return target if safe and target.isprintable() else ""


def is_day(text: str) -> bool:
    """Return whether a text is a day."""
    return day_of(text) is not None


def day_of(text: str) -> date | None:
    """Return the day that a text names, or None."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
