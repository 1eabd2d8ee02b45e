"""Who is let in, for how long a session is believed, and what a token may look like."""

import hashlib

import pytest
from flask import make_response

from chassis.values.actor import Grant
from chassis.values.cache import Cache
from gateway import session
from gateway.errors import Refused, Unavailable
from gateway.settings import Settings
from tests.gateway import samples


class StoppedClock:
    def __init__(self):
        self.now_s = 100.0

    def __call__(self):
        return self.now_s


@pytest.fixture
def clock(app):
    clock = StoppedClock()
    app.extensions["sessions"] = Cache(session.CACHE_TTL_S, 3, clock)
    return clock


@pytest.fixture
def children(bus):
    bus.answers("family.list_children", {"data": []})
    return "/api/v1/children"


def resolved(bus):
    return len(bus.asked("identity.resolve_session"))


def test_the_token_itself_never_crosses_the_bus(family, bus, children):
    family.get(children)
    (call,) = bus.asked("identity.resolve_session")
    assert call.request == {"token_sha256": hashlib.sha256(samples.TOKEN.encode()).hexdigest()}
    assert call.context.kind == "anonymous"
    assert samples.TOKEN not in repr(bus.calls)


def test_a_session_is_believed_for_a_second_and_no_longer(family, bus, children, clock):
    family.get(children)
    clock.now_s += 0.99
    assert family.get(children).status_code == 200
    assert resolved(bus) == 1
    clock.now_s += 0.02
    bus.answers("identity.resolve_session", Refused("session_expired"))
    assert family.get(children).status_code == 401


def test_logging_out_counts_at_once(family, bus, children, clock):
    family.get(children)
    bus.answers("identity.log_out", {"closed": 1})
    assert family.delete("/api/v1/sessions/current").status_code == 204
    bus.answers("identity.resolve_session", Refused("session_expired"))
    assert family.get(children).status_code == 401


def test_switching_organisation_counts_at_once(family, bus, children, clock):
    family.get(children)
    elsewhere = {**samples.SESSION, "organisation": {**samples.SESSION["organisation"], "id": "o-2"}}
    bus.answers("identity.switch_organisation", {"session": elsewhere})
    bus.answers("identity.resolve_session", {"session": elsewhere})
    response = family.put("/api/v1/sessions/current/organisation", json={"organisation_id": "o-2"})
    assert response.get_json()["session"]["organisation"]["id"] == "o-2"
    family.get(children)
    assert bus.asked("family.list_children")[-1].context.organisation_id == "o-2"


def test_the_cache_of_sessions_is_bounded(app, bus, children, clock):
    for number in range(5):
        app.test_client().get(
            children, headers={"Authorization": f"Bearer {number}-long-enough-to-be-a-token"}
        )
    assert len(app.extensions["sessions"]._entries) == 3


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer short",
        "Basic " + samples.TOKEN,
        samples.TOKEN,
        f'Bearer {samples.TOKEN}"',
        "Bearer " + "x" * 201,
        'Bearer {"$ne": "aaaaaaaaaaaaaaaaaaaaaaa"}',
    ],
)
def test_what_can_not_be_a_token_is_not_asked_about(header, visitor, bus, children):
    assert visitor.get(children, headers={"Authorization": header}).status_code == 401
    assert bus.calls == []


def test_a_tampered_token_is_refused(visitor, bus, children):
    bus.answers("identity.resolve_session", Refused("session_expired"))
    response = visitor.get(children, headers={"Authorization": f"Bearer {samples.TOKEN[:-1]}t"})
    assert (response.status_code, response.get_json()["code"]) == (401, "session_expired")


def test_a_cookie_does_not_open_the_api(visitor, bus, children):
    visitor.set_cookie("session", samples.TOKEN)
    assert visitor.get(children).status_code == 401
    assert bus.calls == []


def test_a_page_reads_the_cookie_and_no_header(app, bus):
    headers = {"Authorization": f"Bearer {samples.TOKEN}"}
    with app.test_request_context("/", headers=headers):
        app.preprocess_request()
        assert session.current() is None
    with app.test_request_context("/", headers={"Cookie": f"session={samples.TOKEN}"}):
        app.preprocess_request()
        found = session.current()
        assert found is not None
        assert found.display_name == "Jeanne Martin"
    assert resolved(bus) == 1


def test_identity_out_of_reach_is_not_a_log_out(family, bus, children):
    bus.answers("identity.resolve_session", Unavailable("no_service"))
    assert family.get(children).status_code == 503


@pytest.mark.parametrize(
    ("code", "retry_after_s", "status"),
    [("invalid_credentials", None, 401), ("too_many_attempts", 8, 429), ("overloaded", 2, 503)],
)
def test_a_refused_log_in_says_when_to_come_back(code, retry_after_s, status, visitor, bus):
    bus.answers("identity.log_in", Refused(code, retry_after_s=retry_after_s))
    response = visitor.post("/api/v1/sessions", json={"login": "a", "password": "b"})
    assert (response.status_code, response.get_json()["code"]) == (status, code)
    assert response.headers.get("Retry-After") == (str(retry_after_s) if retry_after_s else None)


def test_logging_in_tells_identity_which_device_asks(visitor, bus):
    bus.answers("identity.log_in", {"token": samples.TOKEN, "session": samples.SESSION})
    visitor.post(
        "/api/v1/sessions",
        json={"login": "jeanne", "password": " spaces count "},
        headers={"User-Agent": "Firefox " + "x" * 500},
    )
    request = bus.asked("identity.log_in")[0].request
    assert request["password"] == " spaces count "
    assert request["address"] == "127.0.0.1"
    assert {"device_token", "remember_device"}.isdisjoint(request)
    assert len(request["user_agent"]) == session.USER_AGENT_MAX


def test_a_program_may_have_its_device_remembered(visitor, bus):
    token = "d" * 43
    bus.answers(
        "identity.log_in", {"token": samples.TOKEN, "session": samples.SESSION, "device_token": token}
    )
    who = {"login": "jeanne", "password": "chat lune violette"}
    answer = visitor.post("/api/v1/sessions", json={**who, "remember_device": True}).get_json()
    assert answer["device_token"] == token
    visitor.post("/api/v1/sessions", json={**who, "device_token": answer["device_token"]})
    first, second = (call.request for call in bus.asked("identity.log_in"))
    assert first["remember_device"] is True
    assert second["device_token"] == token
    assert visitor.post("/api/v1/sessions", json={**who, "device_token": "short"}).status_code == 422


def test_an_identity_of_the_release_before_logs_in_without_remembering_devices(visitor, bus):
    def identity_before(request):
        if "remember_device" in request:
            return Refused("malformed")
        return {"token": samples.TOKEN, "session": samples.SESSION}

    bus.answers("identity.log_in", identity_before)
    who = {"login": "jeanne", "password": "chat lune violette"}
    response = visitor.post("/api/v1/sessions", json={**who, "remember_device": True})
    assert (response.status_code, response.get_json()["device_token"]) == (201, None)


@pytest.mark.parametrize(
    ("url", "name", "secure"),
    [("https://portal.example", "__Host-session", True), ("http://127.0.0.1", "session", False)],
)
def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(url, name, secure, app, monkeypatch):
    monkeypatch.setitem(app.extensions, "settings", Settings(url, "carteville", "", 2.0, 0))
    with app.test_request_context("/"):
        response = make_response("")
        session.set_cookie(response, samples.TOKEN)
        cookie = response.headers["Set-Cookie"]
        assert cookie.startswith(f"{name}={samples.TOKEN};")
        assert "HttpOnly" in cookie
        assert "Path=/" in cookie
        assert "SameSite=Lax" in cookie
        assert "Domain" not in cookie
        assert ("Secure" in cookie) is secure
        session.clear_cookie(response)
        assert "Max-Age=0" in response.headers.getlist("Set-Cookie")[1]


def test_an_organisation_is_asked_for_once_a_minute(visitor, app, bus):
    clock = StoppedClock()
    app.extensions["organisations"] = Cache(60.0, 5, clock)
    bus.answers("identity.get_organisation", {"organisation": samples.ORGANISATION})
    for later_s in (0, 59, 0.5):
        clock.now_s += later_s
        assert visitor.get("/api/v1/organisations/carteville").status_code == 200
    assert len(bus.asked("identity.get_organisation")) == 1
    clock.now_s += 1
    visitor.get("/api/v1/organisations/carteville")
    assert len(bus.asked("identity.get_organisation")) == 2


@pytest.mark.parametrize("slug", ["Carteville", "a" * 64, "-x", "a%20b", "%24ne"])
def test_an_organisation_that_can_not_exist_is_not_asked_for(slug, visitor, bus):
    assert visitor.get(f"/api/v1/organisations/{slug}").status_code == 404
    assert bus.calls == []


def test_the_context_carries_the_membership_and_its_grants(family, bus, children):
    granted = {"role": "desk", "centre_id": "ctr-1", "cash_office_id": None, "since": "2026-09-01"}
    told = {**samples.SESSION, "membership_id": "m-1", "grants": [granted], "merged_family_ids": ["f-2"]}
    bus.answers("identity.resolve_session", {"session": told})
    family.get(children)
    context = bus.asked("family.list_children")[0].context
    assert (context.membership_id, context.grants) == ("m-1", (Grant("desk", "ctr-1"),))
    assert (context.family_id, context.merged_family_ids) == ("f-1", ("f-2",))


def test_an_identity_that_knows_neither_yet_is_read_as_before(family, bus, children):
    told = {name: value for name, value in samples.SESSION.items() if name not in {"membership_id", "grants"}}
    bus.answers("identity.resolve_session", {"session": told})
    family.get(children)
    context = bus.asked("family.list_children")[0].context
    assert (context.membership_id, context.grants) == (None, ())
