from collections.abc import Iterator
from uuid import uuid4

import lamps
import pymongo
import pytest
from eventlet.event import Event

from chassis.testing.fixtures import DROPPED_WITHIN_S
from chassis.wire import bus, rpc, topology
from tests.chassis.cable import Cable
from tests.chassis.echoing import Echo

NEVER_S = 600.0
"""A time-out that no test lives to see: who answers all the same did not wait for it."""


@pytest.fixture(scope="session")
def topology_definitions():
    """The chassis is tested with services of its own, not with those of the house."""
    return topology.build(lamps.PARTS)


@pytest.fixture
def other_database(mongo_database) -> Iterator:
    """A second database, for the service at the other end."""
    client = mongo_database.client
    name = f"test_{uuid4().hex[:16]}"
    yield client[name]
    with pymongo.timeout(DROPPED_WITHIN_S):
        client.drop_database(name)


@pytest.fixture
def behave(monkeypatch):
    """Say what the handlers of Meters do."""
    return lambda behaviour: monkeypatch.setattr(lamps, "behaviour", behaviour)


@pytest.fixture
def endless(monkeypatch):
    """The limits of a call are far away: what a test is told, it is told for another reason."""
    monkeypatch.setattr(rpc, "TIMEOUT_MAX_S", NEVER_S)
    monkeypatch.setattr(rpc, "CONNECT_MAX_S", NEVER_S)
    return NEVER_S


@pytest.fixture
def gate(echo):
    """What calls of `wait_at_the_gate` wait for; opened after the test at the latest."""
    for said in (Echo.begun, Echo.done):
        said.clear()
    Echo.gate = Event()
    yield Echo.gate
    if not Echo.gate.ready():
        Echo.gate.send()


@pytest.fixture
def cable(broker):
    """A way to the broker that can be pulled out."""
    between = Cable(broker)
    yield between
    between.close()


@pytest.fixture
def channel(broker):
    """A channel to look into queues with."""
    connection = bus.connect(broker, name="test", timeout_s=60)
    yield connection.channel()
    connection.close()
