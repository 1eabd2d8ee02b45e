"""Amounts, days, instants and sentences as people read them, in French and in English. All pure.

French: narrow no-break space between thousands, no-break space before the sign, "1er", "9 h 30", and midnight
belongs to the day that ends with it. Pages, mails and documents are set by what is here and by nothing else.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

UNKNOWN: Final = "\u2013"
NARROW: Final = "\u202f"
SPACE: Final = "\u00a0"
MINUS: Final = "\u2212"
_AFTER_SPACE: Final = re.compile(r" ([:;!?»])")
_HOURS: Final = re.compile(r"(?<=\d) h(?: (?=\d\d\b))?(?=\b|\d| )")
_NUMBER_SIGN: Final = re.compile(r"\b(n°|no\.) ")

WEEKDAYS: Final = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
WEEKDAYS_SHORT: Final = {
    "fr": ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
MONTHS: Final = {
    "fr": tuple(
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()  # noqa: SIM905 - legible
    ),
    "en": tuple(
        "January February March April May June July August September October November December".split()  # noqa: SIM905 - legible
    ),
}
MONTHS_SHORT: Final = {
    "fr": tuple("janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.".split()),  # noqa: SIM905 - legible
    "en": tuple("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()),  # noqa: SIM905 - legible
}


def money(cents: int | None, language: str) -> str:
    """Return an amount in euros, such as "1 234,50 €" or "€1,234.50"; an unknown one is a dash."""
    if cents is None:
        return UNKNOWN
    sign = MINUS if cents < 0 else ""
    whole, rest = divmod(abs(cents), 100)
    if language == "fr":
        return f"{sign}{whole:,}".replace(",", NARROW) + f",{rest:02d}{SPACE}€"
    return f"{sign}€{whole:,}.{rest:02d}"


@lru_cache(maxsize=2048)
def day(value: str, language: str) -> str:
    """Return a day in full with its year: "mardi 1er décembre 2026"."""
    on = date.fromisoformat(value)
    return f"{_day_without_year(on, language)} {on.year}"


@lru_cache(maxsize=2048)
def day_name(value: str, language: str) -> str:
    """Return a day in full without its year: "mardi 1er décembre"."""
    return _day_without_year(date.fromisoformat(value), language)


@lru_cache(maxsize=2048)
def day_short(value: str, language: str) -> str:
    """Return a day in short: "mar. 1er déc."."""
    on = date.fromisoformat(value)
    week = WEEKDAYS_SHORT[language][on.weekday()]
    return f"{week}{SPACE}{_ordinal(on.day, language)}{SPACE}{MONTHS_SHORT[language][on.month - 1]}"


@lru_cache(maxsize=512)
def day_of_month(value: str, language: str) -> str:
    """Return a day without the day of the week: "1er décembre"."""
    on = date.fromisoformat(value)
    return f"{_ordinal(on.day, language)}{SPACE}{MONTHS[language][on.month - 1]}"


@lru_cache(maxsize=512)
def day_number(value: str, language: str) -> str:
    """Return a day in figures: "01/12/2026"; both languages read the day first."""
    del language
    return date.fromisoformat(value).strftime("%d/%m/%Y")


@lru_cache(maxsize=256)
def month(value: str, language: str) -> str:
    """Return the month of a day or of "2026-12": "décembre 2026"."""
    return f"{MONTHS[language][int(value[5:7]) - 1]} {value[:4]}"


def month_name(value: str, language: str) -> str:
    """Return the month of a day without its year: "décembre"."""
    return MONTHS[language][int(value[5:7]) - 1]


@lru_cache(maxsize=4096)
def instant(value: str, zone: str, language: str) -> str:
    """Return an instant in the organisation's time zone: "jeudi 12 novembre à 9 h 30"."""
    local = _local(value, zone)
    if (local.hour, local.minute) == (0, 0):
        eve = local.date() - timedelta(days=1)
        midnight = "à minuit" if language == "fr" else "at midnight"
        return f"{_day_without_year(eve, language)} {midnight}"
    joint = "à" if language == "fr" else "at"
    return f"{_day_without_year(local.date(), language)} {joint} {_hour(local, language)}"


@lru_cache(maxsize=4096)
def instant_short(value: str, zone: str, language: str) -> str:
    """Return an instant in short: "12 nov., 9 h 30"."""
    local = _local(value, zone)
    on, hour = local.date(), _hour(local, language)
    if (local.hour, local.minute) == (0, 0):
        on, hour = on - timedelta(days=1), "minuit" if language == "fr" else "midnight"
    return f"{_ordinal(on.day, language)}{SPACE}{MONTHS_SHORT[language][on.month - 1]}, {hour}"


@lru_cache(maxsize=512)
def moment(value: str, zone: str, language: str) -> str:
    """Return an instant of the past with its year: "12/11/2026 à 9 h 30"."""
    local = _local(value, zone)
    joint = " à " if language == "fr" else " at "
    return local.strftime("%d/%m/%Y") + joint + _hour(local, language)


@lru_cache(maxsize=512)
def time_of(value: str, zone: str, language: str) -> str:
    """Return the hour of an instant: "9 h 30"."""
    return _hour(_local(value, zone), language)


@lru_cache(maxsize=256)
def clock(value: str | None, language: str) -> str:
    """Return the hours of "07:30" as "7 h 30"; an unknown hour is a dash."""
    if not value:
        return UNKNOWN
    if language != "fr":
        return value
    hour, minute = value.split(":")[:2]
    return f"{int(hour)}{SPACE}h" + (f"{SPACE}{minute}" if minute != "00" else "")


def hours(begin: str | None, end: str | None, language: str) -> str:
    """Return the hours from one to the other, with a dash between; empty where one is unknown."""
    if not begin or not end:
        return ""
    return f"{clock(begin, language)}{SPACE}{UNKNOWN} {clock(end, language)}"


def days(values: Iterable[str], language: str, year: int) -> str:
    """Return several days in a few words: "8, 14 et 15 décembre"; one alone has its day of the week.

    Months that are not of `year` have theirs.
    """
    on = sorted({date.fromisoformat(value) for value in values})
    if len(on) == 1:
        later = "" if on[0].year == year else f" {on[0].year}"
        return _day_without_year(on[0], language) + later
    months = groupby(on, key=lambda each: (each.year, each.month))
    return ", ".join(_days_of_month(list(group), language, year) for _, group in months)


def _days_of_month(on: Sequence[date], language: str, year: int) -> str:
    numbers = listed([_ordinal(each.day, language) for each in on], language)
    later = "" if on[0].year == year else f" {on[0].year}"
    return f"{numbers}{SPACE}{MONTHS[language][on[0].month - 1]}{later}"


def listed(words: Sequence[str], language: str) -> str:
    """Return words as a sentence lists them: "a, b et c"."""
    joint = "et" if language == "fr" else "and"
    return f" {joint} ".join([*([", ".join(words[:-1])] if words[1:] else []), *words[-1:]])


def counted(number: int, one: str, several: str, language: str) -> str:
    """Return a number with its noun: French says "0 place, 1 place, 2 places", English "0 seats"."""
    single = number < 2 if language == "fr" else number == 1  # noqa: PLR2004 - the rule of French
    return f"{number}{SPACE}{one if single else several}"


def typeset(sentence: str, language: str) -> str:
    """Return a sentence set as printers do: apostrophes are curled, signs stay with their words."""
    curled = _NUMBER_SIGN.sub(rf"\1{SPACE}", sentence.replace("'", "\u2019"))
    if language != "fr":
        return curled
    curled = _HOURS.sub(lambda found: found[0].replace(" ", SPACE), curled)
    return _AFTER_SPACE.sub(rf"{SPACE}\1", curled).replace("« ", f"«{SPACE}")


def _local(value: str, zone: str) -> datetime:
    return datetime.fromisoformat(value).astimezone(ZoneInfo(zone))


def _hour(local: datetime, language: str) -> str:
    if language != "fr":
        return f"{local:%H:%M}"
    return f"{local.hour}{SPACE}h" + (f"{SPACE}{local:%M}" if local.minute else "")


def _day_without_year(on: date, language: str) -> str:
    return f"{WEEKDAYS[language][on.weekday()]} {_ordinal(on.day, language)} {MONTHS[language][on.month - 1]}"


def _ordinal(number: int, language: str) -> str:
    return "1er" if number == 1 and language == "fr" else str(number)


def weekdays(language: str) -> list[tuple[str, str]]:
    """Return the days of the week from Monday on, in full and in short."""
    return list(zip(WEEKDAYS[language], WEEKDAYS_SHORT[language], strict=True))
