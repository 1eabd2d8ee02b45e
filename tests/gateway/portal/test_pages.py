import re

import pytest

from tests.gateway.portal.reading import read
from tests.gateway.portal.town import CANTEEN, LEO, WEDNESDAY, ZOE

PAGES = [
    "/home",
    "/planning",
    f"/planning?child={ZOE}&child={LEO}&activity={CANTEEN}&month=2026-12",
    "/planning/week",
    f"/planning/week?child={ZOE}&activity={WEDNESDAY}&week=2026-11-16&month=2026-11",
    f"/planning/bulk?child={ZOE}&activity={CANTEEN}&weekday=1&from=2026-11-16&until=span&end_span=2026-11-30",
    f"/planning/day?child={ZOE}&for={ZOE}&day=2026-11-18",
    "/review",
    "/confirmations/cf-1",
    "/pay/cf-1",
    "/payments/return?payment=pay-1",
    "/payments/return?id=X-1",
    "/bookings",
    "/bookings?state=over&from=2026-11-01&to=x&child=c-1",
    "/bookings/b-1/cancel?day=2026-11-18&child=c-1",
    "/bookings/b-2/cancel?day=2026-11-18&child=c-1",
    "/balance",
    "/balance?until=2026-12-24&pending=1",
    "/messages",
    "/messages/m-1",
    "/preferences",
    "/today",
    "/today/kept",
    "/sessions",
]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_stands_on_its_own_in_both_languages(parent, path, language):
    parent.set_cookie("language", language)
    response = parent.get(path)
    assert response.status_code == 200
    page = read(response)
    assert page.html["lang"] == language
    assert len(page.find_all("h1")) == 1
    assert page.main is not None
    assert page.select_one("a.skip")["href"] == "#main"
    assert response.headers["Cache-Control"] == "no-store"
    names = [tag["id"] for tag in page.find_all(id=True)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("path", ["/carteville", *PAGES])
def test_no_page_holds_a_script_or_a_style_of_its_own(parent, stranger, path):
    page = read((stranger if path == "/carteville" else parent).get(path))
    assert not page.find_all("style")
    assert not page.find_all(style=True)
    assert all(tag.get("src") for tag in page.find_all("script"))
    assert not [tag for tag in page.find_all() if any(name.startswith("on") for name in tag.attrs)]


@pytest.mark.parametrize("path", ["/carteville", *PAGES])
def test_every_field_has_a_label_and_every_sending_form_a_token(parent, stranger, path):
    page = read((stranger if path == "/carteville" else parent).get(path))
    for field in page.select("input:not([type=hidden]), select"):
        assert field.find_parent("label") or page.select_one(f"label[for={field['id']}]")
    for form in page.find_all("form", method="post"):
        assert form.find(attrs={"name": "csrf_token"})["value"]
    for table in page.find_all("table"):
        assert table.caption is not None
        assert all(cell.get("scope") for cell in table.find_all("th"))


@pytest.mark.parametrize("path", [page for page in PAGES if page != "/"])
def test_a_stranger_is_led_to_the_log_in_page_and_back(stranger, path):
    response = stranger.get(path)
    assert response.status_code == 303
    assert response.headers["Location"].startswith("/carteville?next=")


def test_names_from_elsewhere_are_text_on_every_page(parent):
    assert "<b>" not in parent.get(f"/planning?child={LEO}").text


def test_files_are_compressed_and_kept(stranger):
    page = read(stranger.get("/carteville"))
    href = page.select_one("link[rel=stylesheet]")["href"]
    response = stranger.get(href, headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert "max-age" in response.headers["Cache-Control"]
    assert stranger.get("/static/nothing.css").status_code == 404


@pytest.mark.parametrize(
    "path", ["/carteville", f"/planning?child={ZOE}&child={LEO}&activity={CANTEEN}&month=2026-12"]
)
def test_a_first_page_weighs_less_than_100_kilobytes(parent, stranger, path):
    client = stranger if path == "/carteville" else parent
    gzip = {"Accept-Encoding": "gzip"}
    first = client.get(path, headers=gzip)
    page = read(client.get(path))
    files = [tag.get("href") or tag.get("src") for tag in page.select("link, script, img")]
    weight = len(first.data) + sum(len(client.get(file, headers=gzip).data) for file in set(files))
    assert len(first.data) < 40_000
    assert weight < 100_000


def test_french_amounts_stand_as_french_people_write_them(parent):
    assert re.search("1\u202f234,50\u00a0€", parent.get("/bookings").text)
    parent.set_cookie("language", "en")
    assert "€1,234.50" in parent.get("/bookings").text
