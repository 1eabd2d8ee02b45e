"""The front, a real nginx, before a gateway that tells what it was asked."""

import json
import re
import socket
import threading
from contextlib import suppress
from http.server import ThreadingHTTPServer

import pytest
import requests

from deploy.front import answers
from deploy.local import front
from deploy.local.layout import ROOT
from deploy.local.ports import LOOPBACK, choose
from deploy.local.readiness import wait_until
from gateway import edge
from gateway.errors.table import sentence
from gateway.settings import Settings
from tests.deploy.fronting import Told, running

HEAD_BYTES_MAX = 8 * 1024
TOWN_PROXY = f"geo $realip_remote_addr $spoken_for {{ default 0; {LOOPBACK} 1; }}\n"
TOWN_PROXY += f"set_real_ip_from {LOOPBACK};\nreal_ip_header X-Forwarded-For;\nreal_ip_recursive on;\n"
KEPT = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy")


@pytest.fixture(scope="module")
def gateway():
    with ThreadingHTTPServer((LOOPBACK, 0), Told) as server:
        server.asked, server.answered = 0, threading.Event()
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    return tmp_path_factory.mktemp("front")


@pytest.fixture(scope="module")
def url(gateway, directory):
    with running(directory, gateway.server_port) as address:
        yield address


@pytest.fixture(scope="module")
def deserted(tmp_path_factory):
    directory = tmp_path_factory.mktemp("deserted")
    nobody = choose(["gateway"], {}, directory / "ports.json")["gateway"]
    with running(directory, nobody) as address:
        yield address


def connected(url):
    host, _, port = url.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=20)


def exchanged(url, sent):
    """Send bytes as they are and return status, headers and text of what came back."""
    with connected(url) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        head, _, body = everything(connection).partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    return int(first.split()[1]), dict(line.split(": ", 1) for line in lines), body.decode()


def everything(connection):
    pieces = []
    with suppress(ConnectionResetError):  # so ends a connection that is given up after its answer
        while piece := connection.recv(65536):
            pieces.append(piece)
    return b"".join(pieces)


def asked(line, *headers, body=b""):
    return "\r\n".join([line, *headers, "Connection: close", "", ""]).encode() + body


HOST = "Host: portal.example"
LONG = "x" * HEAD_BYTES_MAX
WRONG = {
    "a long address": (asked(f"GET {{}}{LONG} HTTP/1.1", HOST), 414, "malformed"),
    "a long header": (asked("GET {} HTTP/1.1", HOST, f"X-Long: {LONG}"), 431, "malformed"),
    "a host that is none": (asked("GET {} HTTP/1.1", "Host: a..b"), 400, "malformed"),
    "no host": (asked("GET {} HTTP/1.1"), 400, "malformed"),
    "a version to come": (asked("GET {} HTTP/7.0", HOST), 400, "malformed"),
    "a length that is none": (asked("POST {} HTTP/1.1", HOST, "Content-Length: x"), 400, "malformed"),
    "a broken chunk": (
        asked("POST {} HTTP/1.1", HOST, "Transfer-Encoding: chunked", body=b"zz\r\nabc"),
        400,
        "malformed",
    ),
    "an unknown coding": (asked("POST {} HTTP/1.1", HOST, "Transfer-Encoding: zip"), 400, "malformed"),
    "two lengths": (
        asked("POST {} HTTP/1.1", HOST, "Content-Length: 5", "Transfer-Encoding: chunked", body=b"0\r\n\r\n"),
        400,
        "malformed",
    ),
    "a large body": (
        asked("POST {} HTTP/1.1", HOST, f"Content-Length: {edge.BODY_BYTES_MAX + 1}"),
        413,
        "body_too_large",
    ),
    "a method that nobody needs": (asked("TRACE {} HTTP/1.1", HOST), 405, "method_not_allowed"),
    "a file of the front": (asked("GET /answers/malformed.html HTTP/1.1", HOST), 404, "not_found"),
}


def test_what_the_front_says_is_what_the_gateway_says():
    assert (answers.HERE / "words.conf").read_text(encoding="utf-8") == answers.words()
    assert (answers.HERE / "answers.conf").read_text(encoding="utf-8") == answers.answers()


@pytest.mark.parametrize("path", ["/api/v1/children", "/planning"])
@pytest.mark.parametrize("wrong", WRONG)
def test_what_the_front_refuses_is_told_in_the_products_own_form(url, wrong, path):
    sent, status, code = WRONG[wrong]
    answered, headers, text = exchanged(url, sent.replace(b"{}", path.encode()))
    assert answered == status
    assert headers["Cache-Control"] == "no-store"
    own = dict(edge.security_headers(Settings("http://portal.example", "", "", 0.0, 1)))
    assert {name: headers[name] for name in KEPT} == own
    assert "Strict-Transport-Security" not in headers
    title = sentence(code, "fr")
    if path.startswith("/api/") and b"{}" in sent:
        assert headers["Content-Type"] == "application/problem+json"
        assert json.loads(text) == {
            "type": f"urn:marelle:problem:{code}",
            "title": title,
            "status": status,
            "code": code,
            "request_id": headers["X-Request-Id"],
        }
    else:
        assert headers["Content-Type"] == "text/html; charset=utf-8"
        assert f"<h1>{title.rstrip('.')}</h1>" in text
        assert headers["X-Request-Id"] in text


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        ({}, "fr"),
        ({"Accept-Language": "en-GB,en;q=0.9,fr;q=0.1"}, "en"),
        ({"Accept-Language": "de"}, "fr"),
        ({"Accept-Language": "en", "Cookie": "language=fr"}, "fr"),
        ({"Cookie": "form=x; language=en"}, "en"),
        ({"Cookie": "form=x; __Host-language=en; device=y"}, "en"),
        ({"Cookie": "my-language=en; language=english"}, "fr"),
        ({"Cookie": "language=<b>"}, "fr"),
    ],
)
def test_the_front_speaks_the_readers_language(deserted, headers, language):
    page = requests.get(f"{deserted}/planning", headers=headers, timeout=20)
    assert f'<html lang="{language}">' in page.text
    assert sentence("unavailable", language).rstrip(".") in page.text


def test_without_a_gateway_everybody_is_told_when_to_come_back(deserted):
    answer = requests.post(
        f"{deserted}/api/v1/sessions", json={}, headers={"X-Request-Id": "mine-1"}, timeout=20
    )
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer.headers["Retry-After"] == "2"
    assert answer.headers["X-Request-Id"] == answer.json()["request_id"] == "mine-1"


def test_what_a_client_says_of_itself_is_not_handed_on(url):
    lies = {
        "X-Forwarded-For": "192.0.2.1",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Port": "1",
        "X-Forwarded-Prefix": "/evil",
        "Forwarded": "for=192.0.2.1",
        "X-Request-Id": "<script>",
    }
    told = requests.get(f"{url}/x", headers=lies | {"Host": "portal.example:8000"}, timeout=20).json()
    assert told["X-Forwarded-For"] == LOOPBACK
    assert told["X-Forwarded-Proto"] == "http"
    assert told["Host"] == "portal.example:8000"
    assert re.fullmatch("[0-9a-f]{32}", told["X-Request-Id"])
    assert not {"X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Prefix", "Forwarded"} & told.keys()


def test_a_proxy_that_is_named_may_say_for_whom_it_speaks(gateway, tmp_path):
    with running(tmp_path, gateway.server_port, proxies=TOWN_PROXY) as address:
        headers = {"X-Forwarded-For": "192.0.2.66, 192.0.2.1", "X-Forwarded-Proto": "https"}
        told = requests.get(f"{address}/x", headers=headers, timeout=20).json()
        refused = requests.request("TRACE", f"{address}/x", headers=headers, timeout=20)
    assert (told["X-Forwarded-For"], told["X-Forwarded-Proto"]) == ("192.0.2.1", "https")
    assert refused.headers["Strict-Transport-Security"].startswith("max-age=")


def test_a_request_that_is_sent_slowly_keeps_nobody_of_the_gateway(url, gateway):
    before = gateway.asked
    head = asked("POST /x HTTP/1.1", HOST, "Content-Length: 9")
    unfinished = [connected(url) for _ in range(30)]
    for number, connection in enumerate(unfinished):
        connection.sendall(head + b"begun" if number % 2 else head[:-4])
    assert requests.get(f"{url}/x", timeout=20).ok
    assert gateway.asked == before + 1
    unfinished[1].sendall(b"done")
    assert unfinished[1].recv(12) == b"HTTP/1.1 200"
    for connection in unfinished:
        connection.close()


def test_a_gateway_that_is_frozen_is_left_for_another_and_told_nothing_twice(gateway, tmp_path):
    hurried = (front.SOURCES / "gateway_pass.conf").read_text(encoding="utf-8").replace(" 6s;", " 1s;")
    with (
        socket.create_server((LOOPBACK, 0)) as frozen,  # its kernel takes connections, nobody answers
        running(tmp_path, frozen.getsockname()[1], gateway.server_port, gateway_pass=hurried) as address,
    ):
        before = gateway.asked
        told = [requests.post(f"{address}/x", timeout=20).status_code for _ in range(4)]
        assert set(told) == {200, 503}
        assert gateway.asked == before + told.count(200)
        assert all(requests.get(f"{address}/x", timeout=20).ok for _ in range(8))


def test_an_answer_that_is_read_slowly_keeps_nobody_of_the_gateway(url, gateway):
    gateway.answered.clear()
    with connected(url) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(asked("GET /large HTTP/1.1", HOST))
        assert gateway.answered.wait(20)


def test_the_log_tells_what_no_gateway_answered_and_nothing_of_who_asked(url, directory):
    exchanged(url, asked("TRACE /planning?child=zoe HTTP/1.1", HOST, "X-Request-Id: told-1"))
    requests.get(f"{url}/fine", headers={"X-Request-Id": "fine-1"}, timeout=20)

    def lines():
        return [json.loads(line) for line in (directory / "front.log").read_text().splitlines()]

    wait_until(lambda: any(line["request_id"] == "told-1" for line in lines()), "the line", 20)
    said = next(line for line in lines() if line["request_id"] == "told-1")
    assert (said["service"], said["event"], said["status"]) == ("front", "answered_by_front", 405)
    text = (directory / "front.log").read_text()
    assert not any(word in text for word in ("zoe", "planning", LOOPBACK, "fine-1"))


def test_the_fronts_limits_fit_the_gateways():
    ours = (front.SOURCES / "nginx.conf").read_text(encoding="utf-8")
    theirs = (ROOT / "gateway" / "gunicorn.conf.py").read_text(encoding="utf-8")
    assert f"client_max_body_size {edge.BODY_BYTES_MAX // 1024}k;" in ours
    [kept] = re.findall(r"client_body_buffer_size (\d+)k;", ours)
    assert int(kept) > edge.BODY_BYTES_MAX // 1024  # what comes in pieces has the lengths of the pieces in it
    [here] = re.findall(r"keepalive_timeout (\d+)s;\n    }", ours)
    [there] = re.findall(r"^keepalive = (\d+)", theirs, re.MULTILINE)
    assert int(here) < int(there)
