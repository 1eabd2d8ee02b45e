"""What browsers are given to keep, over TLS and without."""

import pytest

from gateway import app as gateway_app
from gateway import clients, cookies
from gateway.settings import Settings
from tests.gateway.portal.reading import send
from tests.gateway.portal.town import FakeServices

CREDENTIALS = {"login": "jeanne", "password": "chat lune violette"}
BYTES_MAX = 4096
"""Browsers keep no more of one."""


def browser(url):
    town = FakeServices()
    settings = Settings(
        url, "carteville", "", 2.0, 0, cookie_secret="a secret of these tests", hosts=("localhost",)
    )
    return gateway_app.build(settings, clients.connect(town, settings.rpc_timeout_s)).test_client()


def given(client):
    """Return every cookie that a visit to a log-in page, a choice of language and a log-in give."""
    answers = [
        client.get("/carteville"),
        send(client, "/language", {"language": "en", "next": "/carteville"}, at="/carteville"),
        send(client, "/carteville", CREDENTIALS, at="/carteville"),
    ]
    found = [cookie for answer in answers for cookie in answer.headers.getlist("Set-Cookie")]
    return {cookie.partition("=")[0]: cookie for cookie in found}


NAMES = {"session", "device", "form", "language", "organisation"}


def test_over_tls_no_other_host_can_set_a_cookie_of_ours_and_none_is_sent_in_the_clear():
    found = given(browser("https://portal.example"))
    assert found.keys() == {cookies.PREFIX + name for name in NAMES}
    for cookie in found.values():
        said = set(cookie.split("; "))
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= said
        assert not any(part.startswith("Domain") for part in said)
        assert len(cookie) < BYTES_MAX


def test_without_tls_they_have_plain_names_which_browsers_take():
    assert given(browser("http://portal.example")).keys() == NAMES


@pytest.mark.parametrize("name", ["language", "organisation"])
def test_over_tls_what_another_host_may_have_set_does_not_count(name):
    client = browser("https://portal.example")
    before = client.get("/carteville").text, client.get("/").headers["Location"]
    client.set_cookie(name, {"language": "en", "organisation": "valmont"}[name])
    assert (client.get("/carteville").text, client.get("/").headers["Location"]) == before
