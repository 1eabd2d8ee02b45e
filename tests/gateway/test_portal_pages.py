import re

import pytest

from chassis.values.errors import Refused, Unavailable
from tests.gateway.portal_fakes import CANTEEN, LEO, WEDNESDAY, ZOE
from tests.gateway.portal_reading import read, send

PAGES = [
    "/home",
    "/planning",
    f"/planning?child={ZOE}&child={LEO}&activity={CANTEEN}&month=2026-12",
    f"/planning?child={ZOE}&activity={WEDNESDAY}&week=2026-11-16",
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
    "/sessions",
]
FORM_POSTS = [
    ("/carteville", {"login": "a", "password": "b"}),
    ("/logout", {}),
    ("/language", {"language": "en"}),
    ("/organisation", {"organisation_id": "o-1"}),
    ("/planning/draft", {"clear": "1"}),
    ("/review/confirm", {}),
    ("/review/abandon", {}),
    ("/pay/cf-1", {}),
    ("/bookings/b-1/cancel", {}),
    ("/sessions/s-1/close", {}),
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


def test_an_htmx_request_without_a_session_moves_the_whole_page(stranger):
    response = stranger.get(
        "/planning",
        headers={"HX-Request": "true", "HX-Current-URL": "http://localhost/planning?month=2026-12"},
    )
    assert response.headers["HX-Redirect"] == "/carteville?next=/planning?month%3D2026-12"


@pytest.mark.parametrize(("path", "data"), FORM_POSTS)
def test_a_form_without_its_token_does_nothing(parent, town, path, data):
    response = parent.post(path, data=data)
    assert response.status_code == 400
    assert {name for name, _ in town.calls} <= {"identity.resolve_session"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://portal.example"}, 303),
        ({"Origin": "http://localhost"}, 303),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 303),
        ({"Origin": "http://elsewhere.example"}, 400),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 400),
        ({"Sec-Fetch-Site": "same-site"}, 400),
    ],
)
def test_a_form_of_another_site_is_refused_even_with_a_token(parent, headers, status):
    response = send(parent, "/review/abandon", {"draft": "d-1"}, headers=headers)
    assert response.status_code == status


def test_logging_in_gives_a_cookie_and_leads_on(stranger):
    data = {"login": "jeanne", "password": "chat lune violette", "next": "/planning?month=2026-12"}
    response = send(stranger, "/carteville", data, at="/carteville")
    assert response.status_code == 303
    assert response.headers["Location"] == "/planning?month=2026-12"
    assert any(cookie.startswith("session=") for cookie in response.headers.getlist("Set-Cookie"))


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a\nb"])
def test_logging_in_never_leads_elsewhere(stranger, target):
    data = {"login": "jeanne", "password": "chat lune violette", "next": target}
    response = send(stranger, "/carteville", data, at="/carteville")
    assert response.headers["Location"] == "/home"


@pytest.mark.parametrize(
    ("refusal", "status", "words"),
    [
        (Refused("invalid_credentials"), 401, "incorrect"),
        (Refused("too_many_attempts", retry_after_s=8), 429, "8 secondes"),
        (Refused("overloaded", retry_after_s=2), 503, "2 secondes"),
    ],
)
def test_a_refused_log_in_keeps_the_login_and_says_what_to_do(stranger, town, refusal, status, words):
    town.refusing["identity.log_in"] = refusal
    data = {"login": "jeanne", "password": "wrong"}
    response = send(stranger, "/carteville", data, at="/carteville")
    assert response.status_code == status
    page = read(response)
    assert words in page.select_one("[role=alert]").text
    assert page.select_one("#login")["value"] == "jeanne"
    assert page.select_one("#login")["aria-invalid"] == "true"
    assert not page.select_one("#password").get("value")


def test_an_unknown_organisation_is_not_found(stranger):
    assert stranger.get("/nowhere").status_code == 404
    assert stranger.get("/No%20where").status_code == 404


@pytest.mark.parametrize("path", ["/nowhere", "/No%20where", "/home/nowhere"])
def test_an_address_of_no_organisation_is_not_found_by_who_is_logged_in_either(parent, path):
    response = parent.get(path)
    assert response.status_code == 404
    assert read(response).find("a", href="/")


def test_the_page_of_the_own_organisation_leads_who_is_logged_in_home(parent):
    assert parent.get("/carteville").headers["Location"] == "/home"


def test_logging_out_takes_the_cookie_back(parent, town):
    response = send(parent, "/logout", {})
    assert response.headers["Location"] == "/carteville"
    assert any("session=;" in cookie for cookie in response.headers.getlist("Set-Cookie"))
    assert town.asked("identity.log_out")


def test_a_browser_remembers_its_language(stranger):
    send(stranger, "/language", {"language": "en", "next": "/carteville"}, at="/carteville")
    assert "Log in" in stranger.get("/carteville").text


def test_who_belongs_to_several_organisations_can_switch(parent, town):
    town.memberships = [
        *town.memberships,
        {**town.memberships[0], "organisation_id": "o-2", "name": "Valmont"},
    ]
    assert "Valmont" in parent.get("/home").text
    assert send(parent, "/organisation", {"organisation_id": "o-2"}).status_code == 303
    assert town.asked("identity.switch_organisation") == [{"organisation_id": "o-2"}]


def test_names_from_elsewhere_are_text_on_every_page(parent):
    assert "<b>" not in parent.get(f"/planning?child={LEO}").text


@pytest.mark.parametrize(("code", "reason"), [("unavailable", "timeout"), ("overloaded", "overloaded")])
def test_a_service_out_of_reach_is_told_with_what_to_do(parent, town, code, reason):
    town.refusing["booking.list_offer"] = Unavailable(reason)
    response = parent.get("/planning")
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert read(response).find("a", string="Réessayer")["href"] == "/planning"


def test_a_breakdown_shows_no_trace(portal, parent, town):
    portal.testing = False
    town.refusing["booking.list_offer"] = ValueError("secret detail")
    response = parent.get("/planning")
    assert response.status_code == 500
    assert "secret" not in response.text


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
