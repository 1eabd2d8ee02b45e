from dataclasses import replace
from datetime import date

import pytest

from gateway.clients.asking import read
from gateway.clients.booking import Offer
from gateway.portal.planning import choice
from tests.gateway.portal import town
from tests.gateway.portal.town import CANTEEN, LEO, PARK, SCHOOL, WEDNESDAY, ZOE

TODAY = date(2026, 11, 16)
OFFER = read(Offer, town.OFFER)


def chosen(**args):
    return choice.choose(OFFER, {name: [value] for name, value in args.items()}, TODAY)


def test_without_an_address_the_first_child_and_the_first_bookable_month_are_shown():
    found = chosen()
    assert found.child_ids == (ZOE,)
    assert found.activity_id is None
    assert found.period.id == "p-autumn"
    assert found.month == date(2026, 11, 1)
    assert found.week is None


@pytest.mark.parametrize(
    ("args", "field", "value"),
    [
        ({"child": "c-other"}, "child_ids", (ZOE,)),
        ({"child": LEO}, "child_ids", (LEO,)),
        ({"activity": "act-other"}, "activity_id", None),
        ({"child": LEO, "activity": WEDNESDAY}, "activity_id", None),
        ({"activity": CANTEEN}, "activity_id", CANTEEN),
        ({"activity": CANTEEN, "centre": PARK}, "activity_id", None),
        ({"centre": SCHOOL}, "centre_id", SCHOOL),
        ({"centre": "ctr-other"}, "centre_id", None),
        ({"month": "2027-01"}, "month", date(2027, 1, 1)),
        ({"month": "2026-10"}, "month", date(2026, 11, 1)),
        ({"month": "x"}, "month", date(2026, 11, 1)),
    ],
)
def test_what_is_not_on_offer_falls_back(args, field, value):
    assert getattr(chosen(**args), field) == value


@pytest.mark.parametrize(
    ("today", "month"), [(date(2026, 11, 27), date(2026, 11, 1)), (date(2026, 11, 28), date(2026, 12, 1))]
)
def test_in_the_last_days_of_a_month_the_next_one_is_shown_first(today, month):
    assert choice.choose(OFFER, {}, today).month == month
    assert choice.choose(OFFER, {"month": ["2026-11"]}, today).month == date(2026, 11, 1)


def test_several_children_are_taken_once_each():
    found = choice.choose(OFFER, {"child": [LEO, ZOE, LEO]}, TODAY)
    assert found.child_ids == (LEO, ZOE)


def weekly(**args):
    return choice.choose(OFFER, {name: [value] for name, value in args.items()}, TODAY, weekly=True)


@pytest.mark.parametrize(
    ("args", "monday"),
    [
        ({}, date(2026, 11, 16)),
        ({"week": "2026-11-23"}, date(2026, 11, 23)),
        ({"week": "2026-11-24"}, date(2026, 11, 16)),
        ({"week": "2027-03-01"}, date(2026, 11, 16)),
        ({"week": "$ne"}, date(2026, 11, 16)),
        ({"month": "2026-12"}, date(2026, 11, 30)),
    ],
)
def test_a_week_that_is_none_of_the_period_falls_back(args, monday):
    assert weekly(**args).week == monday


def test_on_a_sunday_the_week_to_come_is_shown():
    found = choice.choose(OFFER, {}, date(2026, 11, 15), weekly=True)
    assert found.week == date(2026, 11, 16)


def test_a_week_is_shown_of_all_children_a_month_of_the_first():
    assert weekly().child_ids == (ZOE, LEO)
    assert weekly(child=LEO).child_ids == (LEO,)
    assert chosen().child_ids == (ZOE,)


WINTER = replace(OFFER.periods[0], id="p-winter", starts_on="2027-02-01", ends_on="2027-03-10")


def test_months_go_on_across_open_periods_and_none_lies_behind_us():
    periods = choice.open_periods(replace(OFFER, periods=(*OFFER.periods, WINTER)), None, TODAY)
    found = choice.months(periods, TODAY)
    assert [f"{month:%Y-%m}" for month in found] == ["2026-11", "2026-12", "2027-01", "2027-02", "2027-03"]
    assert choice.around(date(2027, 1, 1), found) == (date(2026, 12, 1), date(2027, 2, 1))
    assert choice.around(found[0], found)[0] is None
    assert choice.around(found[-1], found)[1] is None
    assert choice.months([], TODAY) == []


def test_the_weeks_are_those_of_open_periods():
    weeks = choice.mondays(choice.open_periods(OFFER, None, TODAY), TODAY)
    assert (weeks[0], weeks[-1]) == (date(2026, 11, 16), date(2027, 1, 4))


def test_the_period_is_that_of_the_days_on_the_page_and_one_that_is_asked_for_leads_to_its_first_month():
    offer = replace(OFFER, periods=(*OFFER.periods, WINTER))
    assert choice.choose(offer, {"month": ["2027-02"]}, TODAY).period.id == "p-winter"
    found = choice.choose(offer, {"period": ["p-winter"]}, TODAY)
    assert (found.month, found.period.id) == (date(2027, 2, 1), "p-winter")


@pytest.mark.parametrize(
    ("found", "first", "last"),
    [
        (chosen(month="2026-12"), "2026-12-01", "2026-12-31"),
        (weekly(week="2026-11-30"), "2026-11-30", "2026-12-06"),
    ],
)
def test_a_month_or_a_week_is_shown(found, first, last):
    assert tuple(day.isoformat() for day in found.shown_days()) == (first, last)


def test_an_address_says_what_is_shown_and_what_will_be_asked_for():
    args = {"child": [ZOE, LEO], "activity": [CANTEEN], "month": ["2026-12"], "week": ["2026-12-07"]}
    found = choice.choose(OFFER, args, TODAY, weekly=True)
    assert found.query() == (f"child={ZOE}&child={LEO}&activity={CANTEEN}&month=2026-12&week=2026-12-07")
    assert choice.guessed(args, weekly=True) == found.asked()
    assert found.query(month=date(2027, 1, 1), week=None).endswith("month=2027-01")
    del args["week"]
    assert choice.guessed(args) == choice.choose(OFFER, args, TODAY).asked()


@pytest.mark.parametrize(
    "args", [{}, {"child": [ZOE]}, {"child": [ZOE], "month": ["9999-12"]}, {"child": [ZOE], "month": ["x"]}]
)
def test_what_an_address_does_not_say_is_not_guessed(args):
    assert choice.guessed(args) is None


def test_centres_at_which_the_child_can_book_nothing_are_not_offered():
    assert [name for _, name in choice.centres(OFFER, [LEO])] == ["École"]
    assert [name for _, name in choice.centres(OFFER, [ZOE])] == ["Centre du Parc", "École"]


def test_no_open_period_leaves_nothing_to_show():
    closed = replace(OFFER, periods=OFFER.periods[1:])
    assert choice.choose(closed, {}, TODAY).period is None
