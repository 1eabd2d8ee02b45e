"""Every route and page names who may use it, and lets in nobody else."""

import pytest
from flask import Flask

from gateway import policy
from tests.gateway import samples


def test_an_application_with_a_route_that_says_not_who_may_use_it_is_not_built():
    made = Flask("made")
    policy.install(made)
    made.add_url_rule("/open", "open", lambda: "come in")
    with pytest.raises(TypeError, match="/open"):
        policy.install(made)


def test_what_is_open_to_anybody_is_this_and_no_more(app):
    opened = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") and policy.of(app, rule.endpoint) not in policy.LOGGED_IN
    }
    assert opened == {
        "/api/v1/sessions",
        "/api/v1/organisations/<slug:slug>",
        "/api/v1/payment-callbacks",
        "/api/v1/openapi.json",
        "/api/v1/docs",
        "/api/v1/docs/static/<path:filename>",
    }


def test_a_route_without_a_policy_lets_nobody_in(app, family, monkeypatch):
    monkeypatch.setitem(app.view_functions, "health.healthz", lambda: "come in")
    response = family.get("/healthz")
    assert (response.status_code, response.get_json()["code"]) == (403, "forbidden")


@pytest.mark.parametrize("path", ["/api/v1/bookings", "/planning"])
def test_an_account_without_a_family_finds_no_familys_things(path, family, bus, app):
    bus.answers("identity.resolve_session", {"session": {**samples.SESSION, "family_id": None}})
    family.set_cookie("session", samples.TOKEN)
    assert family.get(path).status_code == 404
    assert {call.name for call in bus.calls} == {"identity.resolve_session"}
