"""Logging in and out, the language, the organisation that is consulted."""

import pytest

from chassis.values.errors import Refused
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
