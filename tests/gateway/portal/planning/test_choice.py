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
        ({"week": "2026-11-23"}, "week", date(2026, 11, 23)),
        ({"week": "2026-11-24"}, "week", None),
        ({"week": "2026-12-14"}, "week", None),
        ({"week": "$ne"}, "week", None),
    ],
)
def test_what_is_not_on_offer_falls_back(args, field, value):
    assert getattr(chosen(**args), field) == value


def test_several_children_are_taken_once_each():
    found = choice.choose(OFFER, {"child": [LEO, ZOE, LEO]}, TODAY)
    assert found.child_ids == (LEO, ZOE)


def test_only_months_of_the_open_period_that_are_not_over_can_be_chosen():
    assert [f"{month:%Y-%m}" for month in choice.months(chosen().period, TODAY)] == [
        "2026-11",
        "2026-12",
        "2027-01",
    ]
    assert choice.months(None, TODAY) == []


def test_the_weeks_of_a_month_are_those_of_the_period():
    weeks = choice.mondays(date(2027, 1, 1), chosen().period)
    assert weeks == [date(2026, 12, 28), date(2027, 1, 4)]


@pytest.mark.parametrize(
    ("args", "first", "last"),
    [
        ({"month": "2026-12"}, "2026-12-01", "2026-12-31"),
        ({"month": "2026-11", "week": "2026-11-30"}, "2026-11-30", "2026-12-06"),
    ],
)
def test_a_month_or_a_week_is_shown(args, first, last):
    assert tuple(day.isoformat() for day in chosen(**args).shown_days()) == (first, last)


def test_an_address_says_what_is_shown():
    found = choice.choose(
        OFFER,
        {"child": [ZOE, LEO], "activity": [CANTEEN], "month": ["2026-12"], "week": ["2026-12-07"]},
        TODAY,
    )
    assert found.query() == (
        f"child={ZOE}&child={LEO}&period=p-autumn&activity={CANTEEN}&month=2026-12&week=2026-12-07"
    )
    assert found.query(month=date(2027, 1, 1), week=None).endswith("month=2027-01")


def test_no_open_period_leaves_nothing_to_show():
    closed = replace(OFFER, periods=OFFER.periods[1:])
    assert choice.choose(closed, {}, TODAY).period is None
