"""Logging in and out, the language, the organisation that is consulted."""

import pytest

from chassis.values.errors import Refused
from tests.gateway import samples
from tests.gateway.portal.reading import read, send


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
        (Refused("too_many_attempts", retry_after_s=8), 429, "appareil"),
        (Refused("too_many_attempts", retry_after_s=840), 429, "14 minutes"),
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


CREDENTIALS = {"login": "jeanne", "password": "chat lune violette"}


def cookie_of(response, name):
    return next((each for each in response.headers.getlist("Set-Cookie") if each.startswith(f"{name}=")), "")


def test_a_browser_is_known_by_a_cookie_that_lasts_for_thirteen_months(stranger, town):
    response = send(stranger, "/carteville", CREDENTIALS, at="/carteville")
    cookie = cookie_of(response, "device")
    assert cookie.startswith(f"device={town.device_token};")
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=34128000"} <= set(cookie.split("; "))
    send(stranger, "/logout", {})
    send(stranger, "/carteville", CREDENTIALS, at="/carteville")
    first, second = town.asked("identity.log_in")
    assert (first.get("device_token"), first["remember_device"]) == (None, True)
    assert second["device_token"] == town.device_token


@pytest.mark.parametrize("value", ["", "short", "x" * 44, "y" * 42 + "'"])
def test_a_cookie_that_names_no_device_is_not_asked_about(stranger, town, value):
    stranger.set_cookie("device", value)
    send(stranger, "/carteville", CREDENTIALS, at="/carteville")
    assert "device_token" not in town.asked("identity.log_in")[0]


def test_who_logs_in_at_an_organisation_consults_it(stranger, town):
    send(stranger, "/carteville", CREDENTIALS, at="/carteville")
    assert town.contexts["identity.log_in"].organisation_id == samples.ORGANISATION["id"]


def test_a_browser_stays_at_its_organisation_through_errors_log_outs_and_ends_of_sessions(stranger, town):
    town.slugs = {"carteville", "valmont"}
    stranger.get("/valmont")
    town.refusing["identity.log_in"] = Refused("invalid_credentials")
    refused = read(send(stranger, "/valmont", CREDENTIALS, at="/valmont"))
    assert refused.select_one("form[method=post][action='/valmont']")
    assert stranger.get("/").headers["Location"] == "/valmont"
    assert stranger.get("/planning").headers["Location"] == "/valmont?next=/planning"
    town.refusing.clear()
    town.session = {**town.session, "organisation": {**town.session["organisation"], "slug": "valmont"}}
    send(stranger, "/valmont", CREDENTIALS, at="/valmont")
    assert send(stranger, "/logout", {}).headers["Location"] == "/valmont"
    assert stranger.get("/").headers["Location"] == "/valmont"


@pytest.mark.parametrize(
    ("path", "back"),
    [("/review/confirm", "/review"), ("/sessions/s-2/close", "/sessions"), ("/organisation", "")],
)
def test_a_form_that_meets_the_end_of_its_session_leads_back_to_its_page(parent, town, path, back):
    town.refusing["identity.resolve_session"] = Refused("session_expired")
    location = parent.post(path).headers["Location"]
    assert location == "/carteville?" + (f"next={back}&" if back else "") + "ended=1"


def test_a_slash_behind_the_address_of_an_organisation_does_no_harm(stranger):
    assert stranger.get("/carteville/").headers["Location"] == "/carteville"
    assert {stranger.get(path).status_code for path in ("/nowhere/", "/api/", "/No%20where/")} == {404}


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
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_a_browser_remembers_its_language(stranger):
    send(stranger, "/language", {"language": "en", "next": "/carteville"}, at="/carteville")
    assert "Log in" in stranger.get("/carteville").text


def offered(response):
    return {option["value"]: option.text for option in read(response).select("#membership option")}


def test_who_belongs_to_several_organisations_can_switch(parent, town):
    [here] = town.memberships
    town.memberships = [here, {**here, "id": "m-2", "organisation_id": "o-2", "name": "Valmont"}]
    assert offered(parent.get("/home")) == {"m-1": "Carteville", "m-2": "Valmont"}
    assert send(parent, "/organisation", {"membership_id": "m-2"}).status_code == 303
    assert town.asked("identity.switch_organisation") == [{"organisation_id": "o-2"}]


def test_who_is_family_and_staff_of_one_organisation_or_of_two_families_chooses_among_them(parent, town):
    [here] = town.memberships
    town.memberships = [
        {**here, "family_name": "Roy"},
        {**here, "id": "m-2", "family_id": "f-2", "family_name": "Martin"},
        {**here, "id": "m-3", "family_id": "f-3"},
        {**here, "id": "m-4", "family_id": None, "roles": ["desk"]},
    ]
    page = parent.get("/home")
    assert offered(page) == {
        "m-1": "Carteville · famille Roy",
        "m-2": "Carteville · famille Martin",
        "m-3": "Carteville · famille",
        "m-4": "Carteville · agent",
    }
    assert read(page).select_one("#membership option[selected]")["value"] == "m-1"
    assert send(parent, "/organisation", {"membership_id": "m-4"}).status_code == 303
    asked = {"organisation_id": "o-1", "membership_id": "m-4"}
    assert town.asked("identity.switch_organisation") == [asked]


def test_nobody_switches_to_a_membership_that_is_not_their_own(parent, town):
    assert send(parent, "/organisation", {"membership_id": "m-9"}).status_code == 404
    assert town.asked("identity.switch_organisation") == []


def test_a_page_of_the_release_before_names_the_organisation_and_so_does_one_made_of_its_answer(parent, town):
    assert send(parent, "/organisation", {"organisation_id": "o-2"}).status_code == 303
    assert town.asked("identity.switch_organisation") == [{"organisation_id": "o-2"}]
    [here] = town.memberships
    named = {name: value for name, value in here.items() if name not in {"id", "family_name"}}
    town.memberships, town.membership_id = [named, {**named, "organisation_id": "o-2"}], None
    page = parent.get("/home")
    assert list(offered(page)) == ["o-1", "o-2"]
    assert read(page).select_one("#membership")["name"] == "organisation_id"
