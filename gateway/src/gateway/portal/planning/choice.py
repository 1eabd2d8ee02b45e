"""What a family looks at in the planning: children, centre, period, activity, month and perhaps a week.

It comes from the address and is held against the offer: what is not on offer falls back to what is. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import Any, Final
from urllib.parse import urlencode

from chassis.values.collation import alphabetical
from gateway.clients.booking import Activity, Offer, Period
from gateway.pages.addresses import day_of

CHILDREN_MAX: Final = 10
DECEMBER: Final = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """`week` is the Monday of the week shown alone, else None. `month` is its first day."""

    child_ids: tuple[str, ...]
    centre_id: str | None
    period: Period | None
    activity_id: str | None
    month: date
    week: date | None

    def query(self, **changes: Any) -> str:
        """Return the choice as a query string, with changes."""
        shown = replace(self, **changes) if changes else self
        pairs = [("child", child_id) for child_id in shown.child_ids]
        if shown.centre_id:
            pairs.append(("centre", shown.centre_id))
        if shown.period:
            pairs.append(("period", shown.period.id))
        if shown.activity_id:
            pairs.append(("activity", shown.activity_id))
        pairs.append(("month", f"{shown.month:%Y-%m}"))
        if shown.week:
            pairs.append(("week", shown.week.isoformat()))
        return urlencode(pairs)

    def shown_days(self) -> tuple[date, date]:
        """Return the first and the last day on the page."""
        if self.week:
            return self.week, self.week + timedelta(days=6)
        return self.month, next_month(self.month) - timedelta(days=1)


def choose(offer: Offer, args: Mapping[str, Sequence[str]], today: date) -> Choice:
    """Return what the address (values by name) chooses of the offer."""

    def one(name: str) -> str:
        return args.get(name, [""])[0]

    known = [child.id for child in offer.children]
    asked = [child_id for child_id in args.get("child", []) if child_id in known]
    child_ids = tuple(dict.fromkeys(asked or known[:1]))[:CHILDREN_MAX]
    centre_id = one("centre") if one("centre") in {centre.id for centre in offer.centres} else None
    period = _period(open_periods(offer, centre_id, today), one("period"))
    eligible = {row.id for row in activities(offer, child_ids, centre_id)}
    activity_id = one("activity") if one("activity") in eligible else None
    month = _month(one("month"), months(period, today), today)
    week = day_of(one("week"))
    return Choice(
        child_ids, centre_id, period, activity_id, month, week if week in mondays(month, period) else None
    )


def open_periods(offer: Offer, centre_id: str | None, today: date) -> list[Period]:
    """Return the periods that can be booked now, the earliest first."""
    found = [
        row
        for row in offer.periods
        if row.open
        and row.ends_on >= today.isoformat()
        and (centre_id is None or not row.centre_ids or centre_id in row.centre_ids)
    ]
    return sorted(found, key=lambda row: row.starts_on)


def activities(offer: Offer, child_ids: Sequence[str], centre_id: str | None) -> list[Activity]:
    """Return the activities that at least one of the children may attend, by group and name."""
    allowed = {
        activity_id for child in offer.children if child.id in child_ids for activity_id in child.activity_ids
    }
    found = [
        row
        for row in offer.activities
        if row.id in allowed and (centre_id is None or centre_id in row.centre_ids)
    ]
    return sorted(found, key=lambda row: (alphabetical(row.group), alphabetical(row.name)))


def by_group(found: Sequence[Activity]) -> list[tuple[str, list[Activity]]]:
    """Return activities by group, for a list to choose from."""
    return [(group, list(rows)) for group, rows in groupby(found, key=lambda row: row.group)]


def months(period: Period | None, today: date) -> list[date]:
    """Return the bookable months of a period: none that lies behind us."""
    if period is None:
        return []
    first = max(date.fromisoformat(period.starts_on), today).replace(day=1)
    last = date.fromisoformat(period.ends_on)
    found = []
    while first <= last:
        found.append(first)
        first = next_month(first)
    return found


def mondays(month: date, period: Period | None) -> list[date]:
    """Return the Mondays of the weeks that share a day with the month and with the period."""
    last = next_month(month) - timedelta(days=1)
    if period is not None:
        month = max(month, date.fromisoformat(period.starts_on))
        last = min(last, date.fromisoformat(period.ends_on))
    monday, found = month - timedelta(days=month.weekday()), []
    while monday <= last:
        found.append(monday)
        monday += timedelta(days=7)
    return found


def next_month(month: date) -> date:
    """Return the first day of the month after."""
    if month.month == DECEMBER:
        return date(month.year + 1, 1, 1)
    return date(month.year, month.month + 1, 1)


def _period(found: Sequence[Period], asked: str) -> Period | None:
    return next((row for row in found if row.id == asked), found[0] if found else None)


def _month(asked: str, found: Sequence[date], today: date) -> date:
    wanted = day_of(f"{asked}-01")
    if wanted is not None and wanted in found:
        return wanted
    return found[0] if found else today.replace(day=1)
