"""The text in which deadlines are written in files, read and printed (grammar: ``docs/rules/deadlines.md``).

``read_deadline(write_deadline(rule)) == rule`` for every rule without faults; shorter forms are read too.
"""

import re

from booking.offer.model import Afterwards, Anchor, Counting, DeadlineRule, Unit
from booking.offer.rules.deadlines import faults

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
END_OF_DAY = 24 * 60
_RANGE_LEAST = 3

_WEEKDAY = "|".join(WEEKDAYS)
_WEEKDAY_LIST = rf"(?:{_WEEKDAY})(?:[-,](?:{_WEEKDAY}))*"
_FLAGS = (
    rf"(?: (?:counting (?P<days>{_WEEKDAY_LIST}|calendar|working|business)"
    rf"|weekday\[(?P<set>{_WEEKDAY_LIST})\]))?"
    r"(?P<holidays> skip_holidays)?(?P<closures> skip_closures)?(?: then (?P<then>refuse|request|surcharge))?"
)
_FORMS = {
    Anchor.DAY: (
        r"(?:(?P<offset>\d{1,4}) (?P<clear>clear )?(?P<unit>day|hour|week)s?(?: before)?|same day)"
        r"(?P<period> the period)?(?: (?P<time>\d{1,2}:\d{2}))?"
    ),
    Anchor.WEEK: (
        rf"(?P<on>{_WEEKDAY})(?: (?P<early>\d{{1,2}}:\d{{2}}))? of "
        r"(?:the (?P<same>same )?week|(?P<offset>\d{1,4}) weeks)(?: before)?(?: (?P<time>\d{1,2}:\d{2}))?"
    ),
    Anchor.MONTH: (
        r"(?P<on>\d{1,2})(?:st|nd|rd|th)(?: (?P<early>\d{1,2}:\d{2}))? of "
        r"(?:the (?P<same>same )?month|(?P<offset>\d{1,4}) months)(?: before)?(?: (?P<time>\d{1,2}:\d{2}))?"
    ),
}
_PATTERNS = {anchor: re.compile(form + _FLAGS, re.IGNORECASE) for anchor, form in _FORMS.items()}


class NotADeadline(ValueError):  # noqa: N818 - it says what the text is not, for a report by line
    """The text cannot be read as a deadline; the message says what is wrong, for whoever wrote the file."""


def read_deadline(text: str) -> DeadlineRule:
    """Read a deadline, or raise ``NotADeadline``."""
    words = " ".join(text.split())
    for anchor, pattern in _PATTERNS.items():
        match = pattern.fullmatch(words)
        if match:
            rule = _rule(anchor, match.groupdict())
            wrong = faults(rule)
            if wrong:
                raise NotADeadline(f"{text!r}: {'; '.join(wrong)}")
            return rule
    raise NotADeadline(f"{text!r} is not a deadline such as '1 day before 09:00 counting Mon-Fri'")


def write_deadline(rule: DeadlineRule) -> str:
    """Print a rule without faults so that it reads back as itself."""
    parts = [_when(rule)]
    if rule.counting is Counting.WEEKDAYS:
        parts.append(f"counting {write_weekdays(rule.weekdays)}")
    elif rule.counting not in {Counting.CALENDAR, Counting.CLEAR}:
        parts.append(f"counting {rule.counting}")
    parts += ["skip_holidays"] * rule.skip_holidays + ["skip_closures"] * rule.skip_closures
    if rule.afterwards is not Afterwards.REFUSE:
        parts.append(f"then {rule.afterwards}")
    return " ".join(parts)


def read_weekdays(text: str) -> frozenset[int]:
    """Read "Mon-Wed,Fri" as ISO weekdays; a span may run over Sunday."""
    days: set[int] = set()
    for part in text.split(","):
        ends = [WEEKDAYS.index(name.capitalize()) for name in part.split("-")]
        days |= {(ends[0] + step) % 7 + 1 for step in range((ends[-1] - ends[0]) % 7 + 1)}
    return frozenset(days)


def write_weekdays(days: frozenset[int]) -> str:
    """Print ISO weekdays, three or more in a row as a span."""
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ",".join(_run(run) for run in runs)


def _run(run: list[int]) -> str:
    names = [WEEKDAYS[day - 1] for day in run]
    return f"{names[0]}-{names[-1]}" if len(names) >= _RANGE_LEAST else ",".join(names)


def _rule(anchor: Anchor, found: dict[str, str | None]) -> DeadlineRule:
    unit = Unit((found.get("unit") or "day").lower())
    days = found["days"] or found["set"]
    counting, weekdays = Counting.CALENDAR, frozenset[int]()
    if found.get("clear") and days:
        raise NotADeadline("clear days are calendar days: nothing else is counted with them")
    if found.get("clear"):
        counting = Counting.CLEAR
    elif days and days.lower() in {"calendar", "working", "business"}:
        counting = Counting(days.lower())
    elif days:
        counting, weekdays = Counting.WEEKDAYS, read_weekdays(days)
    return DeadlineRule(
        anchor=Anchor.PERIOD_START if found.get("period") else anchor,
        on=_on(anchor, found.get("on")),
        offset=_offset(anchor, found),
        unit=unit,
        counting=counting,
        weekdays=weekdays,
        skip_holidays=bool(found["holidays"]),
        skip_closures=bool(found["closures"]),
        cut_off_minutes=_minutes(found.get("time") or found.get("early")),
        afterwards=Afterwards((found["then"] or "refuse").lower()),
    )


def _on(anchor: Anchor, text: str | None) -> int | None:
    if text is None:
        return None
    return WEEKDAYS.index(text.capitalize()) + 1 if anchor is Anchor.WEEK else int(text)


def _offset(anchor: Anchor, found: dict[str, str | None]) -> int:
    if found["offset"]:
        return int(found["offset"])
    return int(anchor is not Anchor.DAY and not found.get("same"))


def _minutes(text: str | None) -> int:
    """Read a time of day; what no clock shows becomes a cut-off after 24:00, which is a fault."""
    if text is None:
        return END_OF_DAY
    hours, minutes = (int(part) for part in text.split(":"))
    return hours * 60 + minutes if minutes < 60 else END_OF_DAY + 1  # noqa: PLR2004 - minutes in an hour


def _when(rule: DeadlineRule) -> str:
    at = f"{rule.cut_off_minutes // 60:02}:{rule.cut_off_minutes % 60:02}"
    if rule.anchor is Anchor.WEEK:
        return f"{WEEKDAYS[(rule.on or 1) - 1]} {at} of {_before('week', rule.offset)}"
    if rule.anchor is Anchor.MONTH:
        return f"{_ordinal(rule.on or 1)} {at} of {_before('month', rule.offset)}"
    plural = "s" * (rule.offset != 1)
    clear = "clear " * (rule.counting is Counting.CLEAR)
    period = " the period" * (rule.anchor is Anchor.PERIOD_START)
    when = f"{rule.offset} {clear}{rule.unit}{plural} before{period}"
    return when if rule.unit is Unit.HOUR else f"{when} {at}"


def _before(unit: str, offset: int) -> str:
    return {0: f"the same {unit}", 1: f"the {unit} before"}.get(offset, f"{offset} {unit}s before")


def _ordinal(number: int) -> str:
    if number in {11, 12, 13}:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
