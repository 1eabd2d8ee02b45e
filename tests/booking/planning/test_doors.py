"""The doors of the planning, with fakes of their stores."""

from datetime import date

import pytest

from booking.planning import contract, doors
from booking.planning.contract import GetCalendar, GetDay
from chassis.values.errors import Refused
from tests.booking.small_town import MARTIN, MONDAY, ROY, confirmed, movement

SPAN = (date(2026, 11, 10), date(2026, 11, 17))


def cells(calendar):
    return {cell["day"]: cell["state"] for cell in calendar["series"][0]["days"]}


def test_one_activity_is_shown_cell_by_cell(town):
    shown = doors.get_calendar(town.as_(ROY), GetCalendar(["zoe"], "evening", None, *SPAN))
    assert contract.Calendar().validate(shown) == {}
    assert cells(shown)["2026-11-16"] == "open"
    assert cells(shown)["2026-11-17"] == "closed"
    assert shown["aggregates"] == []
    assert {day["day"]: day["holiday"] for day in shown["days"]}["2026-11-11"] == "Armistice"


def test_without_an_activity_a_day_is_what_all_of_them_come_to(town):
    confirmed(town, ROY, movement("zoe", "evening"))
    shown = doors.get_calendar(town.as_(ROY), GetCalendar(["zoe", "leo"], None, "verne", *SPAN))
    states = {each["child_id"]: each["days"][6]["state"] for each in shown["aggregates"]}
    assert states == {"zoe": "booked", "leo": "some_open"}
    assert len(shown["series"]) == 6


def test_what_another_family_booked_for_the_child_is_shown_and_locked(town):
    confirmed(town, MARTIN, movement("leo", "evening"))
    shown = doors.get_calendar(town.as_(ROY), GetCalendar(["leo"], "evening", None, MONDAY, MONDAY))
    (cell,) = shown["series"][0]["days"]
    assert (cell["state"], cell["booking_id"]) == ("booked_locked", None)


def test_a_day_lists_its_activities_by_their_hour(town):
    shown = doors.get_day(town.as_(ROY), GetDay("zoe", MONDAY, None))
    assert contract.Day().validate(shown) == {}
    assert [each["activity_id"] for each in shown["activities"]] == ["meal", "evening", "sport"]
    assert doors.get_day(town.as_(ROY), GetDay("zoe", SPAN[1], None))["activities"] == []


@pytest.mark.parametrize(("child", "activity"), [("max", None), ("zoe", "chess")])
def test_another_familys_child_and_no_activity_are_not_found(town, child, activity):
    with pytest.raises(Refused, match="not_found"):
        doors.get_calendar(town.as_(ROY), GetCalendar([child], activity, None, *SPAN))
