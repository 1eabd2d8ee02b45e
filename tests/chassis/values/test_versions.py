"""One fact told in several versions at once: how it is written, and what each reader takes of it."""

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace

import lamps
import pytest
from marshmallow import Schema, fields

from chassis.storage.outbox import EventType
from chassis.storage.outbox.sending import SourceRun
from chassis.storage.outbox.sources import entry_to_event
from chassis.values.event import Event, Unreadable


class LampLit2(Schema):
    """The next version calls the room a place."""

    place = fields.String(required=True)


IN_BOTH = EventType(LampLit2, version=2, subscribers=("meters",), earlier={1: lamps.LampLit})


def told(**fields_of_row):
    return Event.from_row(lamps.lit("kitchen", **fields_of_row))


def in_both_versions():
    return told(newer={2: {"place": "kitchen"}})


@pytest.mark.parametrize(
    ("reads", "version", "data"),
    [
        ((1,), 1, {"room": "kitchen"}),
        ((2,), 2, {"place": "kitchen"}),
        ((1, 2), 2, {"place": "kitchen"}),
        ((2, 3), 2, {"place": "kitchen"}),
    ],
)
def test_each_reader_gets_the_latest_version_that_it_knows(reads, version, data):
    heard = Event.decode(in_both_versions().encode()).read_as(reads)
    assert (heard.version, heard.data, heard.newer) == (version, data, {})


@pytest.mark.parametrize("reads", [(3,), (0,), ()])
def test_who_knows_none_of_the_versions_can_not_read_the_event(reads):
    with pytest.raises(Unreadable, match=r"\[1, 2\]"):
        in_both_versions().read_as(reads)


def test_the_versions_travel_in_one_message_under_one_id():
    event = in_both_versions()
    assert Event.decode(event.encode()).id == event.id
    envelope = json.loads(event.encode())
    assert (envelope["version"], envelope["data"]) == (1, {"room": "kitchen"})
    assert envelope["newer"] == {"2": {"place": "kitchen"}}


def test_an_event_of_one_version_says_nothing_of_others():
    assert "newer" not in json.loads(told().encode())
    assert "newer" not in lamps.lit("kitchen")


def test_an_instant_in_an_event_is_written_as_every_contract_writes_it():
    in_paris = datetime(2026, 11, 16, 9, 0, 0, 123_999, tzinfo=timezone(timedelta(hours=1)))
    event = replace(told(), data={"lit_at": in_paris})
    assert json.loads(event.encode())["data"] == {"lit_at": "2026-11-16T08:00:00.123Z"}
    with pytest.raises(ValueError, match="without a zone"):
        replace(told(), data={"lit_at": in_paris.replace(tzinfo=None)}).encode()
    with pytest.raises(TypeError):
        replace(told(), data={"lit_at": in_paris.date()}).encode()


@pytest.mark.parametrize("newer", [[], "2", {"two": {}}, {"-2": {}}, {"2": []}, {"9" * 5000: {}}, {"²": {}}])
def test_what_is_no_table_of_versions_can_not_be_read(newer):
    envelope = json.loads(told().encode()) | {"newer": newer}
    with pytest.raises(Unreadable):
        Event.decode(json.dumps(envelope).encode())


def test_the_entry_of_a_document_may_be_told_in_several_versions():
    entry = lamps.entry("e-1") | {"newer": {"2": {"place": "kitchen"}}}
    event = Event.from_row(entry_to_event(None, {"_id": "d-1", "organisation_id": "o-1"}, entry))
    assert event.told() == {1: {"room": "kitchen"}, 2: {"place": "kitchen"}}


def check(event, kind):
    """None, or the ValueError that keeps an event from being sent."""
    return SourceRun._check(SimpleNamespace(events={"lamp_lit": kind}), event)


def test_a_producer_tells_every_version_of_its_contract():
    assert check(in_both_versions(), IN_BOTH) is None
    assert check(told(), EventType(lamps.LampLit)) is None


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (told(), IN_BOTH),
        (told(version=2), EventType(lamps.LampLit)),
        (in_both_versions(), EventType(lamps.LampLit)),
        (told(newer={2: {"room": "kitchen"}}), IN_BOTH),
        (told(version=2, newer={1: {"place": "kitchen"}}), IN_BOTH),
    ],
    ids=["one is missing", "another one", "one too much", "one is wrong", "the later one first"],
)
def test_what_the_contract_does_not_say_is_not_sent(event, kind):
    with pytest.raises(ValueError, match="lamp_lit"):
        check(event, kind)
