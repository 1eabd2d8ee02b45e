"""My family account: what waits stands first, each with its button."""

from tests.gateway.portal.reading import read


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
