"""Faults of the broker that its administrator could meet: no room on its disk, or in one queue."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

from chassis.testing.waiting import eventually
from chassis.wire import bus
from deploy.local import broker, topology
from deploy.local.stack import Stack
from tests.chaos.faults.programs import BACK_WITHIN_S, Proof, said

MORE_THAN_ANY_DISK = str(2**60)
QUEUE = "notify.booking.confirmation_answered"
QUEUE_MAX = 3
_POLICY = "too-small"


@contextmanager
def out_of_disk(stack: Stack) -> Iterator[Proof]:
    """Make the broker believe that its disk is full: it reads no more from who publishes."""
    stack.control_broker("set_disk_free_limit", MORE_THAN_ANY_DISK)

    def proof() -> str:
        blocked = _blocked(stack)
        assert blocked
        return f"the alarm is on, {blocked} connections are blocked"

    try:
        yield proof
    finally:
        stack.control_broker("set_disk_free_limit", broker.HEADROOM)


@contextmanager
def queue_full(stack: Stack) -> Iterator[Proof]:
    """Let one queue hold next to nothing while its reader is away; the broker refuses what comes beyond."""
    refused = _backed_off(stack)
    stack.stop_program("notify")
    limits = json.dumps({"max-length": QUEUE_MAX, "overflow": "reject-publish"})
    where = ("-p", topology.VIRTUAL_HOST)
    policy = (_POLICY, f"^{re.escape(QUEUE)}$", limits, "--apply-to", "queues", "--priority", "10")
    stack.control_broker("set_policy", *where, *policy)

    def proof() -> str:
        waiting, nacked = _messages(stack), _backed_off(stack) - refused
        assert waiting >= QUEUE_MAX
        assert nacked > 0
        return f"{waiting} messages in the queue, booking was refused {nacked} times"

    try:
        yield proof
    finally:
        stack.control_broker("clear_policy", *where, _POLICY)
        stack.start_program("notify")
        eventually(lambda: stack.is_ready("notify"), BACK_WITHIN_S)


def _backed_off(stack: Stack) -> int:
    return said(stack, "booking", "event_backed_off", "confirmation_answered", "no queue took it")


def _messages(stack: Stack) -> int:
    connection = bus.connect(stack.amqp_uri, name="chaos", timeout_s=10)
    try:
        return int(connection.channel().queue_declare(QUEUE, passive=True).message_count)
    finally:
        connection.close()


def _blocked(stack: Stack) -> int:
    states = stack.control_broker("list_connections", "state").split()
    return sum(state in ("blocked", "blocking") for state in states)
