from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.offer.model import Afterwards, Anchor, CareTime, Counting, DaysOff, DeadlineRule, Unit
from booking.offer.rules.deadline_text import (
    NotADeadline,
    read_deadline,
    read_weekdays,
    write_deadline,
    write_weekdays,
)
from booking.offer.rules.deadlines import closing_instant, faults
from tests.booking.rule_tables import rows

EXAMPLES = rows("deadlines.md", "## Examples")
PARIS = ZoneInfo("Europe/Paris")
ZONES = ["Europe/Paris", "America/Martinique", "Indian/Reunion", "America/Miquelon", "Pacific/Noumea"]
OFF = DaysOff(
    holidays=frozenset(
        map(
            date.fromisoformat,
            ["2026-11-01", "2026-11-11", "2026-12-25", "2027-01-01", "2027-03-29", "2027-05-01"],
        )
    ),
    closures=frozenset({date(2026, 11, 13), date(2026, 12, 24)}),
)


def instant_of(text: str, zone: str) -> datetime:
    day, at = text.split()
    midnight = date.fromisoformat(day) + timedelta(days=at == "24:00")
    clock = time() if at == "24:00" else time.fromisoformat(at)
    return datetime.combine(midnight, clock, ZoneInfo(zone)).astimezone(UTC)


def service_of(example: dict[str, str]) -> CareTime:
    day, _, at = example["care"].partition(" ")
    period = example["period starts"]
    return CareTime(
        date.fromisoformat(day),
        time.fromisoformat(at or "08:00"),
        date.fromisoformat(period) if period else None,
    )


@pytest.mark.parametrize(
    "example", EXAMPLES, ids=lambda row: f"{row['rule']} / {row['care']} / {row['zone']}"
)
def test_every_example_of_the_rule_gives_its_last_instant(example):
    rule = read_deadline(example["rule"])

    closes_at = closing_instant(rule, service_of(example), OFF, ZoneInfo(example["zone"]))

    assert closes_at == instant_of(example["last instant"], example["zone"])
    assert closes_at.tzinfo is UTC


def test_a_month_of_another_year_is_as_long_as_it_was_in_that_year():
    rule = read_deadline("31st 12:00 of 13 months before")
    closes_at = closing_instant(rule, CareTime(date(2029, 3, 15), time(8)), OFF, PARIS)
    assert closes_at == instant_of("2028-02-29 12:00", "Europe/Paris")


@pytest.mark.parametrize("text", sorted({example["rule"] for example in EXAMPLES}))
def test_what_is_read_is_printed_so_that_it_reads_the_same(text):
    assert read_deadline(write_deadline(read_deadline(text))) == read_deadline(text)


@pytest.mark.parametrize(
    "text",
    [
        "1 day before 09:00 counting Mon-Fri skip_holidays",
        "Thu 12:00 of the week before",
        "20th 24:00 of the month before",
        "48 hours before",
        "15 clear days before the period 24:00",
        "0 days before 08:00 then surcharge",
        "Mon 07:00 of the same week then request",
        "1st 00:00 of 2 months before",
        "22nd 00:00 of the same month",
        "3rd 12:00 of the month before",
        "12th 12:00 of the month before",
        "2 days before 10:00 counting Mon,Tue,Thu skip_closures",
        "2 days before 10:00 counting working skip_holidays skip_closures then request",
    ],
)
def test_the_printed_form_is_the_one_of_the_document(text):
    assert write_deadline(read_deadline(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tomorrow",
        "1 day before 25:00",
        "1 day before 09:75",
        "1 day before 24:30",
        "1001 days before 09:00",
        "1 hour before 09:00",
        "48 hours counting Mon-Fri",
        "2 weeks before 09:00 skip_holidays",
        "Thu 12:00 of the week before skip_holidays",
        "32nd 12:00 of the month before",
        "0th 12:00 of the month before",
        "1 clear day before 09:00 counting Mon-Fri",
        "1 day before 09:00 counting Foo",
        "1 day before 09:00 skip_everything",
    ],
)
def test_a_text_that_no_deadline_can_mean_is_refused_with_a_sentence(text):
    with pytest.raises(NotADeadline, match=r".+"):
        read_deadline(text)


@pytest.mark.parametrize(
    "rule",
    [
        DeadlineRule(offset=-1),
        DeadlineRule(cut_off_minutes=1441),
        DeadlineRule(anchor=Anchor.WEEK),
        DeadlineRule(anchor=Anchor.MONTH, on=32),
        DeadlineRule(on=3),
        DeadlineRule(anchor=Anchor.WEEK, on=3, unit=Unit.HOUR),
        DeadlineRule(anchor=Anchor.WEEK, on=3, skip_holidays=True),
        DeadlineRule(unit=Unit.HOUR, cut_off_minutes=60),
        DeadlineRule(counting=Counting.WEEKDAYS),
        DeadlineRule(weekdays=frozenset({1})),
        DeadlineRule(counting=Counting.WEEKDAYS, weekdays=frozenset({9})),
    ],
)
def test_a_rule_that_cannot_be_used_says_what_is_wrong(rule):
    assert faults(rule)


weekday_sets = st.frozensets(st.integers(1, 7), min_size=1)


@st.composite
def rules(draw):
    anchor = draw(st.sampled_from(Anchor))
    rule = DeadlineRule(
        anchor=anchor,
        offset=draw(st.integers(0, 40)),
        cut_off_minutes=draw(st.integers(0, 1440)),
        afterwards=draw(st.sampled_from(Afterwards)),
    )
    if anchor in {Anchor.WEEK, Anchor.MONTH}:
        return replace(rule, on=draw(st.integers(1, 7 if anchor is Anchor.WEEK else 31)))
    unit = draw(st.sampled_from(Unit))
    if unit is not Unit.DAY:
        return replace(rule, unit=unit, cut_off_minutes=1440 if unit is Unit.HOUR else rule.cut_off_minutes)
    counting = draw(st.sampled_from(Counting))
    return replace(
        rule,
        counting=counting,
        weekdays=draw(weekday_sets) if counting is Counting.WEEKDAYS else frozenset(),
        skip_holidays=draw(st.booleans()),
        skip_closures=draw(st.booleans()),
    )


services = st.builds(
    CareTime,
    day=st.dates(date(2026, 9, 1), date(2028, 8, 31)),
    starts=st.times(time(6), time(19)).map(lambda at: at.replace(second=0, microsecond=0)),
)
zones = st.sampled_from(ZONES).map(ZoneInfo)


@given(rule=rules())
def test_every_usable_rule_prints_to_a_text_that_reads_back_as_itself(rule):
    assert faults(rule) == []
    assert read_deadline(write_deadline(rule)) == rule


@given(days=weekday_sets)
def test_every_set_of_weekdays_prints_to_a_text_that_reads_back_as_itself(days):
    assert read_weekdays(write_weekdays(days)) == days


@given(rule=rules(), service=services, zone=zones)
def test_a_longer_notice_never_closes_later(rule, service, zone):
    longer = replace(rule, offset=rule.offset + 1)

    assert closing_instant(longer, service, OFF, zone) < closing_instant(rule, service, OFF, zone)


@given(rule=rules(), service=services, zone=zones)
def test_a_notice_of_a_day_or_more_closes_before_the_day_of_care(rule, service, zone):
    rule = replace(rule, offset=max(1, rule.offset))
    midnight = datetime.combine(service.day, time(), zone).astimezone(UTC)
    starts_at = datetime.combine(service.day, service.starts, zone).astimezone(UTC)

    limit = starts_at - timedelta(microseconds=1) if rule.unit is Unit.HOUR else midnight
    assert closing_instant(rule, service, OFF, zone) <= limit


@given(rule=rules(), service=services, zone=zones)
def test_days_that_are_not_counted_never_make_a_deadline_later(rule, service, zone):
    plain = replace(rule, skip_holidays=False, skip_closures=False)

    assert closing_instant(rule, service, OFF, zone) <= closing_instant(plain, service, OFF, zone)
