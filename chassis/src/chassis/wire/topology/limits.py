"""The limits of queues, as policies: they can be changed on a running broker, where arguments stay for ever.

Each queue is under at most one policy, for the broker applies one only.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chassis.wire import bus
from chassis.wire.topology.names import back_exchange, dead_letters, wait_queue

RETRY_DELAYS_S = (1, 2, 4, 8)
EVENTS_MAX = 100_000
"""Messages per queue of events; what comes beyond is refused, and waits in its producer's outbox."""
REQUESTS_MAX = 5_000
DELIVERIES_MAX = 5
"""Deliveries that ended in a lost connection: a message that kills its reader is put among the dead."""

Policy = dict[str, Any]


def policies(services: Sequence[str]) -> Iterable[Policy]:
    """Yield the policies for the queues of these services, without their virtual host."""
    # A service that is down does not fill the broker's memory; its callers are told by their time-outs.
    requests = f"^{bus.rpc_queue('')}({'|'.join(map(re.escape, services))})$"
    yield _policy("requests", requests, {"max-length": REQUESTS_MAX, "overflow": "reject-publish"})
    for service in services:
        events = rf"^{re.escape(service)}\.[a-z_]+\.[a-z_]+$"
        yield _policy(
            f"{service}.events", events, {**_kept(dead_letters(service)), "delivery-limit": DELIVERIES_MAX}
        )
        for delay_s in RETRY_DELAYS_S:
            queue = wait_queue(service, delay_s)
            limits = {**_kept(back_exchange(service)), "message-ttl": delay_s * 1000}
            yield _policy(queue, f"^{re.escape(queue)}$", limits)


def limits_of(queue: str, given: Iterable[Policy]) -> Mapping[str, Any]:
    """Return the limits that the policies set for a queue; none when no policy fits it."""
    for policy in given:
        if re.search(policy["pattern"], queue):
            limits: Mapping[str, Any] = policy["definition"]
            return limits
    return {}


def _kept(dead_letter_exchange: str) -> dict[str, Any]:
    """Return limits that drop nothing: too much is refused, and what leaves, leaves once it has arrived."""
    return {
        "max-length": EVENTS_MAX,
        "overflow": "reject-publish",
        "dead-letter-exchange": dead_letter_exchange,
        "dead-letter-strategy": "at-least-once",
    }


def _policy(name: str, pattern: str, definition: dict[str, Any]) -> Policy:
    return {"name": name, "pattern": pattern, "apply-to": "queues", "priority": 0, "definition": definition}
