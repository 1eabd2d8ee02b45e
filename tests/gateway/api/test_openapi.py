"""The specification: valid, committed, complete."""

import json
from pathlib import Path

import pytest
import schemathesis
from jsonschema import Draft202012Validator

from gateway import openapi

COMMITTED = Path(__file__).parents[3] / "gateway" / "openapi.json"
METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture
def spec(app):
    return app.extensions["openapi"]


def operations(spec):
    for path, entries in spec["paths"].items():
        for method in METHODS & entries.keys():
            yield path, method, entries[method]


def test_the_committed_document_is_current():
    assert COMMITTED.read_text(encoding="utf-8") == openapi.document(), "run python -m gateway.openapi"


def test_the_document_that_is_served_is_the_committed_one(visitor):
    assert visitor.get("/api/v1/openapi.json").get_json() == json.loads(COMMITTED.read_text(encoding="utf-8"))


def test_the_document_is_valid_openapi_3_1(spec):
    assert spec["openapi"].startswith("3.1")
    loaded = schemathesis.openapi.from_dict(json.loads(json.dumps(spec)))
    loaded.validate()
    found = [result.ok() for result in loaded.get_all_operations()]
    assert len(found) == len(list(operations(spec)))
    for schema in spec["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_operation_documents_its_problems(spec):
    for path, method, operation in operations(spec):
        problems = {int(status): answer for status, answer in operation["responses"].items() if status >= "4"}
        assert {400, 500, 503} <= problems.keys(), (path, method)
        if operation.get("security"):
            assert {401, 403} <= problems.keys(), (path, method)
        if "{" in path:
            assert 404 in problems, (path, method)
        if "requestBody" in operation:
            assert {413, 415, 422} <= problems.keys(), (path, method)
        for answer in problems.values():
            assert list(answer["content"]) == ["application/problem+json"]


def test_every_operation_has_a_summary_and_a_name_of_its_own(spec):
    names = [operation["operationId"] for _, _, operation in operations(spec)]
    assert len(names) == len(set(names))
    assert all(operation["summary"].endswith(".") for _, _, operation in operations(spec))


def test_what_books_cancels_or_pays_documents_its_key(spec):
    keyed = {
        path
        for path, _, operation in operations(spec)
        if any(parameter["name"] == "Idempotency-Key" for parameter in operation.get("parameters", []))
    }
    assert keyed == {
        "/api/v1/drafts/{draft_id}/confirmation",
        "/api/v1/bookings/{booking_id}/cancellation",
        "/api/v1/payments",
    }


def test_no_answer_holds_cents_or_a_floating_point_number(spec):
    for name, schema in spec["components"]["schemas"].items():
        for field, described in schema.get("properties", {}).items():
            assert not field.endswith("_cents"), (name, field)
            assert described.get("type") != "number", (name, field)
