"""The catalogue of messages: as the contracts are, valid AsyncAPI, and true of what travels."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from jsonschema import Draft7Validator

from chassis.values.actor import Actor
from chassis.values.errors import Failed, Refused, Unavailable
from chassis.values.event import Event, packed
from chassis.wire import topology
from deploy.messages import asyncapi, generate, language
from deploy.rabbitmq.generate import read_services

SPECIFICATION = Path(__file__).with_name("asyncapi") / "3.0.0.json"


@pytest.fixture(scope="module")
def document():
    return asyncapi.document(language.read())


@pytest.fixture(scope="module")
def specification():
    return Draft7Validator(json.loads(SPECIFICATION.read_text(encoding="utf-8")))


def takes(document, message):
    """What a message of the catalogue may hold, as a check."""
    payload = document["components"]["messages"][message]["payload"]
    return Draft7Validator({**payload, "components": document["components"]})


def event(**changed):
    known = {
        "id": "e-1",
        "name": "seat_promoted",
        "version": 1,
        "organisation_id": "o-1",
        "aggregate_id": "a-1",
        "sequence": 1,
        "occurred_at": datetime(2026, 11, 10, 8, tzinfo=UTC),
        "causation_id": None,
        "correlation_id": "r-1",
        "data": shown("services/booking/contract/v1/seat_promoted.event.json")["data"],
    }
    return Event(**known | changed)


def shown(path):
    return json.loads((language.ROOT / path).read_text(encoding="utf-8"))


def references(part):
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from references(each)


def leads_to(document, reference):
    found = document
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def test_the_committed_catalogue_is_what_the_contracts_say():
    outcome = CliRunner().invoke(generate.main, ["--check"])
    assert outcome.exit_code == 0, outcome.output


def test_a_page_that_nothing_makes_is_stale(tmp_path):
    for name, text in generate.generate().items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert generate.stale(tmp_path) == []
    (tmp_path / "forgotten.md").write_text("", encoding="utf-8")
    assert generate.stale(tmp_path) == ["forgotten.md"]


def test_the_document_is_valid_asyncapi(document, specification):
    assert [f"{error.json_path}: {error.message}" for error in specification.iter_errors(document)] == []


@pytest.mark.parametrize(
    "broken",
    [
        {"operations": {"one": {"action": "shout", "channel": {"$ref": "#/channels/one"}}}},
        {"channels": {"one": {"address": 1}}},
        {"info": {"title": "no version"}},
        {"unknown": {}},
    ],
    ids=lambda broken: next(iter(broken)),
)
def test_the_check_would_see_a_document_that_is_not(document, specification, broken):
    assert not specification.is_valid({**document, **broken})


def test_every_reference_leads_somewhere(document):
    for reference in set(references(document)):
        assert leads_to(document, reference) is not None


def test_an_operation_carries_messages_of_its_own_channel_alone(document):
    for operation in document["operations"].values():
        channel = operation["channel"]["$ref"]
        assert all(message["$ref"].startswith(f"{channel}/messages/") for message in operation["messages"])


def test_every_method_and_every_queue_of_the_broker_is_described(document):
    services = read_services()
    methods = {f"{service.name}.{method}" for service in services for method in service.accepts}
    queues = {
        topology.event_queue(service.name, producer, heard)
        for service in services
        for producer, heard in service.hears
    }
    operations = document["operations"]
    assert {name for name, operation in operations.items() if "reply" in operation} == methods
    assert {operation["x-queue"] for operation in operations.values() if "x-queue" in operation} == queues


def test_every_golden_example_is_as_its_message_is_described(document):
    for name, message in document["components"]["messages"].items():
        example = shown(message["x-example"])
        if name.endswith(".request"):
            body = {"args": [], "kwargs": example}
        elif name.endswith(".reply"):
            body = {"result": example, "error": None}
        else:
            body = json.loads(event(**example).encode())
        errors = [error.message for error in takes(document, name).iter_errors(body)]
        assert errors == [], name


def test_an_unknown_field_is_not_as_described(document):
    body = {"args": [], "kwargs": shown("services/booking/contract/v1/confirm.request.json") | {"more": 1}}
    assert not takes(document, "booking.confirm.request").is_valid(body)


@pytest.mark.parametrize(
    "error",
    [
        Refused("malformed", "no", errors=[{"pointer": "/day", "messages": ["Not a valid date."]}]),
        Refused("too_many_attempts", retry_after_s=60),
        Unavailable("timeout"),
        Failed("KeyError"),
    ],
    ids=str,
)
def test_every_error_travels_as_described(document, error):
    body = {"result": None, "error": error.to_wire()}
    assert takes(document, "booking.confirm.reply").is_valid(body)


@pytest.mark.parametrize(
    "told",
    [
        event(),
        event(actor=Actor("agent", "a", "m", "f", "o", "r")),
        event(actor=Actor("service")),
        event(newer={"2": {}}),
    ],
    ids=["plain", "whole actor", "bare actor", "newer"],
)
def test_every_envelope_travels_as_described(document, told):
    one = told.encode()
    for _, body in (*packed([one]), *packed([one, one])):
        assert takes(document, "booking.seat_promoted.v1").is_valid(json.loads(body))
