"""How documents of a cash office are numbered: one series per kind, office and year, without a gap."""

from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from billing.offices.model import CashOffice


class Series(StrEnum):
    """The kinds of numbered documents, by the letter that their numbers begin with."""

    RECEIPT = "R"
    CREDIT_NOTE = "A"


def year_of(now: datetime, time_zone: str) -> int:
    """Return the year in which a document is numbered: the organisation's own, not that of UTC."""
    return now.astimezone(ZoneInfo(time_zone)).year


def number_of(series: Series, office: CashOffice, year: int, serial: int) -> str:
    """Return a number as it is written, for example `R-ENFANCE-2026-000042`."""
    return f"{series}-{office.reference.upper()}-{year}-{serial:06d}"


def series_of(number: str) -> tuple[str, int]:
    """Return what a number says: its series (with cash office and year) and its serial."""
    series, _, serial = number.rpartition("-")
    return series, int(serial)
