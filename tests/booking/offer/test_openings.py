from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from booking.offer.model import Activity, DaysOff, Gauge, OpeningPattern, OpenOn, PartOfDay, Period
from booking.offer.rules.deadline_text import read_deadline
from booking.offer.rules.openings import opening_days, period_of, takes_place
from booking.seats.rules.opening import seats_of_day
from booking.vocabulary import DayPart

PARIS = ZoneInfo("Europe/Paris")
OFF = DaysOff(
    holidays=frozenset({date(2026, 11, 11)}),
    closures=frozenset({date(2026, 11, 13)}),
    school_holidays=frozenset({date(2026, 12, 21), date(2026, 12, 22)}),
)
WEEK = OpeningPattern(frozenset({1, 2, 3, 4, 5}))
CAMP = Activity(
    id="camp",
    organisation_id="town",
    name="Holiday centre",
    group="leisure",
    centre_ids=("north",),
    parts=(
        PartOfDay(DayPart.MORNING, time(8), time(12), ("morning",)),
        PartOfDay(DayPart.DAY, time(8), time(18), ("morning", "afternoon")),
    ),
    gauges=(Gauge("morning", 20), Gauge("afternoon", 15)),
    waiting_max=5,
    pattern=replace(WEEK, on=OpenOn.HOLIDAYS),
    booking_deadline=read_deadline("15 clear days before the period"),
    cancelling_deadline=read_deadline("48 hours then request"),
)


@pytest.mark.parametrize(
    ("pattern", "day", "opens"),
    [
        (WEEK, date(2026, 11, 16), True),
        (WEEK, date(2026, 11, 14), False),
        (WEEK, date(2026, 11, 11), False),
        (WEEK, date(2026, 11, 13), False),
        (WEEK, date(2026, 12, 21), False),
        (replace(WEEK, on=OpenOn.HOLIDAYS), date(2026, 12, 21), True),
        (replace(WEEK, on=OpenOn.HOLIDAYS), date(2026, 11, 16), False),
        (replace(WEEK, on=OpenOn.ALL), date(2026, 12, 21), True),
        (replace(WEEK, starts_on=date(2026, 11, 17)), date(2026, 11, 16), False),
        (replace(WEEK, starts_on=date(2026, 11, 16)), date(2026, 11, 16), True),
        (replace(WEEK, ends_on=date(2026, 11, 15)), date(2026, 11, 16), False),
        (replace(WEEK, ends_on=date(2026, 11, 16)), date(2026, 11, 16), True),
    ],
)
def test_an_activity_takes_place_on_the_days_of_its_pattern(pattern, day, opens):
    assert takes_place(pattern, day, OFF) is opens


def test_a_span_opens_on_both_its_ends_and_not_on_days_off():
    days = list(opening_days(WEEK, (date(2026, 11, 9), date(2026, 11, 16)), OFF))

    assert days == [date(2026, 11, d) for d in (9, 10, 12, 16)]


def test_the_shortest_of_overlapping_periods_is_the_one_of_the_day():
    year = Period("y", "Year", ("north",), date(2026, 9, 1), date(2027, 7, 4), None, None)
    winter = Period("w", "Winter", ("north",), date(2026, 12, 21), date(2027, 1, 3), None, None)

    assert period_of((year, winter), "north", date(2026, 12, 24)) is winter
    assert period_of((year, winter), "north", date(2026, 11, 16)) is year
    assert period_of((year, winter), "south", date(2026, 11, 16)) is None
    ends = [period_of((winter,), "north", winter.starts_on), period_of((winter,), "north", winter.ends_on)]
    assert ends == [winter, winter]


def test_the_seats_of_a_day_have_a_slot_per_day_part_with_its_closing_instants():
    service = (date(2026, 12, 22), date(2026, 12, 21))

    document = seats_of_day(CAMP, "north", service, OFF, PARIS)

    morning, day = document.slots
    assert (morning.gauges, day.gauges) == (("morning",), ("morning", "afternoon"))
    assert morning.starts_at == datetime(2026, 12, 22, 7, tzinfo=UTC)
    assert day.booking_closes_at == datetime(2026, 12, 5, 23, tzinfo=UTC)
    assert day.cancelling_closes_at == datetime(2026, 12, 20, 7, tzinfo=UTC)
    assert day.cancelling_afterwards == "request"
    assert [(gauge.name, gauge.max, gauge.taken) for gauge in document.gauges] == [
        ("morning", 20, 0),
        ("afternoon", 15, 0),
    ]
    assert document == seats_of_day(CAMP, "north", service, OFF, PARIS)
