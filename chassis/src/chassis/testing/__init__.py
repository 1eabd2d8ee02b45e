"""What tests of services stand on: real brokers and databases, containers in the test's own process.

Load the plugin `chassis.testing.patch` first (`-p chassis.testing.patch`) in every pytest process that runs a
container. The names below are loaded when they are asked for: importing the plugin imports this package, and
nothing that opens sockets may be imported before the plugin has patched it.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chassis.testing.calls import Caller, person
    from chassis.testing.containers import running
    from chassis.testing.fixed import FrozenClock, SequentialIds
    from chassis.testing.waiting import eventually

__all__ = ["Caller", "FrozenClock", "SequentialIds", "eventually", "person", "running"]

_HOMES = {
    "Caller": "calls",
    "FrozenClock": "fixed",
    "SequentialIds": "fixed",
    "eventually": "waiting",
    "person": "calls",
    "running": "containers",
}


def __getattr__(name: str) -> object:
    """Return what a name stands for, and load its module."""
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
