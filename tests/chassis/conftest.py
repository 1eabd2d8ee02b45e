from collections.abc import Iterator
from uuid import uuid4

import lamps
import pytest

from chassis.wire import bus, topology


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
    client.drop_database(name)


@pytest.fixture
def behave(monkeypatch):
    """Say what the handlers of Meters do."""
    return lambda behaviour: monkeypatch.setattr(lamps, "behaviour", behaviour)


@pytest.fixture
def channel(broker):
    """A channel to look into queues with."""
    connection = bus.connect(broker, name="test", timeout_s=5)
    yield connection.channel()
    connection.close()
