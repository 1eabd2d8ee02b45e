"""Sockets that say a byte now and then keep nobody waiting; for long: `tests.loads.slow_sockets`."""

import pytest
import requests

from chassis.testing.waiting import eventually
from deploy.local.programs import GATEWAY_THREADS, GATEWAY_WORKERS
from tests.journeys.people import TIMEOUT_S, Person
from tests.loads.slow_sockets import SlowSockets, family, probe

MANY = 60
MORE_THAN_THREADS = GATEWAY_WORKERS * GATEWAY_THREADS + 12
LOOKS = 20
BEFORE = {"GUNICORN_CMD_ARGS": "--worker-class gthread"}
NOBODY_S = 5


@pytest.fixture
def reader(stack, households):
    return Person.logged_in(stack.gateway_url, next(households).guardians[0].email)


def test_families_and_probes_are_served_while_sockets_are_slow(stack, reader):
    with (
        SlowSockets(stack.gateway_url, MANY),
        probe(stack.gateway_url) as probing,
        family(reader) as looking,
    ):
        eventually(lambda: min(len(probing.took_s), len(looking.took_s)) >= LOOKS)
    assert probing.wrong + looking.wrong == []


def test_past_the_front_the_gateway_ends_whoever_is_slow(stack):
    with SlowSockets(stack.own_gateway_url, MORE_THAN_THREADS) as slow:
        assert requests.get(f"{stack.own_gateway_url}/healthz", timeout=TIMEOUT_S).ok
        eventually(lambda: slow.closed_count >= MORE_THAN_THREADS)


def test_a_gateway_with_neither_front_nor_deadlines_is_stopped_by_them(stack):
    """The control: such sockets did stop the gateway."""
    stack.restart("gateway", env=BEFORE)
    try:
        slow = SlowSockets(stack.own_gateway_url, MORE_THAN_THREADS, "bodies")
        with slow, pytest.raises(requests.Timeout):
            requests.get(f"{stack.own_gateway_url}/healthz", timeout=NOBODY_S)
    finally:
        stack.restart("gateway")
