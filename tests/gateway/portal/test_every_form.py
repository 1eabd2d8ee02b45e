"""Every form of the portal, found by its route: what is old in it does nothing, and the person is led on."""

from urllib.parse import parse_qs, urlsplit

import pytest

from chassis.values.errors import Refused
from gateway import policy
from tests.gateway.portal.reading import read, token

ANYBODY = {"portal.login.log_in", "portal.login.log_out", "portal.login.choose_language"}
"""Forms that ask for no session."""


def forms(app):
    """The address of every form that pages send, by its endpoint."""
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("portal.")]
        return {
            rule.endpoint: adapter.build(
                rule.endpoint, {name: "carteville" if name == "slug" else "x-1" for name in rule.arguments}
            )
            for rule in rules
            if "POST" in rule.methods
        }


def test_every_form_is_found_with_its_address(portal):
    assert len(forms(portal)) >= 12
    assert set(forms(portal)) >= ANYBODY
    for endpoint in forms(portal):
        known = policy.of(portal, endpoint)
        assert (known == "anonymous") == (endpoint in ANYBODY)


def test_a_form_whose_session_is_over_leads_to_the_log_in_which_says_why_and_comes_back(portal, parent, town):
    told = token(parent)
    for endpoint, path in forms(portal).items():
        if endpoint in ANYBODY:
            continue
        town.refusing["identity.resolve_session"] = Refused("session_expired")
        portal.extensions["sessions"].clear()
        answer = parent.post(path, data={"csrf_token": told})
        assert answer.status_code == 303, endpoint
        target = urlsplit(answer.headers["Location"])
        asked = parse_qs(target.query)
        assert (target.path, asked.get("ended")) == ("/carteville", ["1"]), endpoint
        assert "terminée" in read(parent.get(answer.headers["Location"])).select_one("[role=status]").text
        town.refusing.clear()
        portal.extensions["sessions"].clear()
        if "next" in asked:
            assert parent.get(asked["next"][0]).status_code in {200, 404}, endpoint


@pytest.mark.parametrize("partial", [{}, {"HX-Request": "true"}])
def test_a_form_whose_own_cookie_is_over_does_nothing_and_says_what_to_do(portal, parent, town, partial):
    told = token(parent)
    parent.delete_cookie("form")
    before = {name for name, _ in town.calls}
    for endpoint, path in forms(portal).items():
        answer = parent.post(path, data={"csrf_token": told}, headers=partial)
        assert answer.status_code == 400, endpoint
        assert "rechargez la page" in read(answer).select_one("main").text, endpoint
        assert (answer.headers.get("HX-Retarget") == "body") == bool(partial), endpoint
    assert {name for name, _ in town.calls} <= before | {"identity.resolve_session"}
