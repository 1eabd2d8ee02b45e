"""The school year around a day: when it starts and ends, its holidays and the segments between them.

Dates come from the two packages that follow the French calendar. Where they end (school holidays are
published a few years ahead), the last known year serves, moved by whole weeks, so that the demo never runs
out of days.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import holidays
from vacances_scolaires_france import SchoolHolidayDates

ZONE = "A"
WEEKS_52 = timedelta(weeks=52)
SUMMER = "Vacances d'été"


@dataclass(frozen=True)
class Span:
    """Whole days, both ends included."""

    name: str
    starts_on: date
    ends_on: date

    def days(self) -> list[date]:
        """Return every day of the span."""
        return [self.starts_on + timedelta(n) for n in range((self.ends_on - self.starts_on).days + 1)]


@dataclass(frozen=True)
class SchoolYear:
    """A school year: `breaks` are its holidays, `terms` what lies between them."""

    name: str
    span: Span
    breaks: tuple[Span, ...]
    terms: tuple[Span, ...]
    public_holidays: tuple[tuple[date, str], ...]


def school_year(today: date) -> SchoolYear:
    """Return the school year of `today`; from mid-June on, the one to come."""
    first = today.year if (today.month, today.day) >= (6, 15) else today.year - 1
    starts_on = _weekday_on_or_after(date(first, 9, 1))
    ends_on = _weekday_on_or_after(date(first + 1, 7, 3))
    breaks = tuple(_breaks(starts_on, ends_on))
    return SchoolYear(
        name=f"{first}-{first + 1}",
        span=Span(f"{first}-{first + 1}", starts_on, ends_on),
        breaks=breaks,
        terms=tuple(_terms(starts_on, ends_on, breaks)),
        public_holidays=_public_holidays(first),
    )


def _weekday_on_or_after(day: date) -> date:
    while day.weekday() >= 5:  # noqa: PLR2004 - Saturday
        day += timedelta(days=1)
    return day


def _public_holidays(first: int) -> tuple[tuple[date, str], ...]:
    french = holidays.country_holidays("FR", years=[first, first + 1], language="fr")
    return tuple(sorted((day, name) for day, name in french.items()))


@cache
def _published() -> dict[date, dict[str, Any]]:
    return dict(SchoolHolidayDates().data)  # reading them takes a tenth of a second


def _school_holiday(day: date) -> str | None:
    """Return the name of the school holiday of that day; beyond what is published, 52 weeks before serves."""
    published = _published()
    last = max(published)
    while day > last:
        day -= WEEKS_52
    row = published.get(day)
    return str(row["nom_vacances"]) if row and row[f"vacances_zone_{ZONE.lower()}"] else None


def _breaks(starts_on: date, ends_on: date) -> list[Span]:
    breaks: list[Span] = []
    for day in Span("", starts_on, ends_on).days():
        name = _school_holiday(day)
        if name is None or name == SUMMER:
            continue
        if breaks and breaks[-1].name == name and breaks[-1].ends_on == day - timedelta(days=1):
            breaks[-1] = Span(name, breaks[-1].starts_on, day)
        else:
            breaks.append(Span(name, day, day))
    return [span for span in breaks if (span.ends_on - span.starts_on).days >= 5]  # noqa: PLR2004 - a week at least


def _terms(starts_on: date, ends_on: date, breaks: tuple[Span, ...]) -> list[Span]:
    terms, start = [], starts_on
    for number, pause in enumerate((*breaks, Span("", ends_on + timedelta(1), ends_on)), start=1):
        terms.append(Span(f"Période {number}", start, pause.starts_on - timedelta(days=1)))
        start = pause.ends_on + timedelta(days=1)
    return terms
