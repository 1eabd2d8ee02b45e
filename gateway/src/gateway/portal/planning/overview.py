"""A child's days over all activities: a cell a day, the own state first, which leads to the day's list.

Pure but for the reader's language.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from chassis.values import typography
from gateway.clients.booking import AggregateDay, CalendarDay, CalendarSeries, Draft
from gateway.pages.texts import gettext as _
from gateway.pages.texts import ngettext
from gateway.portal.planning.grid import Cell, Reader
from gateway.portal.planning.whys import named

OWN = ("waitlisted", "waitlisted_locked", "booked", "booked_locked")


def own_states(series: Iterable[CalendarSeries]) -> dict[tuple[str, str], set[str]]:
    """Return the states in which each child stands, by child and day: booked, waiting, or none."""
    found: dict[tuple[str, str], set[str]] = {}
    for row in series:
        for day in row["days"]:
            if day["state"] in OWN:
                found.setdefault((row["child_id"], day["day"]), set()).add(day["state"])
    return found


def changes_by_day(draft: Draft) -> Counter[tuple[str, str]]:
    """Return how many movements of a draft there are by child and day."""
    return Counter((movement.child_id, movement.day) for movement in draft.movements)


def aggregate_cell(  # noqa: PLR0913 - each is one fact about the day
    day: AggregateDay,
    number: int,
    changes: int,
    read: Reader,
    notes: CalendarDay | None,
    *,
    href: str,
    own: Iterable[str] = (),
) -> Cell:
    """Return the cell of one child's day over all activities; `own` are the states in which it stands."""
    on = day["day"]
    look = read.looks[day["state"]]
    shown = Cell(
        id=f"a{number}-{on}",
        number=int(on[8:]),
        css=look.css,
        icons=look.icons,
        brief=look.brief,
        word=look.word,
        heard="",
        href=href + on,
        idle=look.css == "closed" and (on < read.today.isoformat() or not named(notes)),
        today=on == read.today.isoformat(),
    )
    if look.css == "closed" and named(notes):
        shown = replace(shown, extra=named(notes))
    elif (
        day["state"].startswith("booked_waiting") and own and not any("waitlisted" in state for state in own)
    ):
        icons = ("check-lg", *shown.icons[1:], "hourglass-split")
        shown = replace(shown, icons=icons, brief="", word=_("Booked"), extra=_("another is full"))
    if changes:
        extra = ngettext("%(num)s change", "%(num)s changes", changes)
        shown = replace(shown, css=f"{shown.css} draft-over", icons=(*shown.icons, "pencil"), extra=extra)
    words = (typography.day_name(on, read.language), shown.word, shown.extra)
    return replace(shown, heard=", ".join(word for word in words if word))
