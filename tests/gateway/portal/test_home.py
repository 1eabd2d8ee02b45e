"""My family account: what waits stands first, each with its button."""

import pytest

from gateway import organisations
from tests.gateway import samples
from tests.gateway.portal.reading import read, send


def test_what_waits_stands_first_with_its_button(parent):
    page = read(parent.get("/home"))
    first = page.select_one("main section")
    assert "todo" in first["class"]
    assert [link["href"] for link in first.select("a.btn")] == ["/pay/cf-1", "/review"]
    assert "12,60" in first.text


def test_where_nothing_waits_the_days_to_come_stand_first(parent, town):
    town.due, town.movements = [], []
    page = read(parent.get("/home"))
    assert page.select_one(".todo") is None
    assert "7\u00a0h\u00a030 \u2013 18\u00a0h" in page.select_one(".days").text


def test_the_town_is_near(parent):
    page = read(parent.get("/home"))
    assert "Ouverture lundi" in page.select_one(".notice").text
    assert page.select_one("main a[href^='tel:']")


def test_an_announcement_is_closed_for_good_in_this_browser_and_another_text_is_another(
    parent, town, monkeypatch
):
    button = read(parent.get("/home")).select_one(".notice button")
    assert button["aria-label"].startswith("Fermer")
    answer = send(parent, "/home/announcements/close", {"announcement": button["value"]})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/home")
    assert read(parent.get("/home")).select_one(".notice") is None
    changed = [{**samples.ORGANISATION["announcements"][0], "text": "Ouverture mardi."}]
    monkeypatch.setattr(samples, "ORGANISATION", {**samples.ORGANISATION, "announcements": changed})
    parent.application.extensions["organisations"] = organisations.new_cache()
    assert "mardi" in read(parent.get("/home")).select_one(".notice").text


@pytest.mark.parametrize("name", ["", "../x", "0" * 11, "a.b"])
def test_what_names_no_announcement_closes_none(parent, name):
    assert "Set-Cookie" not in send(parent, "/home/announcements/close", {"announcement": name}).headers
    assert read(parent.get("/home")).select_one(".notice")


def test_only_the_latest_twenty_that_were_closed_are_kept(parent):
    for number in range(25):
        send(parent, "/home/announcements/close", {"announcement": f"{number:010x}"})
    kept = parent.get_cookie("closed").value.split(".")
    assert (len(kept), kept[0]) == (20, "0000000018")
