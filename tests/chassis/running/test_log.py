"""Lines of the log: what they hold of a failure, and what of those who run and use the house."""

import io
import json
import logging
import sys

import pytest
import structlog
from pymongo.errors import ServerSelectionTimeoutError

from chassis.running import log

pytestmark = pytest.mark.pure


@pytest.fixture
def lines(monkeypatch):
    """What a service writes, configured as in a process of its own."""
    written, before = io.StringIO(), logging.root.handlers[:]
    monkeypatch.setattr(sys, "stdout", written)
    log.configure("lamps")
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    structlog.reset_defaults()
    logging.root.handlers[:] = before


TOLD = {"child": "Camille", "mailbox": "ana@home.example"}


def handle(event):
    child, mailbox = event["child"], event["mailbox"]
    raise ValueError(f"{child} has no place for {mailbox}")


def test_a_handler_that_breaks_leaves_neither_its_values_nor_the_text_of_its_error(lines):
    try:
        handle(TOLD)
    except ValueError:
        log.get_logger().exception("event_failed")
    (line,) = lines()
    assert "in handle" in line["stack"]
    assert "ValueError" in line["stack"]
    assert not [value for value in TOLD.values() if value in json.dumps(line)]


def test_a_library_that_logs_its_error_leaves_no_values_either(lines):
    try:
        handle(TOLD)
    except ValueError:
        logging.getLogger("nameko").exception("worker died")
    (line,) = lines()
    assert (line["event"], "ValueError" in line["stack"]) == ("worker died", True)
    assert "Camille" not in json.dumps(line)


def test_a_line_is_one_line_with_its_instant_in_utc(lines):
    log.get_logger().warning("told\n{}", reason="a\r\nb\u2028c")
    logging.getLogger("pymongo").warning("a\nb")
    ours, a_library_s = lines()
    assert (ours["event"], ours["reason"], a_library_s["event"]) == ("told\n{}", "a\r\nb\u2028c", "a\nb")
    for line in (ours, a_library_s):
        assert line["timestamp"].endswith("Z")
        assert {"service", "level"} <= line.keys()


AWAY = ServerSelectionTimeoutError(
    "db.example:27017: [Errno 111] refused, Timeout: 1.5s, servers: 10.0.0.7:27017"
)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("amqp://booking:s3cret@broker.example:5672/marelle", "amqp://…@…/marelle"),
        (
            "mongodb://booking:s3cret@10.0.0.7:27017,10.0.0.8:27017/?replicaSet=rs0",
            "mongodb://…@…,…/?replicaSet=rs0",
        ),
        (str(AWAY), "…: [Errno 111] refused, Timeout: 1.5s, servers: …"),
        ("2026-11-30T09:22:36Z", "2026-11-30T09:22:36Z"),
        ("from 08:30 to 09:15, room 12:1", "from 08:30 to 09:15, room 12:1"),
        ("booking.billing.payment_settled", "booking.billing.payment_settled"),
        ("version 2.14.1 of nameko", "version 2.14.1 of nameko"),
        ("0190c0de-0000-7000-8000-000000000001", "0190c0de-0000-7000-8000-000000000001"),
    ],
)
def test_machines_and_logins_in_a_text_are_not_written(text, written, lines):
    log.get_logger().warning("told", reason=text)
    logging.getLogger("pymongo").warning(text)
    mine, theirs = lines()
    assert (mine["reason"], theirs["event"]) == (written, written)
