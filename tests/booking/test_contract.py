"""What booking's schemas take and what they do not; its golden examples are held in tests/contracts."""

import pytest

from booking.basket.contract import ChangeDraftRequest
from booking.planning.contract import GetCalendarRequest

MOVEMENT = {
    "action": "book",
    "child_id": "c",
    "activity_id": "a",
    "centre_id": "p",
    "day": "2026-11-16",
    "day_part": "noon",
}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("action", "steal"),
        ("child_id", {"$ne": ""}),
        ("child_id", ["c"]),
        ("child_id", ""),
        ("child_id", "c" * 129),
        ("child_id", "\ud800"),
        ("day", "2026-11-31"),
        ("day", 20261116),
        ("day_part", "night"),
        ("price_cents", 0),
    ],
)
def test_a_movement_takes_scalars_of_its_kind_and_nothing_else(field, value):
    request = {"draft_id": "d", "add": [{**MOVEMENT, field: value}]}
    assert ChangeDraftRequest().validate(request)


def test_a_draft_is_not_asked_for_more_than_it_can_hold():
    assert ChangeDraftRequest().validate({"draft_id": "d", "add": [MOVEMENT] * 501})
    assert not ChangeDraftRequest().validate({"draft_id": "d", "add": [MOVEMENT] * 500})


@pytest.mark.parametrize(
    ("to_on", "taken"),
    [("2026-11-01", True), ("2027-01-01", True), ("2027-01-02", False), ("2026-10-31", False)],
)
def test_a_calendar_spans_one_to_sixty_two_days(to_on, taken):
    request = {"child_ids": ["c"], "from_on": "2026-11-01", "to_on": to_on}
    assert bool(GetCalendarRequest().validate(request)) is not taken
