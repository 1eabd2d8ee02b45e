"""Today's card: who is where, from when to when; its copy for a device, and until when that may be read."""

from tests.gateway import samples
from tests.gateway.portal.reading import read

LATER = {
    **samples.BOOKING,
    "id": "b-8",
    "child_id": "c-1",
    "activity_name": "Accueil du soir",
    "arrives_at": "16:30",
    "leaves_at": "18:30",
    "state": "held",
}
EARLIER = {
    **samples.BOOKING,
    "id": "b-9",
    "child_id": "c-1",
    "activity_name": "Cantine",
    "arrives_at": "11:45",
}


def test_a_childs_day_stands_by_hour_with_what_is_not_sure_said(parent, town):
    town.bookings = [LATER, EARLIER]
    page = read(parent.get("/today"))
    first, second = page.select("section[aria-labelledby=child-1] li")
    assert "Cantine" in first.text
    assert first.select_one(".badge") is None
    assert "16\u00a0h\u00a030 \u2013 18\u00a0h\u00a030" in second.text
    assert second.select_one(".badge")
    assert "12\u00a0h" in page.select_one("main").text
    (asked,) = town.asked("booking.list_bookings")
    assert (asked["from_on"], asked["to_on"]) == ("2026-11-16", "2026-11-16")


def test_who_may_collect_and_whom_to_call_are_a_tap_away(parent):
    page = read(parent.get("/today"))
    assert "Jeanne Martin" in page.select_one("section[aria-labelledby=collect-title]").text
    calls = [link["href"] for link in page.select("main a[href^='tel:']")]
    assert calls == ["tel:+33102030405", "tel:+33500000150"]


def test_a_day_without_the_centre_is_said(parent, town):
    town.bookings = []
    assert "Rien n\u2019est réservé aujourd\u2019hui" in read(parent.get("/today")).select_one("main").text


def test_the_copy_of_a_device_ends_with_the_day_and_holds_no_form_and_no_account(parent):
    response = parent.get("/today/kept")
    page = read(response)
    assert response.headers["Expires"] == "Mon, 16 Nov 2026 23:00:00 GMT"
    assert response.headers["Cache-Control"] == "no-store"
    assert page.find_all("form") == []
    assert page.find_all(attrs={"name": "csrf_token"}) == []
    assert page.select_one(".who") is None
    assert "Jeanne Martin" in page.select_one("main").text


def test_home_leads_to_the_card_and_has_it_kept(parent):
    page = read(parent.get("/home"))
    assert page.select_one("#to-today")["href"] == "/today"
    assert page.main["data-keep"] == "/today/kept"


def test_where_nobody_is_logged_in_the_card_is_let_go(stranger):
    assert "data-nobody" in read(stranger.get("/carteville")).main.attrs
