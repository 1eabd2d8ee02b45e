"""Before and after every request: ids, sizes, characters, headers."""

import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from gateway import edge
from gateway.settings import Settings

BAD_TEXTS = ["\x00", "a\x07b", "\x1b[31m", "\x7f", "\x85", "\u009b"]


@pytest.mark.parametrize("text", [*BAD_TEXTS, "\ud800", "x\udfff", "\udc00\ud800"])
@pytest.mark.parametrize("place", ["value", "name", "list"])
def test_control_characters_and_half_pairs_are_refused_in_a_body(text, place, family, bus):
    body = {"value": {"login": text}, "name": {text: 1}, "list": {"add": [[{"x": text}]]}}[place]
    response = family.post("/api/v1/sessions", json=body)  # the encoder writes them as escapes
    assert (response.status_code, response.get_json()["code"]) == (400, "malformed")
    assert bus.asked("identity.log_in") == []


@pytest.mark.parametrize("text", [b"\x7f", b"\xc2\x85", b"\xed\xa0\x80", b"\xff", b"\x00"])
def test_they_are_refused_unescaped_too(text, family):
    response = family.post(
        "/api/v1/sessions",
        data=b'{"login": "a' + text + b'", "password": "b"}',
        content_type="application/json",
    )
    assert (response.status_code, response.get_json()["code"]) == (400, "malformed")


@pytest.mark.parametrize("text", ["%00", "a%1Bb", "%C2%9B", "%7F"])
def test_they_are_refused_in_addresses_and_queries(text, family):
    for address in (
        f"/api/v1/bookings?cursor={text}",
        f"/api/v1/bookings?{text}=1",
        f"/api/v1/drafts/{text}",
    ):
        assert family.get(address).status_code == 400


@pytest.mark.parametrize("text", BAD_TEXTS)
def test_they_are_refused_in_forms(text, visitor, bus):
    assert visitor.post("/api/v1/payment-callbacks", data={"id": "p", "x": text}).status_code == 400
    assert bus.calls == []


@pytest.mark.parametrize("path", ["/api/v1/bookings?cursor=" + "x" * 4000, "/api/v1/bookings/" + "x" * 4000])
def test_an_address_that_is_too_long_is_refused_in_our_own_words(path, family):
    response = family.get(path)
    assert (response.status_code, response.get_json()["code"]) == (400, "malformed")
    assert "4000" in response.get_json()["detail"]


def test_every_other_letter_passes(visitor, bus):
    bus.answers("identity.log_in", ZeroDivisionError())
    visitor.post(
        "/api/v1/sessions", json={"login": "Zoë\u202fœuvre 👩\u200d👧 \\ud800", "password": "été\t\n"}
    )
    request = bus.asked("identity.log_in")[0].request
    assert request["login"] == "Zoë\u202fœuvre 👩\u200d👧 \\ud800"


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"login": NaN}', b'{"login": ' + b"9" * 5000 + b"}"])
def test_json_that_would_break_a_parser_is_refused(body, visitor):
    response = visitor.post("/api/v1/sessions", data=body, content_type="application/json")
    assert (response.status_code, response.get_json()["code"]) == (400, "malformed")


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "", "application/xml"]
)
def test_a_body_of_another_type_is_a_415(media_type, visitor, bus):
    response = visitor.post("/api/v1/sessions", data="login=a", content_type=media_type)
    assert response.status_code == 415
    assert response.mimetype == "application/problem+json"
    assert bus.calls == []


def test_a_body_in_chunks_is_bounded_too(app):
    environ = EnvironBuilder("/api/v1/sessions", method="POST", content_type="application/json").get_environ()
    environ |= {
        "HTTP_TRANSFER_ENCODING": "chunked",
        "wsgi.input": io.BytesIO(b" " * 300 * 1024),
        "wsgi.input_terminated": True,
    }
    _, status, _ = run_wsgi_app(app, environ)
    assert status.startswith("413")


@pytest.mark.parametrize("length", [{"CONTENT_LENGTH": "307200"}, {"HTTP_TRANSFER_ENCODING": "chunked"}])
def test_what_is_too_large_is_read_to_its_end_so_that_its_sender_hears_why(length, app):
    sent = io.BytesIO(b" " * 300 * 1024)
    run_wsgi_app(app, _too_large(sent, length))
    assert sent.read() == b""


def test_what_is_far_too_large_is_not_read_for_ever(app):
    sent = io.BytesIO(b" " * 8 * edge.DISCARDED_BYTES_MAX)
    _, status, _ = run_wsgi_app(app, _too_large(sent, {"CONTENT_LENGTH": str(8 * edge.DISCARDED_BYTES_MAX)}))
    assert status.startswith("413")
    assert sent.tell() <= edge.DISCARDED_BYTES_MAX


def _too_large(sent, length):
    environ = EnvironBuilder("/api/v1/sessions", method="POST", content_type="application/json").get_environ()
    return environ | length | {"wsgi.input": sent, "wsgi.input_terminated": True}


def test_a_request_keeps_its_id(visitor):
    assert (
        visitor.get("/healthz", headers={"X-Request-Id": "abc-1.2_3"}).headers["X-Request-Id"] == "abc-1.2_3"
    )


@pytest.mark.parametrize("asked", ["", "x" * 65, "a b", "<script>", "-rf", "a\u00e9"])
def test_a_harmful_id_is_replaced(asked, visitor):
    given = visitor.get("/healthz", headers={"X-Request-Id": asked}).headers["X-Request-Id"]
    assert re.fullmatch("[0-9a-f]{32}", given)


def test_all_calls_of_one_request_end_before_three_seconds(family, bus):
    bus.answers("family.list_children", {"data": []})
    before = datetime.now(UTC)
    family.get("/api/v1/children")
    deadlines = {call.context.deadline for call in bus.calls}
    assert len(bus.calls) == 2
    assert len(deadlines) == 1
    assert before < deadlines.pop() < datetime.now(UTC) + timedelta(seconds=3)
    assert {call.timeout_s for call in bus.calls} == {2.0}


@pytest.mark.parametrize("path", ["/healthz", "/api/v1/docs", "/api/v1/children", "/nowhere"])
def test_nothing_is_loaded_from_elsewhere_framed_or_kept(path, visitor):
    headers = visitor.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert policy.endswith("form-action 'self' http://pay.example; base-uri 'none'; frame-ancestors 'none'")
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in headers


def test_files_may_be_kept(visitor):
    with visitor.get("/api/v1/docs/static/start.js") as response:
        assert response.status_code == 200
        assert "max-age" in response.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/static/base.css", "/api/v1/docs/static/start.js"])
def test_of_files_only_what_was_found_may_be_kept(path, visitor):
    found = visitor.get(path)
    again = visitor.get(path, headers={"If-None-Match": found.headers["ETag"]})
    assert (found.status_code, again.status_code) == (200, 304)
    for kept in (found, again):
        assert kept.headers["Cache-Control"] == "public, max-age=3600"
    refused = [
        visitor.get(f"{path}.map"),
        visitor.post(path),
        visitor.get(path, headers={"Host": "a..b"}),
        visitor.get(f"{path}?x={'x' * 5000}"),
    ]
    for answer in refused:
        assert answer.status_code >= 400
        assert answer.headers["Cache-Control"] == "no-store"
    for answer in (found, again, *refused):
        assert "Set-Cookie" not in answer.headers
        assert "csrf" not in answer.text


HOSTS = (
    "a..b",
    "evil.example",
    "a b",
    "-",
    "x" * 300,
    "[::1",
    "a:b:c",
    "",
    "portal.example.evil",
    "é.example",
)


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("path", ["/api/v1/children", "/planning"])
def test_a_host_that_is_not_ours_is_refused_in_our_own_form(host, path, visitor):
    answer = visitor.get(path, headers={"Host": host})
    assert answer.status_code == 400
    assert "malformed" in answer.text or "La demande est illisible" in answer.text
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert host not in answer.text or host in ("-", "")


@pytest.mark.parametrize("host", ["portal.example", "PORTAL.example:8000", "localhost"])
def test_our_own_hosts_are_served(host, visitor):
    assert visitor.get("/api/v1/children", headers={"Host": host}).status_code == 401


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_probe_may_name_any_address_of_the_machine(path, visitor):
    assert visitor.get(path, headers={"Host": "10.1.2.3:8000"}).status_code == 200


@pytest.mark.parametrize(
    ("public", "host", "status"),
    [
        ("http://127.0.0.1:8000", "localhost:8000", 200),
        ("http://localhost", "[::1]:8000", 200),
        ("https://portail.évreux.example", "portail.xn--vreux-9ra.example", 200),
        ("https://portal.example", "127.0.0.1:8000", 400),
    ],
)
def test_this_machines_own_names_are_ours_where_people_use_them(public, host, status):
    environ = {"HTTP_HOST": host, "PATH_INFO": "/"}
    edge.TrustedHosts(Settings(public, "c", "", 2.0, 1)).check(environ)
    assert environ.get(edge.UNREADABLE, 200) == status


def test_over_tls_browsers_are_told_to_stay_there():
    headers = dict(edge.security_headers(Settings("https://portal.example", "c", "", 2.0, 0)))
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_the_page_of_the_api_has_nothing_inline(visitor):
    page = visitor.get("/api/v1/docs").text
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=|https?://", page)


@pytest.mark.parametrize(
    "path", ["/healthz", "/carteville", "/static/base.css", "/static/mark.svg", "/nowhere"]
)
def test_no_answer_lets_another_site_read_it(path, visitor):
    headers = visitor.get(path, headers={"Origin": "https://evil.example"}).headers
    assert not any(name.startswith("Access-Control-") for name, _ in headers)


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/static/base.css", "text/css; charset=utf-8"),
        ("/static/portal.js", "text/javascript; charset=utf-8"),
        ("/static/mark.svg", "image/svg+xml; charset=utf-8"),
        ("/api/v1/docs", "text/html; charset=utf-8"),
        ("/api/v1/docs/static/start.js", "text/javascript; charset=utf-8"),
        ("/api/v1/openapi.json", "application/json"),
        ("/api/v1/children", "application/problem+json"),
        ("/healthz", "application/json"),
    ],
)
def test_every_answer_says_what_it_is_and_in_which_characters(path, media_type, visitor):
    with visitor.get(path) as answer:
        assert answer.headers["Content-Type"] == media_type


@pytest.mark.parametrize(
    "path",
    [
        "/static/..",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/api/v1/docs/static/",
        "/.git/HEAD",
    ],
)
def test_no_folder_is_listed_and_no_file_beside_the_portals_is_served(path, visitor):
    assert visitor.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/healthz", "/carteville", "/static/base.css", "/api/v1/children"])
def test_nobody_is_told_what_they_sent(path, visitor):
    answer = visitor.open(path, method="TRACE", headers={"X-Told": "a word of theirs"})
    assert answer.status_code == 405
    assert "a word of theirs" not in answer.text
