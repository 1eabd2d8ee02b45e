"""Bookings as a family reads them: day, then child, then from when to when."""

import pytest

from gateway.clients.asking import read
from gateway.clients.booking import Booking
from gateway.portal import days
from tests.gateway import samples

CANTEEN = {"activity_id": "a-1", "activity_name": "Cantine", "arrives_at": "11:45", "leaves_at": "13:30"}
EVENING = {"activity_id": "a-2", "activity_name": "Soir", "arrives_at": "16:30", "leaves_at": "18:30"}
NAMES = {"c-1": "Zoé", "c-2": "Léo"}


def row(day, child_id, what=CANTEEN, state="accepted", rank=None):
    told = {**what, "day": day, "child_id": child_id, "child_name": f"{child_id} Martin", "rank": rank}
    return state, read(Booking, {**samples.BOOKING, **told, "state": state})


def test_a_child_is_there_from_its_first_arrival_to_its_last_departure():
    shown = days.by_day([row("2026-11-18", "c-1", EVENING), row("2026-11-18", "c-1")], NAMES)
    assert shown == {"2026-11-18": [days.Stay("Zoé", "11:45", "18:30", ("Cantine", "Soir"))]}


@pytest.mark.parametrize(("state", "rank"), [("waitlisted", 2), ("requested", None), ("cancelled", None)])
def test_what_is_not_sure_stands_by_itself_with_its_state(state, rank):
    rows = [row("2026-11-18", "c-1"), row("2026-11-18", "c-1", EVENING, state, rank)]
    sure, unsure = days.by_day(rows, NAMES)["2026-11-18"]
    assert (sure.activities, sure.state) == (("Cantine",), "")
    assert (unsure.activities, unsure.state, unsure.rank) == (("Soir",), state, rank)


def test_days_and_children_stand_in_their_order_and_a_child_that_is_not_known_by_its_name():
    rows = [row("2026-11-20", "c-9"), row("2026-11-18", "c-1"), row("2026-11-18", "c-2")]
    shown = days.by_day(rows, NAMES)
    assert list(shown) == ["2026-11-18", "2026-11-20"]
    assert [stay.child for stay in shown["2026-11-18"]] == ["Léo", "Zoé"]
    assert shown["2026-11-20"][0].child == "c-9 Martin"
