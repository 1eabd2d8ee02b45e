"""Forms count when they come from this site and hold its token."""

import pytest
from flask import session

from tests.gateway.portal.reading import send, token

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


@pytest.mark.parametrize(("path", "read"), [("/home", True), ("/api/v1/children", False)])
def test_the_cookie_of_forms_is_read_for_pages_alone(parent, path, read):
    token(parent)
    with parent:
        parent.get(path)
        assert ("csrf_token" in session) is read
