"""My bookings: filters, and cancelling once."""

from tests.gateway.portal.reading import read
from tests.gateway.portal.town import WEDNESDAY


def test_the_tick_boxes_stand_for_the_states_behind_them(parent, town):
    parent.get("/bookings?state=waiting&state=over")
    assert town.asked("booking.list_bookings")[-1]["states"] == [
        "held",
        "requested",
        "submitted",
        "cancellation_requested",
        "cancelled",
        "refused",
        "expired",
    ]


def test_a_booking_is_cancelled_once_however_often_it_is_sent(parent, town):
    page = read(parent.get("/bookings/b-1/cancel?day=2026-11-18&child=c-1"))
    data = {field["name"]: field["value"] for field in page.select("main form input[type=hidden]")}
    for _ in range(2):
        assert parent.post("/bookings/b-1/cancel", data=data).status_code == 303
    first, second = town.asked("booking.cancel")
    assert first == second


def test_another_familys_booking_is_not_found(parent):
    assert parent.get("/bookings/b-9/cancel?day=2026-11-18").status_code == 404
    assert parent.get("/confirmations/cf-9").status_code == 404
    assert parent.get(f"/planning/day?for=c-9&day=2026-11-18&activity={WEDNESDAY}").status_code == 404
