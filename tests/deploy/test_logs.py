"""The logs of the database and of the broker hold no name of anybody, however slow or wrong a request was."""

import json
import subprocess
import time

import amqp
import pytest
from pymongo import MongoClient
from pymongo.errors import DuplicateKeyError, ExecutionTimeout

from chassis.wire import bus
from deploy.local.infrastructure import Infrastructure
from deploy.local.layout import ROOT
from deploy.local.mongod import LOG_FILTER, NO_SLOW_LOG
from deploy.local.readiness import wait_until
from tests.deploy import composed

NAME = "Quentin-Invente"
TURNS = 1_000_000
SLOW_S = 0.2
"""Twice as long as mongod, unless it is told otherwise, lets an operation take before it logs it."""


@pytest.fixture(scope="module")
def parts():
    with Infrastructure("test-deploy-logs", fresh=True) as running:
        yield running


@pytest.fixture
def since(parts):
    """How long the logs are when a test begins."""
    return {path: path.stat().st_size for path in logs(parts)}


@pytest.fixture
def children(parts):
    with MongoClient(parts.mongodb_uri) as client:
        found = client["family"]["children"]
        found.delete_many({})
        yield found


def logs(parts):
    """All files in which broker and database write down what happens."""
    return [
        path
        for path in sorted(parts.directory.rglob("*"))
        if path.is_file() and (path.suffix in {".log", ".out"} or ".log." in path.name)
    ]


def logged(parts, before=None):
    """What was written to them so far, or since `before`: their lengths then."""
    written = ""
    for path in logs(parts):
        with path.open("rb") as file:
            file.seek((before or {}).get(path, 0))
            written += file.read().decode(errors="replace")
    return written


def slow(name):
    """A filter that takes its time over every document."""
    turns = {"$range": [0, "$turns"]}
    adding = {"$reduce": {"input": turns, "initialValue": 0, "in": {"$add": ["$$value", 1]}}}
    return {"name": name, "$expr": {"$gt": [adding, 0]}}


def search_slowly(children):
    """Look for a name in a way that takes longer than the log of slow operations would allow."""
    children.insert_many([{"name": NAME, "turns": TURNS} for _ in range(3)])
    began = time.monotonic()
    while time.monotonic() - began < SLOW_S:
        children.find_one_and_update(slow(NAME), {"$set": {"seen_by": NAME}})
        assert children.count_documents(slow(NAME)) == 3


def test_a_slow_operation_is_not_logged_with_what_it_looks_for(parts, since, children):
    search_slowly(children)
    assert "Waiting for connections" in logged(parts)
    assert "Slow query" not in logged(parts, since)
    assert NAME not in logged(parts, since)


def test_neither_is_one_that_was_refused_or_ended(parts, since, children):
    children.insert_many([{"_id": name, "name": NAME, "turns": TURNS} for name in (NAME, "another")])
    with pytest.raises(DuplicateKeyError):
        children.insert_one({"_id": NAME})
    with pytest.raises(DuplicateKeyError):
        children.create_index("name", unique=True)
    with pytest.raises(ExecutionTimeout):
        children.find_one(slow(NAME), max_time_ms=20)
    with pytest.raises(ExecutionTimeout):
        children.find_one_and_update(slow(NAME), {"$set": {"seen_by": NAME}}, maxTimeMS=20)
    wait_until(lambda: "Plan executor error" in logged(parts, since), "mongod's own word", 30)
    assert NAME not in logged(parts, since)


def test_were_slow_ones_logged_it_would_be_without_what_they_look_for(parts, since, children):
    """Positive control: the same search on the same mongod, told to log what takes long."""
    admin = children.database.client.admin
    before = admin.command("profile", 0, slowms=50, sampleRate=1.0)
    search_slowly(children)
    admin.command("profile", 0, slowms=before["slowms"], sampleRate=before["sampleRate"])
    wait_until(lambda: "Slow query" in logged(parts, since), "mongod's own word", 30)
    assert NAME not in logged(parts, since)


LINE = (
    '{"t":{"$date":"2026-11-30T16:18:56.027+00:00"},"s":"W",  "c":"%s",    "id":1,   "ctx":"conn17",'
    '"msg":"Something happened","attr":{"error":{"code":50},"cmd":{"filter":{"name":"Quentin-Invente"}}}}\n'
)
ABOUT = {"QUERY": False, "COMMAND": False, "WRITE": False, "INDEX": False, "TXN": False, "NETWORK": True}


@pytest.mark.parametrize(("component", "kept"), ABOUT.items())
def test_what_may_quote_a_query_loses_what_belongs_to_it(component, kept):
    told = subprocess.run(
        ["sed", "--regexp-extended", "--file", LOG_FILTER],
        input=LINE % component,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    line = json.loads(told)
    assert (NAME in told) is kept
    assert (line["c"], line["id"], line["msg"]) == (component, 1, "Something happened")


def test_the_database_in_containers_is_told_the_same():
    told = (ROOT / "deploy" / "compose" / "mongod.sh").read_text(encoding="utf-8")
    assert " ".join(NO_SLOW_LOG) in told
    [mounted] = [
        each for each in composed.composed()["services"]["mongodb"]["volumes"] if "sed" in each["source"]
    ]
    assert ROOT / mounted["source"] == LOG_FILTER
    assert f"--file {mounted['target']}" in told


def test_what_goes_wrong_at_the_broker_is_logged_without_what_was_sent(parts, since):
    connection = bus.connect(parts.amqp_uris["family"], name="family looks", timeout_s=10)
    message = amqp.Message(NAME, message_id=NAME, application_headers={"who": NAME})
    connection.channel().basic_publish(message, "family.events", "child_changed")
    channel = connection.channel()
    channel.basic_publish(message, "billing.events", "payment_settled")
    with pytest.raises(amqp.AccessRefused):
        channel.queue_declare("family.dead", passive=True)
    connection.collect()
    wait_until(
        lambda: "access to exchange 'billing.events'" in logged(parts, since), "the broker's own word", 30
    )
    assert NAME not in logged(parts, since)
