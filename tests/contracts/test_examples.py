"""Every message of every service has a golden example, and every example is what its schema says."""

import ast
import json
import shutil

import pytest

from chassis.testing import golden
from deploy.rabbitmq.generate import SERVICES
from tests.contracts import language


def faults(service, folder=None):
    contract = language.contract_of(service)
    given = folder or golden.folder_of(contract)
    return golden.faults(given, language.class_of(service), contract.EVENTS, contract.REFUSALS)


@pytest.mark.parametrize("service", SERVICES)
def test_every_message_has_an_example_that_is_what_its_schema_says(service):
    assert faults(service) == []


@pytest.fixture
def copied(tmp_path):
    """The examples of booking, to be spoiled."""
    shutil.copytree(language.folder_of("booking") / "v1", tmp_path / "v1")
    return tmp_path


def spoil(folder, file, changes):
    path = folder / "v1" / f"{file}.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(told | changes), encoding="utf-8")


@pytest.mark.parametrize("name", ["confirm.request", "confirm.reply", "seat_lost.event", "not_found.refusal"])
def test_a_message_without_its_example_is_found(copied, name):
    (copied / "v1" / f"{name}.json").unlink()
    assert f"v1/{name}: no example" in faults("booking", copied)


def test_an_example_of_nothing_is_found(copied):
    (copied / "v2").mkdir()
    (copied / "v2" / "seat_given.event.json").write_text("{}")
    assert faults("booking", copied) == ["v2/seat_given.event: an example of nothing"]


@pytest.mark.parametrize(
    ("name", "changes", "fault"),
    [
        ("confirm.request", {"price_cents": 0}, "{'price_cents': ['Unknown field.']}"),
        ("confirm.request", {"draft_id": None}, "{'draft_id': ['Field may not be null.']}"),
        ("seat_lost.event", {"version": 2}, "of another name or version"),
        ("seat_lost.event", {"name": "seat_won"}, "of another name or version"),
        ("not_found.refusal", {"code": "missing"}, "not a refusal"),
        ("not_found.refusal", {"sorry": True}, "not a refusal"),
    ],
)
def test_an_example_that_its_schema_does_not_take_is_found(copied, name, changes, fault):
    spoil(copied, name, changes)
    assert f"v1/{name}: {fault}" in faults("booking", copied)


def test_a_field_that_an_example_leaves_out_is_found_though_it_is_optional(copied):
    path = copied / "v1" / "list_bookings.request.json"
    path.write_text(json.dumps({"limit": 50}), encoding="utf-8")
    assert "v1/list_bookings.request: ListBookingsRequest.child_id is left out" in faults("booking", copied)


def test_an_object_that_no_example_shows_is_found(copied):
    spoil(copied, "change_draft.reply", {"ignored": []})
    assert faults("booking", copied) == ["IgnoredMovement: no example shows one"]


@pytest.mark.parametrize("service", SERVICES)
def test_every_code_that_the_sources_refuse_with_is_published(service):
    refused = {
        call.args[0].value
        for path in language.sources_of(service)
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and getattr(call.func, "id", "") == "Refused"
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }
    # An event's handler refuses towards the retries of its queue; nobody is answered.
    only_heard = {"notify": {"not_found"}}.get(service, set())
    assert refused - only_heard <= set(language.contract_of(service).REFUSALS)
