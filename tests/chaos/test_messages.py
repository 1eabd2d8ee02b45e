"""Events that come twice, late, out of order or unreadable: nothing happens again, nobody is blocked."""

import json
import random
import uuid

import pytest
from bson import json_util
from pymongo import MongoClient

from chassis.testing.waiting import eventually
from chassis.values.event import PACK
from deploy.fsck import report
from deploy.local import fsck
from tests.chaos import broker
from tests.chaos.broker import Said
from tests.chaos.families import FREE
from tests.chaos.load import Crowd

EFFECTS = {
    "booking": ("bookings", "seats", "children", "organisations"),
    "billing": (
        "accounts",
        "charges",
        "consumptions",
        "credit_notes",
        "journal",
        "settlements",
        "payments",
        "received",
    ),
    "notify": ("messages", "families", "organisations"),
}
MIB = 1024 * 1024


@pytest.fixture(scope="module")
def desk(stack):
    with broker.desk(stack.amqp_uri) as opened:
        yield opened


@pytest.fixture
def buried(desk):
    """However a test ends, the dead that it made are no finding of another's."""
    yield
    desk.bury("notify")


@pytest.fixture
def effects(stack):
    """Tells what all events together have caused, so that two moments can be compared."""
    with MongoClient(stack.mongodb_uri, tz_aware=True) as client:

        def look():
            return {
                f"{service}.{name}": _rows(client[stack.databases[service]][name])
                for service, names in EFFECTS.items()
                for name in names
            }

        yield look


def _rows(collection):
    return {str(row["_id"]): json_util.dumps(row, sort_keys=True) for row in collection.find()}


def changed(before, after):
    """What is not as it was, row by row."""
    return [
        f"{name} {key}: {before[name].get(key)} became {after[name].get(key)}"
        for name in before
        for key in before[name].keys() | after[name].keys()
        if before[name].get(key) != after[name].get(key)
    ]


@pytest.fixture(scope="module")
def told_again(stack, families, desk):
    """What a small crowd caused to be said, after everything has come to rest."""
    desk.listen()
    with Crowd(families, 24):
        pass
    assert report.converged(fsck.where(stack)) == []
    said = desk.heard()
    assert {each.name for each in said} >= {"booking_accepted", "confirmation_answered", "payment_settled"}
    return said


def test_events_that_are_told_again_in_another_order_change_nothing(told_again, holds, desk, effects):
    before = effects()
    shuffled = told_again * 2 + [each for said in told_again for each in said.singly()]
    random.Random(7).shuffle(shuffled)
    for said in [*reversed(told_again), *shuffled]:
        desk.say(said)
    assert holds() == []
    assert changed(before, effects()) == []


def test_an_event_that_was_never_told_has_its_effect(told_again, holds, desk, effects, stack):
    """The control of the test above: what is said at this desk is heard."""
    answered = one_answer(told_again)
    event = json.loads(answered.body)
    event["id"] = event["aggregate_id"] = event["data"]["confirmation_id"] = str(uuid.uuid4())
    messages = len(effects()["notify.messages"])
    desk.say(Said(answered.exchange, answered.name, json.dumps(event)))
    eventually(lambda: len(effects()["notify.messages"]) > messages)
    assert holds() == []


def one_answer(told):
    [answered, *_] = next(each for each in told if each.name == "confirmation_answered").singly()
    return answered


POISON = {
    "no JSON": lambda event: b"{bad",
    "no object": lambda event: b"[1, 2]",
    "nothing": lambda event: b"",
    "no UTF-8": lambda event: b"\xff\xfe\x00",
    "unknown version": lambda event: json.dumps(event | {"version": 99}).encode(),
    "other name": lambda event: json.dumps(event | {"name": "something_else"}).encode(),
    "no data": lambda event: json.dumps({**event, "data": None}).encode(),
    "no event among several": lambda event: json.dumps({PACK: [event, {}]}).encode(),
    "none of several": lambda event: json.dumps({PACK: []}).encode(),
    "5 MB": lambda event: json.dumps(event | {"data": {"x": "x" * 5 * MIB}}).encode(),
}


@pytest.mark.usefixtures("buried")
def test_what_can_not_be_read_ends_among_the_dead_and_blocks_nobody(
    told_again, holds, desk, effects, families
):
    answered = one_answer(told_again)
    event, before = json.loads(answered.body), effects()
    assert desk.dead("notify") == 0
    for spoil in POISON.values():
        desk.say(Said(answered.exchange, answered.name, spoil(event)))
    eventually(lambda: desk.dead("notify") == len(POISON))
    assert changed(before, effects()) == []

    family = families[0]
    messages = len(before["notify.messages"])
    booked = next(filter(None, (family.ask_for(FREE, day) for day in family.days[FREE])))
    assert booked["state"] == "answered"
    eventually(lambda: len(effects()["notify.messages"]) > messages)
    eventually(lambda: holds(0) == [f"queue notify.dead holds {len(POISON)} messages"])
    desk.bury("notify")
    assert holds() == []
