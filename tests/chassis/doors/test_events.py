"""Hearing events: effects, retries, dead letters and what can't be read."""

import json
from types import SimpleNamespace

import amqp
import eventlet
import lamps
import pytest
import structlog
from click.testing import CliRunner
from eventlet.event import Event as Signal
from hearing import DEAD, QUEUE, meters_running, waits

from chassis.doors.events import EventHandler
from chassis.testing import eventually
from chassis.values.errors import Refused, Unavailable
from chassis.values.event import SIZE_MAX, Event
from chassis.wire import topology
from chassis.wire.dead_letters import main as dead_letters
from chassis.wire.publisher import Message, Publisher


@pytest.fixture
def say(broker):
    """Publish as the relay does; give the event's id."""
    publisher = Publisher(broker)

    def publish(room="kitchen", **row_fields):
        event = Event.from_row(lamps.lit(room, **row_fields))
        assert publisher.publish([Message("lamps.events", event.name, event.encode(), event.id)]) == [True]
        return event.id

    yield publish
    publisher.close()


def the_dead(channel):
    message = eventually(lambda: channel.basic_get(DEAD, no_ack=True))
    return message.body, message.properties["application_headers"]


def test_an_event_is_handled_and_leaves_its_queue(say, channel, mongo_database):
    say("kitchen")
    with meters_running(mongo_database):
        eventually(lambda: mongo_database.lit.count_documents({"room": "kitchen"}) == 1)
    assert waits(channel, QUEUE) == 0


def a_handler():
    """One without a broker, and the messages that it acknowledges."""
    handler, acknowledged = EventHandler("lamps", "lamp_lit", (1,)), []
    handler.container = SimpleNamespace(service_name="meters")
    handler.consumer = SimpleNamespace(ack=acknowledged.append)
    return handler, acknowledged


def ended(handler, message, *, last=True, error=None):
    """Say how a worker of the message ended; whether it has been dealt with."""
    done = Signal()
    raised = None if error is None else (type(error), error, None)
    handler._on_result(message, [], last, done, None, None, raised)
    return done.wait()


def test_while_an_outage_lasts_an_event_is_tried_ever_more_rarely_and_a_failure_counts_apart(monkeypatch):
    handler, _ = a_handler()
    moved = []
    monkeypatch.setattr(handler, "_move", lambda *asked: moved.append(asked[3:]) or True)
    headers = {}
    for error in (*[Unavailable("timeout")] * 5, LookupError("no such lamp")):
        ended(handler, amqp.Message(b"", application_headers=headers), error=error)
        headers = moved[-1][1]
    assert [key.partition(".")[0] for key, _ in moved] == ["1", "2", "4", "8", "8", "1"]
    assert (headers["x-outage"], headers["x-attempt"]) == (5, 1)


def test_an_event_that_can_be_neither_handled_nor_put_back_stays_with_the_broker():
    """Its service stops while nothing can be published: who starts next gets it again."""
    handler, acknowledged = a_handler()
    handler.stopping = True
    message = amqp.Message(b"")
    message.channel = SimpleNamespace(connection="open")
    assert not ended(handler, message, error=LookupError("no such lamp"))
    assert acknowledged == []


def test_a_message_of_several_events_is_acknowledged_after_the_last_of_them_alone():
    handler, acknowledged = a_handler()
    message = amqp.Message(b"")
    assert ended(handler, message, last=False)
    assert acknowledged == []
    assert ended(handler, message, last=True)
    assert acknowledged == [message]


def test_an_event_that_comes_three_times_has_one_effect(say, channel, mongo_database):
    with meters_running(mongo_database):
        for _ in range(3):
            say("kitchen", event_id="event-1")
        eventually(lambda: mongo_database.deliveries.count_documents({}) == 3)
        eventually(lambda: mongo_database.lit.count_documents({}) == 1)
    assert mongo_database.lit.count_documents({}) == 1


def test_a_handler_that_fails_twice_and_then_succeeds_has_its_effect(
    say, channel, mongo_database, short_delays, behave
):
    attempts = []

    def fails_twice(database, event):
        attempts.append(event.id)
        if len(attempts) < 3:
            raise Refused("conflict")
        lamps.count(database, event)

    behave(fails_twice)
    event_id = say()
    with meters_running(mongo_database):
        eventually(lambda: mongo_database.lit.count_documents({"event": event_id}) == 1)
    assert attempts == [event_id] * 3
    assert waits(channel, DEAD) == 0


def test_a_failed_event_comes_back_to_its_own_queue_alone(say, channel, mongo_database, short_delays, behave):
    heard = []

    def fails_once(database, event):
        heard.append(event.name)
        if len(heard) == 1:
            raise RuntimeError

    behave(fails_once)
    say()
    with meters_running(mongo_database):
        eventually(lambda: len(heard) == 2)
    assert heard == ["lamp_lit", "lamp_lit"]


def test_a_handler_that_always_fails_leaves_a_dead_letter_that_can_be_replayed(
    say, channel, mongo_database, short_delays, behave
):
    def fails(database, event):
        raise RuntimeError("the fuse is blown")

    behave(fails)
    event_id = say()
    with meters_running(mongo_database):
        eventually(lambda: waits(channel, DEAD) == 1)
    listed = CliRunner().invoke(dead_letters, ["list", "meters"])
    assert listed.exit_code == 0, listed.output
    assert event_id in listed.output
    assert "the fuse is blown" in listed.output
    assert QUEUE in listed.output

    behave(lamps.count)
    with meters_running(mongo_database):
        replayed = CliRunner().invoke(dead_letters, ["replay", "meters"])
        assert replayed.exit_code == 0, replayed.output
        eventually(lambda: mongo_database.lit.count_documents({"event": event_id}) == 1)
    assert waits(channel, DEAD) == 0


def test_one_dead_letter_can_be_replayed_and_the_others_left(
    say, channel, mongo_database, monkeypatch, behave
):
    monkeypatch.setattr(topology, "RETRY_DELAYS_S", ())

    def fails(database, event):
        raise RuntimeError

    behave(fails)
    first, second = say(), say()
    with meters_running(mongo_database):
        eventually(lambda: waits(channel, DEAD) == 2)
    assert CliRunner().invoke(dead_letters, ["replay", "meters", "--id", second]).exit_code == 0
    eventually(lambda: waits(channel, QUEUE) == 1)
    body, _ = the_dead(channel)
    assert json.loads(body)["id"] == first


def test_a_dead_letter_whose_queue_is_unknown_stays_where_it_is(broker, channel):
    channel.basic_publish(amqp.Message(b"{}"), "", DEAD)
    eventually(lambda: waits(channel, DEAD) == 1)
    result = CliRunner().invoke(dead_letters, ["replay", "meters"], catch_exceptions=False)
    assert result.output == "replayed 0, left 1 whose queue is unknown\n"
    eventually(lambda: waits(channel, DEAD) == 1)


@pytest.mark.parametrize("outage", [Unavailable("timeout"), Refused("unavailable")], ids=["away", "refused"])
def test_an_outage_is_waited_out_and_never_makes_a_dead_letter(  # noqa: PLR0917 - all are fixtures
    outage, say, channel, mongo_database, monkeypatch, behave
):
    monkeypatch.setattr(topology, "RETRY_DELAYS_S", (1,))
    attempts = []

    def unavailable_twice(database, event):
        attempts.append(event.id)
        if len(attempts) < 3:
            raise outage
        lamps.count(database, event)

    behave(unavailable_twice)
    say()
    with meters_running(mongo_database):
        eventually(lambda: mongo_database.lit.count_documents({}) == 1)
    assert waits(channel, DEAD) == 0


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"{}",
        b"[" * 100_000,
        b'"' + b"x" * 5_000_000 + b'"',
        json.dumps({"id": "1", "name": "lamp_lit"}).encode(),
    ],
    ids=["not JSON", "not UTF-8", "a list", "null", "no envelope", "too deep", "5 MB", "half an envelope"],
)
def test_a_poisoned_message_goes_to_the_dead_letters_at_once(body, say, channel, mongo_database):
    with meters_running(mongo_database):
        channel.basic_publish(amqp.Message(body), "lamps.events", "lamp_lit")
        dead, headers = the_dead(channel)
        event_id = say()
        eventually(lambda: mongo_database.lit.count_documents({"event": event_id}) == 1)
    assert (dead if isinstance(dead, bytes) else dead.encode()) == body
    assert headers["x-origin"] == QUEUE
    assert headers["x-error"].startswith("Unreadable")
    assert mongo_database.deliveries.count_documents({}) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("version", 2),
        ("version", "1"),
        ("version", True),
        ("name", "lamp_put_out"),
        ("organisation_id", ""),
        ("organisation_id", {"$ne": ""}),
        ("occurred_at", "yesterday"),
        ("occurred_at", "2026-11-16T08:00:00"),
        ("sequence", 1.5),
        ("data", []),
        ("correlation_id", 7),
    ],
)
def test_an_envelope_with_a_wrong_field_is_not_read(field, value, say, channel, mongo_database):
    envelope = json.loads(Event.from_row(lamps.lit("kitchen")).encode())
    body = json.dumps({**envelope, field: value})
    with meters_running(mongo_database):
        channel.basic_publish(amqp.Message(body), "lamps.events", "lamp_lit")
        _, headers = the_dead(channel)
    assert headers["x-error"].startswith("Unreadable")


def test_a_new_field_of_the_envelope_does_not_hurt(say, channel, mongo_database):
    envelope = json.loads(Event.from_row(lamps.lit("kitchen")).encode())
    with meters_running(mongo_database):
        channel.basic_publish(
            amqp.Message(json.dumps({**envelope, "colour": "red"})), "lamps.events", "lamp_lit"
        )
        read = eventually(lambda: mongo_database.lit.distinct("event"))
    assert read == [envelope["id"]]


def test_a_message_just_small_enough_is_read(channel, mongo_database, broker):
    envelope = json.loads(Event.from_row(lamps.lit("kitchen")).encode())
    envelope["data"]["note"] = ""
    envelope["data"]["note"] = "x" * (SIZE_MAX - len(json.dumps(envelope)))
    with meters_running(mongo_database):
        channel.basic_publish(amqp.Message(json.dumps(envelope)), "lamps.events", "lamp_lit")
        read = eventually(lambda: mongo_database.lit.distinct("event"))
    assert read == [envelope["id"]]


def test_a_message_that_kills_its_reader_again_and_again_is_put_among_the_dead(say, channel):
    event_id = say()
    for _ in range(topology.DELIVERIES_MAX + 1):
        message = eventually(lambda: channel.basic_get(QUEUE))
        channel.basic_reject(message.delivery_info["delivery_tag"], requeue=True)
    body, headers = the_dead(channel)
    assert json.loads(body)["id"] == event_id
    assert headers["x-death"][0]["queue"] == QUEUE
    assert headers["x-death"][0]["reason"] == "delivery_limit"


def test_stopping_finishes_what_is_in_hand_and_leaves_the_rest(say, channel, mongo_database, behave):
    started, let_go = eventlet.event.Event(), eventlet.event.Event()

    def slow(database, event):
        if not started.ready():
            started.send()
        let_go.wait()
        lamps.count(database, event)

    behave(slow)
    for _ in range(3):
        say()
    with meters_running(mongo_database, max_workers=2):
        started.wait()
        eventlet.spawn_after(1.2, let_go.send)  # by then the service has been asked to stop
    assert mongo_database.lit.count_documents({}) == 1
    eventually(lambda: waits(channel, QUEUE) == 2)


def test_the_lines_that_a_handler_logs_carry_the_request_id(say, mongo_database, behave):
    bound = []

    def look(database, event):
        bound.append(structlog.contextvars.get_contextvars())

    behave(look)
    event_id = say()
    with meters_running(mongo_database):
        eventually(lambda: bound)
    assert bound[0]["request_id"] == "r-1"
    assert bound[0]["event_id"] == event_id


def test_a_handler_acts_in_the_organisation_of_the_event_under_its_own_name(say, mongo_database, behave):
    contexts = []
    behave(lambda database, event: contexts.append(event.context("meters")))
    say()
    with meters_running(mongo_database):
        eventually(lambda: contexts)
    [context] = contexts
    assert (context.kind, context.issuer, context.organisation_id, context.request_id) == (
        "service",
        "meters",
        "o-1",
        "r-1",
    )
