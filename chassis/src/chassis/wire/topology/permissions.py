"""What each user of the broker may do; everything else is refused."""

import re
from collections.abc import Sequence

from chassis.wire import bus
from chassis.wire.topology.names import bell_queue
from chassis.wire.topology.services import Service


def permissions(user: str, is_service: bool) -> dict[str, str]:  # noqa: FBT001 - read where it is called
    """Return what a user may configure (queues of one connection), write to and read: its own, and calls."""
    passing = [rf"{re.escape(bus.reply_queue(user, ''))}.*"]
    rpc = re.escape(bus.RPC_EXCHANGE)
    own = re.escape(user)
    writes, reads = [rpc], [rpc]
    if is_service:
        passing.append(rf"{re.escape(bell_queue(user, ''))}.*")
        writes.append(rf"{own}\.(events|wait|back|dead|bell)")
        reads += [re.escape(bus.rpc_queue(user)), rf"{own}\.(dead|bell)", rf"{own}\.[a-z_]+\.[a-z_]+"]
    return {
        "configure": _any_of(passing),
        "write": _any_of([*writes, *passing]),
        "read": _any_of([*reads, *passing]),
    }


def topic_permission(user: str, services: Sequence[Service], vhost: str) -> dict[str, str]:
    """Return which calls a user may make, and that it may bind no queue but to its own replies."""
    calls = [
        re.escape(f"{service.name}.{method}")
        for service in services
        for method, issuers in sorted(service.accepts.items())
        if user in issuers
    ]
    if any(service.accepts for service in services if service.name == user):
        calls.append(r"reply\..*")
    own_replies = rf"{re.escape(bus.reply_key(user, ''))}.*"
    return {
        "user": user,
        "vhost": vhost,
        "exchange": bus.RPC_EXCHANGE,
        "write": _any_of(calls),
        "read": _any_of([own_replies]),
    }


def _any_of(patterns: Sequence[str]) -> str:
    return f"^({'|'.join(patterns)})$"
