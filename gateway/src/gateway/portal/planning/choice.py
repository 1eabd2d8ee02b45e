"""What a family looks at: children, centre, activity, and a month or a week of an open period.

It comes from the address and is held against the offer: what is not on offer falls back to what is. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlencode

from chassis.values.collation import alphabetical
from gateway.clients.booking import Activity, CalendarAsked, Offer, Period
from gateway.pages.addresses import day_of

CHILDREN_MAX: Final = 10
DECEMBER: Final = 12
SATURDAY: Final = 5
WEEK: Final = timedelta(days=7)
YEARS: Final = range(2000, 2200)
NEARLY_OVER: Final = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Choice:
    """`month` is its first day; `week` is the Monday of the week that is shown instead, else None.

    `period` is the open one that the shown days belong to, None while nothing is open.
    """

    child_ids: tuple[str, ...]
    centre_id: str | None
    period: Period | None
    activity_id: str | None
    month: date
    week: date | None = None

    def query(self, **changes: Any) -> str:
        """Return the choice as a query string, with changes."""
        shown = replace(self, **changes) if changes else self
        pairs = [("child", child_id) for child_id in shown.child_ids]
        if shown.centre_id:
            pairs.append(("centre", shown.centre_id))
        if shown.activity_id:
            pairs.append(("activity", shown.activity_id))
        pairs.append(("month", f"{shown.month:%Y-%m}"))
        if shown.week:
            pairs.append(("week", shown.week.isoformat()))
        return _written(tuple(pairs))

    def shown_days(self) -> tuple[date, date]:
        """Return the first and the last day on the page."""
        if self.week:
            return self.week, self.week + WEEK - timedelta(days=1)
        return self.month, next_month(self.month) - timedelta(days=1)

    def asked(self) -> CalendarAsked:
        """Return what booking is asked to show these days."""
        first, last = self.shown_days()
        return CalendarAsked(
            self.child_ids, first.isoformat(), last.isoformat(), self.activity_id, self.centre_id
        )


@lru_cache(4096)
def _written(pairs: tuple[tuple[str, str], ...]) -> str:
    """Return pairs as a query string; a page has a dozen links that differ little."""
    return urlencode(pairs)


def choose(offer: Offer, args: Mapping[str, Sequence[str]], today: date, *, weekly: bool = False) -> Choice:
    """Return what the address (values by name) chooses of the offer, a month or a week of it.

    A month is shown of the first child unless others are named, a week of all children.
    """

    def one(name: str) -> str:
        return args.get(name, [""])[0]

    known = [child.id for child in offer.children]
    asked = [child_id for child_id in args.get("child", []) if child_id in known]
    child_ids = tuple(dict.fromkeys(asked or (known if weekly else known[:1])))[:CHILDREN_MAX]
    centre_id = one("centre") if one("centre") in {centre.id for centre in offer.centres} else None
    periods = open_periods(offer, centre_id, today)
    eligible = {row.id for row in activities(offer, child_ids, centre_id)}
    activity_id = one("activity") if one("activity") in eligible else None
    wanted = next((row for row in periods if row.id == one("period")), None)
    month = _month(one("month"), months([wanted] if wanted else periods, today), today)
    week = _week(day_of(one("week")), mondays(periods, today), month, today) if weekly else None
    shown = Choice(child_ids, centre_id, None, activity_id, month, week)
    return replace(shown, period=_period(periods, shown, today), month=week.replace(day=1) if week else month)


def guessed(args: Mapping[str, Sequence[str]], *, weekly: bool = False) -> CalendarAsked | None:
    """Return what an address will show once it is held against the offer, None where that can't be known.

    Links of the pages name all of it, so that offer and days are asked for in one call.
    """
    children = tuple(dict.fromkeys(args.get("child", [])))[:CHILDREN_MAX]
    week = day_of(args.get("week", [""])[0]) if weekly else None
    month = None if weekly else day_of(args.get("month", [""])[0] + "-01")
    if not children or (shown_from := week or month) is None or shown_from.year not in YEARS:
        return None
    named = {name: args[name][0] for name in ("activity", "centre") if args.get(name, [""])[0]}
    shown = Choice(children, named.get("centre"), None, named.get("activity"), month or date(1, 1, 1), week)
    return shown.asked()


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


def centres(offer: Offer, child_ids: Sequence[str]) -> list[tuple[str, str]]:
    """Return id and name of the centres at which at least one of the children may attend something."""
    used = {centre_id for row in activities(offer, child_ids, None) for centre_id in row.centre_ids}
    return [(centre.id, centre.name) for centre in offer.centres if centre.id in used]


def months(periods: Sequence[Period], today: date) -> list[date]:
    """Return the bookable months of open periods, each once: none that lies behind us."""
    found: set[date] = set()
    for period in periods:
        first = max(date.fromisoformat(period.starts_on), today).replace(day=1)
        while first <= date.fromisoformat(period.ends_on):
            found.add(first)
            first = next_month(first)
    return sorted(found)


def mondays(periods: Sequence[Period], today: date) -> list[date]:
    """Return the Mondays of the weeks that share a bookable day with an open period, each once."""
    found: set[date] = set()
    for period in periods:
        first = max(date.fromisoformat(period.starts_on), today)
        monday = first - timedelta(days=first.weekday())
        while monday <= date.fromisoformat(period.ends_on):
            found.add(monday)
            monday += WEEK
    return sorted(found)


def around(shown: date, found: Sequence[date]) -> tuple[date | None, date | None]:
    """Return the month or week before and the one after, None where there is none."""
    before = [each for each in found if each < shown]
    after = [each for each in found if each > shown]
    return before[-1] if before else None, after[0] if after else None


def next_month(month: date) -> date:
    """Return the first day of the month after."""
    if month.month == DECEMBER:
        return date(month.year + 1, 1, 1)
    return date(month.year, month.month + 1, 1)


def _period(found: Sequence[Period], shown: Choice, today: date) -> Period | None:
    """Return the period that the first bookable day on the page belongs to."""
    first, last = (day.isoformat() for day in shown.shown_days())
    here = [row for row in found if row.starts_on <= last and row.ends_on >= max(first, today.isoformat())]
    return here[0] if here else None


def _month(asked: str, found: Sequence[date], today: date) -> date:
    """Return the month that is asked for, else the first; the next one when this one is as good as over."""
    wanted = day_of(f"{asked}-01")
    if wanted is not None and wanted in found:
        return wanted
    soon = (today + NEARLY_OVER).replace(day=1)
    return next((month for month in found if month >= soon), found[0] if found else today.replace(day=1))


def _week(asked: date | None, found: Sequence[date], month: date, today: date) -> date:
    """Return the week that is asked for, else the first of the month; at a week-end of today's, the next."""
    if asked in found and asked is not None:
        return asked
    first = max(month, today) + timedelta(days=2 if today.weekday() >= SATURDAY else 0)
    first -= timedelta(days=first.weekday())
    return next((monday for monday in found if monday >= first), found[-1] if found else first)
