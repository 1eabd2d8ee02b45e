"""What comes next, by day."""

import pytest

from gateway.clients.asking import read
from gateway.clients.booking import Booking
from gateway.portal.home import views as home
from tests.gateway import samples

ROW = {"activity_id": "a-1", "activity_name": "Cantine", "state": "accepted", "rank": None}

NAMES = {"c-1": "Zoé", "c-2": "Léo"}


def row(day, child_id, **changes):
    told = {**ROW, "day": day, "child_id": child_id, "child_name": f"{child_id} Martin", **changes}
    return read(Booking, {**samples.BOOKING, **told})


def test_brothers_and_sisters_who_do_the_same_stand_on_one_line_of_their_day():
    shown = home.by_day([row("2026-11-18", "c-1"), row("2026-11-18", "c-2")], NAMES)
    assert [(entry.activity_name, entry.children) for entry in shown["2026-11-18"]] == [
        ("Cantine", ["Zoé", "Léo"])
    ]


@pytest.mark.parametrize(
    "other", [{"activity_id": "a-2"}, {"state": "held"}, {"rank": 2}, {"child_id": "c-1", "state": "held"}]
)
def test_what_differs_stands_on_lines_of_its_own(other):
    shown = home.by_day([row("2026-11-18", "c-1"), row("2026-11-18", **{"child_id": "c-2", **other})], NAMES)
    assert [len(entry.children) for entry in shown["2026-11-18"]] == [1, 1]


def test_days_keep_their_order_and_a_child_that_is_not_known_its_name():
    shown = home.by_day([row("2026-11-18", "c-9"), row("2026-11-20", "c-1")], NAMES)
    assert list(shown) == ["2026-11-18", "2026-11-20"]
    assert shown["2026-11-18"][0].children == ["c-9 Martin"]
