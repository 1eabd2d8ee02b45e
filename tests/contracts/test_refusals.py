"""Refusals, both ways: what is published can be raised, and what can be raised is published and told."""

import ast

import pytest

from deploy.rabbitmq.generate import SERVICES
from gateway.errors import STATUSES
from gateway.errors.problems import CODES_BY_STATUS
from tests.contracts import asking_gateway, language
from tests.gateway.samples import ROUTES

CHASSIS = language.ROOT / "chassis" / "src"
GATEWAY = language.ROOT / "gateway" / "src"
# The codes that a service doesn't refuse with by name, but as one of its rules says.
COMPUTED = {
    "billing": {
        "no_tariff",
        "no_wallet",
        "not_found",
        "conflict",
        "idempotency_mismatch",
        "nothing_due",
        "payment_being_checked",
        "hold_expired",
    },
    "booking": {"draft_empty", "review_stale"},
}
# Silence, overload and breakdowns: no refusals, but told in the same way.
FAULTS = {"unavailable", "overloaded", "internal"}
# Codes of a service that ends what another one asks of it: the route by which a reader meets them.
HANDED_ON = {"billing": {"no_tariff": "review_draft", "no_wallet": "review_draft"}}
# Codes that only other services are answered with, or the retries of a queue.
BETWEEN_SERVICES = {"billing": {"conflict"}, "notify": {"not_found"}}
# Codes of doors for staff, whose routes are still to come.
FOR_STAFF = {"identity": {"conflict", "low_contrast"}, "family": {"conflict"}, "notify": {"conflict"}}


def refusals_in(paths):
    """Return the codes that programs refuse with by name, and whether some are computed."""
    named, computed = set(), False
    for path in paths:
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Refused" and call.args:
                code = call.args[0]
                either = [code.body, code.orelse] if isinstance(code, ast.IfExp) else [code]
                named |= {each.value for each in either if isinstance(each, ast.Constant)}
                computed |= isinstance(code, ast.Name | ast.Attribute)
    return named, computed


def texts_in(paths):
    """Return every text that stands in the programs by itself."""
    return {
        node.value
        for path in paths
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def raised_by(service):
    return refusals_in(language.sources_of(service))[0] | COMPUTED.get(service, set())


def raised_by_every_door():
    return refusals_in(CHASSIS.rglob("*.py"))[0]


def published_by(service):
    return set(language.contract_of(service).REFUSALS)


def documented():
    """Return the codes of each operation of the OpenAPI document."""
    spec = asking_gateway.specification()
    return {
        operation["operationId"]: {
            code
            for status, answer in operation["responses"].items()
            if status >= "4"
            for code in answer["description"].partition(": ")[2].split(", ")
        }
        for operations in spec["paths"].values()
        for method, operation in operations.items()
        if method != "parameters"
    }


def operations_that_ask(service):
    spec = asking_gateway.specification()
    return {
        spec["paths"]["/api/v1" + route.rule][route.method.lower()]["operationId"]
        for route in ROUTES
        if route.call.startswith(f"{service}.")
    }


@pytest.mark.parametrize("service", SERVICES)
def test_what_a_service_publishes_it_can_raise(service):
    assert published_by(service) - raised_by(service) - raised_by_every_door() == set()


@pytest.mark.parametrize("service", SERVICES)
def test_what_a_service_computes_is_known_and_stands_in_its_sources(service):
    assert refusals_in(language.sources_of(service))[1] == (service in COMPUTED)
    assert COMPUTED.get(service, set()) <= texts_in(language.sources_of(service))


def test_the_gateway_has_a_sentence_for_what_can_be_raised_and_for_nothing_else():
    services = set().union(*(published_by(service) for service in SERVICES))
    own = refusals_in(GATEWAY.rglob("*.py"))[0]
    assert set(STATUSES) == services | own | set(CODES_BY_STATUS.values()) | FAULTS | raised_by_every_door()


@pytest.mark.parametrize("service", SERVICES)
def test_what_a_route_documents_the_service_that_it_asks_can_raise(service):
    told = documented()
    general = set.intersection(*told.values()) | set(CODES_BY_STATUS.values()) | raised_by_every_door()
    own = refusals_in(GATEWAY.rglob("*.py"))[0]
    handed_on = {(operation, code) for codes in HANDED_ON.values() for code, operation in codes.items()}
    surplus = {
        (operation, code)
        for operation in operations_that_ask(service)
        for code in told[operation] - published_by(service) - general - own
    }
    assert surplus - handed_on == set()


@pytest.mark.parametrize("service", SERVICES)
def test_what_a_service_can_raise_some_route_to_it_documents(service):
    told = documented()
    asked = set().union(*(told[operation] for operation in operations_that_ask(service)))
    handed_on = {code for code, operation in HANDED_ON.get(service, {}).items() if code in told[operation]}
    elsewhere = BETWEEN_SERVICES.get(service, set()) | FOR_STAFF.get(service, set())
    assert published_by(service) - asked - handed_on - elsewhere == set()
