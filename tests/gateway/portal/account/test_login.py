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


def test_who_belongs_to_several_organisations_can_switch(parent, town):
    town.memberships = [
        *town.memberships,
        {**town.memberships[0], "organisation_id": "o-2", "name": "Valmont"},
    ]
    assert "Valmont" in parent.get("/home").text
    assert send(parent, "/organisation", {"organisation_id": "o-2"}).status_code == 303
    assert town.asked("identity.switch_organisation") == [{"organisation_id": "o-2"}]
