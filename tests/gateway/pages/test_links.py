"""Addresses are remembered, and are what flask would have made."""

import flask
import pytest

from gateway.pages.links import _made, url_for

CASES = [
    ("portal.planning.show", {}),
    ("portal.planning.show", {"child": "c 1", "month": "2026-12"}),
    ("portal.planning.show", {"child": ["a", "b"]}),
    ("portal.login.show", {"slug": "carteville", "next": "/home?x=é", "ended": None}),
    ("portal.bookings.show", {"_anchor": "b-1"}),
]


@pytest.mark.parametrize(("endpoint", "values"), CASES)
def test_an_address_is_what_flask_makes_of_it_the_second_time_too(app, endpoint, values):
    with app.test_request_context("/"):
        expected = flask.url_for(endpoint, **values)
        assert [url_for(endpoint, **values) for _ in range(2)] == [expected] * 2


def test_an_address_of_the_same_part_is_found_from_there(app):
    with app.test_request_context("/planning"):
        assert url_for(".show_week") == flask.url_for(".show_week") == "/planning/week"


def test_an_application_below_a_path_has_addresses_of_its_own(app):
    with app.test_request_context("/"):
        assert url_for("portal.home.show") == "/home"
    with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": "/town"}):
        assert url_for("portal.home.show") == "/town/home"


def test_what_was_asked_before_is_not_made_again(app):
    with app.test_request_context("/"):
        url_for("portal.home.show")
        made = _made.cache_info().misses
        url_for("portal.home.show")
        assert _made.cache_info().misses == made
