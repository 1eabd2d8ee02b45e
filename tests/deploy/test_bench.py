"""The clients of `bench` and its arithmetic, against a small server; the stack itself is measured by hand."""

import json
import threading
from collections import Counter
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench import journeys, load, report, town
from bench.journeys import Family
from bench.load import Outcome
from bench.meter import Used
from bench.scenarios import Measured

FAMILY = Family("secret", {}, ("child-1", "child-2"))


class Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    asked: Counter[str]

    def do_GET(self):
        self.asked[f"{self.path} {self.headers['Authorization']}"] += 1
        body = b'{"data": []}' * 10_000
        self.send_response(404 if "absent" in self.path else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        return


@contextmanager
def serving():
    asked = Counter()
    handler = type("Handler", (Answering,), {"asked": asked})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address, asked
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("clients", [1, 3, 50])
def test_every_journey_is_made_once_however_many_clients_walk(clients):
    with serving() as (address, asked):
        paths = [f"/{number}" for number in range(19)] + ["/absent"]
        outcome = load.run(address, [journeys.get(FAMILY, path) for path in paths], clients)
    assert asked == {f"{path} Bearer secret": 1 for path in paths}
    assert Counter(outcome.ends) == {"200": 19, "404": 1}
    assert len(outcome.seconds) == 20
    assert all(0 < seconds <= outcome.wall_s for seconds in outcome.seconds)
    assert outcome.bytes_in > 20 * 120_000


def test_a_request_says_what_its_body_holds_and_gets_a_key_of_its_own():
    first, second = (load.request("POST", "/x", "t", {"é": 1}, keyed=True) for _ in range(2))
    head, _, body = first.partition(b"\r\n\r\n")
    assert json.loads(body) == {"é": 1}
    assert f"Content-Length: {len(body)}".encode() in head
    assert first != second


def test_the_tables_divide_what_was_used_by_what_was_done():
    outcome = Outcome([0.010] * 99 + [0.500], ["accepted"] * 100, wall_s=2.0)
    used = Used(Counter(booking=0.3, mongod=0.1), Counter(query=200))
    suite = Measured("confirm", "suite", 8, outcome, used, 0, (2.7, 3.0))
    flat = Measured("confirm", "flat", 8, outcome, Used(Counter(application=0.2)), 0, (2.7, 3.0))
    assert report.per_second(suite) == 50
    assert report.cpu_ms(suite) == pytest.approx(4.0)
    assert report.percentile(suite, 0.5) == 0.010
    assert report.percentile(suite, 0.99) == 0.500
    lines = list(report.results([suite, flat], {"mongod": 0.02}))
    assert "| 4.00 | 2.00 |" in lines[2]
    assert "booking 3.00, mongod 1.00 | query 2.0" in list(report.breakdown([suite]))[2]


def test_the_days_of_the_town_are_weekdays_whose_deadlines_are_not_near():
    today = date(2026, 11, 21)
    days = list(town.weekdays(today))
    assert len(days) > 150
    assert {day.isoweekday() for day in days} == {1, 2, 3, 4, 5}
    assert (days[0] - today).days >= 7
