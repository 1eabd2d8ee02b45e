"""Ports on the loopback address: chosen free, and remembered by the stacks that come back.

They are taken below the range from which the kernel serves outgoing connections, so that no connection
of a neighbour slips into a port between its choice and its use.
"""

import json
import random
import socket
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

from deploy.local.layout import write_private

LOOPBACK = "127.0.0.1"
_FIRST, _LAST = 15_000, 31_999
_ATTEMPTS_MAX = 200


class NoFreePortError(Exception):
    """No port could be had; the message names the one that was asked for, if one was."""


def is_free(port: int) -> bool:
    """Say whether a program could listen on `port` of the loopback address now."""
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def _pick(taken: Iterable[int]) -> int:
    chance = random.SystemRandom()
    for _ in range(_ATTEMPTS_MAX):
        port = chance.randint(_FIRST, _LAST)
        if port not in taken and is_free(port):
            return port
    raise NoFreePortError(f"no free port between {_FIRST} and {_LAST}")


def choose(names: Iterable[str], fixed: Mapping[str, int], remembered_in: Path) -> dict[str, int]:
    """Give each name a port: the fixed one, else the one remembered if it is still free, else a new one.

    Raises NoFreePortError when a fixed port is in use.
    """
    remembered: dict[str, int] = {}
    if remembered_in.exists():
        remembered = json.loads(remembered_in.read_text(encoding="utf-8"))
    ports: dict[str, int] = {}
    for name in names:
        if name in fixed:
            if not is_free(fixed[name]):
                raise NoFreePortError(f"port {fixed[name]} for {name} is in use")
            ports[name] = fixed[name]
            continue
        port = remembered.get(name)
        taken = {*ports.values(), *fixed.values()}
        ports[name] = port if port and port not in taken and is_free(port) else _pick(taken)
    write_private(remembered_in, json.dumps(ports, indent=1))
    return ports


def answers(port: int) -> bool:
    """Say whether something listens on `port`."""
    with closing(socket.socket()) as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((LOOPBACK, port)) == 0
