"""Deadlines: the instant from which a booking or a cancellation comes too late (``docs/rules/deadlines.md``).

What lives here: the walk back from the service day and the cut-off on the organisation's wall clock.
What does not: the text in which rules are written in files (``deadline_text.py``).
"""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from booking.offer.model import Anchor, CareTime, Counting, DaysOff, DeadlineRule, Unit

DAY = timedelta(days=1)
OFFSET_MAX = 1000
_DAY_MINUTES = 24 * 60
EVERY_DAY = frozenset(range(1, 8))
_COUNTED = {
    Counting.CALENDAR: EVERY_DAY,
    Counting.CLEAR: EVERY_DAY,
    Counting.WORKING: frozenset(range(1, 6)),
    Counting.BUSINESS: frozenset(range(1, 7)),
}


def closing_instant(rule: DeadlineRule, service: CareTime, days_off: DaysOff, zone: tzinfo) -> datetime:
    """The instant, in UTC, from which it is too late; in time means now < this instant.

    A rule anchored at the start of a period falls back to the service day where the day is in no period.
    """
    day = service.day
    if rule.anchor is Anchor.PERIOD_START:
        day = service.period_starts_on or service.day
    if rule.anchor is Anchor.WEEK:
        return _at(_weekday_before(rule, day), rule.cut_off_minutes, zone)
    if rule.anchor is Anchor.MONTH:
        return _at(_day_of_month_before(rule, day), rule.cut_off_minutes, zone)
    if rule.unit is Unit.HOUR:
        # Elapsed time: across a daylight-saving night the wall clock differs by an hour, the wait does not.
        return wall_instant(day, service.starts, zone) - timedelta(hours=rule.offset)
    if rule.unit is Unit.WEEK:
        return _at(day - timedelta(weeks=rule.offset), rule.cut_off_minutes, zone)
    return _at(_walk_back(rule, day, days_off), rule.cut_off_minutes, zone)


def wall_instant(day: date, at: time, zone: tzinfo) -> datetime:
    """Turn a wall-clock time into an instant.

    An hour that a spring night leaves out is read with the offset before the change, one that an autumn night
    has twice is its first occurrence.
    """
    return datetime.combine(day, at, zone).astimezone(UTC)


def faults(rule: DeadlineRule) -> list[str]:
    """List what a rule says that no deadline can mean; an empty list is a rule that can be used."""
    by_day = rule.anchor in {Anchor.DAY, Anchor.PERIOD_START} and rule.unit is Unit.DAY
    counts = rule.counting is not Counting.CALENDAR or rule.skip_holidays or rule.skip_closures
    on_max = {Anchor.WEEK: 7, Anchor.MONTH: 31}.get(rule.anchor)
    checks = (
        (0 <= rule.offset <= OFFSET_MAX, f"the offset must lie between 0 and {OFFSET_MAX}"),
        (0 <= rule.cut_off_minutes <= _DAY_MINUTES, "the cut-off must lie between 00:00 and 24:00"),
        (on_max is None or rule.on in range(1, on_max + 1), "the weekday or day of the month is missing"),
        (on_max is not None or rule.on is None, "a weekday or day of the month belongs to a week or month"),
        (on_max is None or rule.unit is Unit.DAY, "a week or month anchor has no other unit"),
        (by_day or not counts, "only days can be counted or skipped"),
        (rule.unit is not Unit.HOUR or rule.cut_off_minutes == _DAY_MINUTES, "hours have no cut-off"),
        (_weekdays_fit(rule), "counting weekdays needs weekdays, and no other counting does"),
    )
    return [fault for holds, fault in checks if not holds]


def _weekdays_fit(rule: DeadlineRule) -> bool:
    return rule.weekdays <= EVERY_DAY and bool(rule.weekdays) == (rule.counting is Counting.WEEKDAYS)


def _walk_back(rule: DeadlineRule, day: date, days_off: DaysOff) -> date:
    """Walk back one day at a time, counting only days that are not excluded; the day itself never counts."""
    counted = rule.weekdays if rule.counting is Counting.WEEKDAYS else _COUNTED[rule.counting]
    excluded: frozenset[date] = frozenset()
    if rule.skip_holidays:
        excluded |= days_off.holidays
    if rule.skip_closures:
        excluded |= days_off.closures
    # Neither end of clear days counts, so the last day to act lies one further back.
    left = rule.offset + (rule.counting is Counting.CLEAR)
    while left:
        day -= DAY
        left -= day.isoweekday() in counted and day not in excluded
    return day


def _weekday_before(rule: DeadlineRule, day: date) -> date:
    monday = day - timedelta(days=day.isoweekday() - 1)
    return monday - timedelta(weeks=rule.offset) + timedelta(days=(rule.on or 1) - 1)


def _day_of_month_before(rule: DeadlineRule, day: date) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - rule.offset, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(rule.on or 1, last))


def _at(day: date, cut_off_minutes: int, zone: tzinfo) -> datetime:
    days, minutes = divmod(cut_off_minutes, _DAY_MINUTES)
    return wall_instant(day + days * DAY, time(minutes // 60, minutes % 60), zone)
