"""Whether a child may attend: age, enrolment, hours; and what an offer says of a day."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from booking.bookings.rules import standing_after
from booking.copies.model import Child, Enrolment, Organisation
from booking.offer.model import (
    Activity,
    Centre,
    Closure,
    ClosureKind,
    DaysOff,
    DeadlineRule,
    Gauge,
    Offer,
    OpeningPattern,
    OpenOn,
    PartOfDay,
    Period,
)
from booking.offer.rules.attending import refusal, school_year
from booking.offer.rules.offering import closure_name, days_off, is_limited, is_open, may_attend, slots_of
from booking.planning.rules import eligibility_of
from booking.seats.model import SeatEvent
from booking.vocabulary import BookingState, DayPart, Reason

MONDAY = date(2026, 11, 16)
NOW = datetime(2026, 11, 9, 8, tzinfo=UTC)


def part(arrives, leaves, day_part=DayPart.EVENING):
    return PartOfDay(day_part, time.fromisoformat(arrives), time.fromisoformat(leaves))


def activity(reference="soir", *, parts=None, weekdays=(1,), on=OpenOn.SCHOOL_DAYS, **changes):
    made = Activity(
        id=reference,
        organisation_id="town",
        name=reference,
        group="g",
        centre_ids=("verne",),
        parts=parts or (part("16:30", "18:30"),),
        gauges=(Gauge("places", 2),),
        waiting_max=0,
        pattern=OpeningPattern(frozenset(weekdays), on),
        booking_deadline=DeadlineRule(),
        cancelling_deadline=DeadlineRule(),
    )
    return replace(made, **changes)


def child(birth_on=date(2018, 11, 16), *enrolments):
    return Child("zoe", "town", ("roy",), "Zoé", "Roy", birth_on, enrolments)


def offer(*activities, **changes):
    made = Offer(
        organisation=Organisation("town", "t", "T", "Europe/Paris", "fr"),
        centres={"verne": Centre("verne", "Verne")},
        activities={one.id: one for one in activities},
        periods=(),
        holidays={date(2026, 11, 11): "Armistice"},
        closures=(),
    )
    return replace(made, **changes)


@pytest.mark.parametrize(
    ("place", "starts_on", "day", "year"),
    [
        ("Paris", "09-01", date(2026, 8, 31), "2025-2026"),
        ("Paris", "09-01", date(2026, 9, 1), "2026-2027"),
        ("Paris", "09-01", date(2027, 1, 1), "2026-2027"),
        ("Réunion", "08-17", date(2026, 8, 16), "2025-2026"),
        ("Réunion", "08-17", date(2026, 8, 17), "2026-2027"),
        ("Réunion", "08-17", date(2026, 8, 25), "2026-2027"),
        ("Nouméa", "02-15", date(2027, 2, 14), "2026-2027"),
        ("Nouméa", "02-15", date(2027, 2, 15), "2027-2028"),
    ],
)
def test_a_school_year_starts_where_the_place_says(place, starts_on, day, year):
    assert school_year(day, starts_on) == year, place


def test_a_child_enrolled_for_the_year_that_has_begun_there_may_book():
    care, enrolled = date(2026, 8, 25), Enrolment("soir", "2026-2027", "accepted")
    in_reunion = offer(activity(needs_enrolment=True), school_year_starts_on="08-17")
    in_paris = offer(activity(needs_enrolment=True))
    answers = [
        eligibility_of(town, town.activities["soir"], child(date(2018, 1, 1), enrolled), ("verne", care), NOW)
        for town in (in_reunion, in_paris)
    ]
    assert [answer.refusal for answer in answers] == [Reason.NOT_OPEN, Reason.NOT_ENROLLED]
    assert [may_attend(child(date(2018, 1, 1), enrolled), town, care) for town in (in_reunion, in_paris)] == [
        ["soir"],
        [],
    ]


@pytest.mark.parametrize(
    ("birth_on", "age_min", "age_max", "day", "reason"),
    [
        (date(2018, 11, 16), 8, None, MONDAY, None),
        (date(2018, 11, 17), 8, None, MONDAY, Reason.AGE),
        (date(2018, 11, 16), None, 7, MONDAY, Reason.AGE),
        (date(2018, 11, 17), None, 7, MONDAY, None),
        (date(2020, 2, 29), 7, None, date(2027, 2, 28), Reason.AGE),
        (date(2020, 2, 29), 7, None, date(2027, 3, 1), None),
        (None, 3, None, MONDAY, Reason.AGE),
        (None, None, None, MONDAY, None),
    ],
)
def test_ages_are_full_years_on_the_day_of_care(birth_on, age_min, age_max, day, reason):
    assert refusal(activity(age_min=age_min, age_max=age_max), child(birth_on), day) is reason


@pytest.mark.parametrize(
    ("enrolment", "reason"),
    [
        (Enrolment("soir", "2026-2027", "accepted"), None),
        (Enrolment("soir", "2026-2027", "requested"), Reason.NOT_ENROLLED),
        (Enrolment("soir", "2025-2026", "accepted"), Reason.NOT_ENROLLED),
        (Enrolment("repas", "2026-2027", "accepted"), Reason.NOT_ENROLLED),
    ],
)
def test_an_enrolment_is_of_one_activity_and_one_school_year(enrolment, reason):
    wanted = activity(needs_enrolment=True)
    assert refusal(wanted, child(date(2018, 1, 1), enrolment), MONDAY) is reason


@pytest.mark.parametrize(
    ("opens_at", "closes_at", "expected"),
    [
        (None, None, True),
        (NOW, None, True),
        (NOW.replace(hour=9), None, False),
        (None, NOW.replace(hour=9), True),
        (None, NOW, False),
    ],
)
def test_a_period_takes_bookings_from_its_opening_until_its_end(opens_at, closes_at, expected):
    period = Period("p", "P", ("verne",), MONDAY, MONDAY, opens_at, closes_at)
    assert is_open(period, NOW) is expected
    assert is_open(None, NOW) is False


def test_days_off_are_those_of_the_centre_and_those_of_all():
    closures = (
        Closure("verne", MONDAY, MONDAY, "Formation", ClosureKind.CLOSURE),
        Closure("tilleuls", MONDAY, MONDAY, "Travaux", ClosureKind.CLOSURE),
        Closure(None, date(2026, 12, 19), date(2026, 12, 20), "Noël", ClosureKind.SCHOOL_HOLIDAY),
    )
    town = offer(closures=closures)
    assert days_off(town, "verne") == DaysOff(
        holidays=frozenset({date(2026, 11, 11)}),
        closures=frozenset({MONDAY}),
        school_holidays=frozenset({date(2026, 12, 19), date(2026, 12, 20)}),
    )
    assert closure_name(town, MONDAY, ClosureKind.CLOSURE, "verne") == "Formation"
    assert closure_name(town, MONDAY, ClosureKind.CLOSURE, None) is None
    assert closure_name(town, date(2026, 12, 20), ClosureKind.SCHOOL_HOLIDAY, None) == "Noël"


def test_a_child_is_offered_what_it_may_attend_on_some_day_to_come():
    future = Period("p", "P", ("verne",), date(2027, 1, 4), date(2027, 2, 12), None, None)
    past = Period("q", "Q", ("verne",), date(2026, 9, 1), date(2026, 10, 1), None, None)
    town = offer(activity("big", age_min=9), activity("later", age_min=8), periods=(past, future))
    assert may_attend(child(date(2019, 1, 4)), town, MONDAY) == ["later"]


def test_slots_are_walked_by_activity_centre_and_part_of_day():
    wide = activity("wide", centre_ids=("verne", "tilleuls"), gauges=(Gauge("places", None),))
    town = offer(wide)
    assert [(slot.activity.id, slot.centre_id) for slot in slots_of(town, ["wide", "gone"], None)] == [
        ("wide", "verne"),
        ("wide", "tilleuls"),
    ]
    assert [slot.centre_id for slot in slots_of(town, ["wide"], "tilleuls")] == ["tilleuls"]
    assert (is_limited(wide), is_limited(activity())) == (False, True)


@pytest.mark.parametrize(
    ("event", "data", "state", "rank"),
    [
        (SeatEvent.BOOKING_ACCEPTED, {}, BookingState.ACCEPTED, None),
        (SeatEvent.BOOKING_HELD, {"held_until": NOW}, BookingState.HELD, None),
        (SeatEvent.BOOKING_WAITLISTED, {"rank": 3}, BookingState.WAITLISTED, 3),
        (SeatEvent.BOOKING_REQUESTED, {"state": "submitted"}, BookingState.SUBMITTED, None),
        (SeatEvent.BOOKING_REFUSED, {}, BookingState.REFUSED, None),
        (SeatEvent.BOOKING_CANCELLED, {}, BookingState.CANCELLED, None),
        (SeatEvent.CANCELLATION_ASKED, {}, BookingState.CANCELLATION_REQUESTED, None),
        (SeatEvent.CANCELLATION_DECLINED, {}, BookingState.ACCEPTED, None),
        (SeatEvent.HOLD_EXPIRED, {}, BookingState.EXPIRED, None),
        (SeatEvent.SEAT_PROMOTED, {"to": "held", "held_until": NOW}, BookingState.HELD, None),
        (SeatEvent.SEAT_LOST, {}, BookingState.EXPIRED, None),
    ],
)
def test_every_event_of_a_seat_says_where_its_booking_stands(event, data, state, rank):
    standing = standing_after(event, data)
    assert (standing.state, standing.rank, standing.held_until) == (state, rank, data.get("held_until"))
    assert set(SeatEvent) >= {event}
