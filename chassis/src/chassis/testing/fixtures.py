"""Fixtures over a real broker and a real database, named by AMQP_URI and MONGODB_URI.

A run makes a virtual host of its own where RABBITMQCTL holds the command line that reaches the broker's node;
without it, the virtual host of AMQP_URI is taken, which nobody else may use meanwhile. Every test has a
database of its own.
"""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import amqp
import pymongo
import pytest
import structlog
from pymongo.database import Database

from chassis.storage import mongo
from chassis.testing.waiting import PATIENCE_S
from chassis.wire import bus, rpc, topology

DROPPED_WITHIN_S = 60
"""Clearing up waits for a busy machine; what a service may wait for a database is tested elsewhere."""

# What goes on beside a test, such as the end of the service before it, is no part of what its commands print.
structlog.configure(logger_factory=structlog.PrintLoggerFactory(file=sys.__stderr__))


@pytest.fixture(scope="session")
def topology_definitions() -> topology.Definitions:
    """Return what is declared on the tests' broker; a conftest overrides it with its services'."""
    return topology.build([])


@pytest.fixture(scope="session")
def virtual_host(
    topology_definitions: topology.Definitions, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Yield the AMQP URI of a virtual host for this run, with the topology declared."""
    given = _setting("AMQP_URI")
    control = shlex.split(os.environ.get("RABBITMQCTL", ""))
    if not control:
        delete_queues(given, topology_definitions)
        topology.declare(given, topology_definitions)
        yield given
        return
    name = f"test-{os.getpid()}-{uuid4().hex[:8]}"
    user = urlsplit(given).username or "guest"
    file = tmp_path_factory.mktemp("topology") / "definitions.json"
    file.write_text(json.dumps(_of_virtual_host(topology_definitions, name, user)), encoding="utf-8")
    try:
        _run([*control, "import_definitions", str(file)])
        yield urlsplit(given)._replace(path=f"/{name}").geturl()
    finally:
        _run([*control, "delete_vhost", name])


@pytest.fixture
def broker(
    virtual_host: str, topology_definitions: topology.Definitions, monkeypatch: pytest.MonkeyPatch
) -> str:
    """Return the AMQP URI of a broker, declared and empty; it is AMQP_URI during the test.

    Meanwhile calls may take as long as a busy machine needs for them: their limits have tests of their own.
    """
    monkeypatch.setenv("AMQP_URI", virtual_host)
    monkeypatch.setattr(rpc, "TIMEOUT_MAX_S", PATIENCE_S)
    monkeypatch.setattr(rpc, "CONNECT_MAX_S", PATIENCE_S)
    empty(virtual_host, topology_definitions)
    return virtual_host


@pytest.fixture
def mongo_database(monkeypatch: pytest.MonkeyPatch) -> Iterator[Database[dict[str, Any]]]:
    """Yield a fresh database with a name of its own, MONGODB_DATABASE during the test; drop it after."""
    client = mongo.connect(_setting("MONGODB_URI"))
    name = f"test_{uuid4().hex[:16]}"
    monkeypatch.setenv("MONGODB_DATABASE", name)
    try:
        yield client[name]
    finally:
        with pymongo.timeout(DROPPED_WITHIN_S):
            client.drop_database(name)
        client.close()


def empty(amqp_uri: str, definitions: topology.Definitions) -> None:
    """Take every message that waits in the queues of `definitions`."""
    connection = bus.connect(amqp_uri, name="test", timeout_s=60)
    try:
        channel: Any = connection.channel()
        for queue in definitions["queues"]:
            try:
                channel.queue_purge(queue["name"])
            except amqp.NotFound:
                channel = connection.channel()
    finally:
        connection.close()


def delete_queues(amqp_uri: str, definitions: topology.Definitions) -> None:
    """Delete the queues of `definitions`, which an earlier run may have declared otherwise."""
    connection = bus.connect(amqp_uri, name="test", timeout_s=60)
    try:
        channel: Any = connection.channel()
        for queue in definitions["queues"]:
            channel.queue_delete(queue["name"])
    finally:
        connection.close()


def _of_virtual_host(definitions: topology.Definitions, name: str, user: str) -> topology.Definitions:
    """Return the definitions as those of one virtual host, in which `user` may do everything."""
    placed = {
        kind: [{**each, "vhost": name} for each in definitions[kind]]
        for kind in ("policies", "exchanges", "queues", "bindings")
    }
    everything = {"user": user, "vhost": name, "configure": ".*", "write": ".*", "read": ".*"}
    return {"vhosts": [{"name": name}], "permissions": [everything], **placed}


def _setting(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        pytest.fail(f"set {name} to run this test", pytrace=False)
    return value


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=120)  # noqa: S603 - from RABBITMQCTL
