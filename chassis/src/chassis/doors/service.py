"""A service made of its doors: `service("booking", modules, …)` is the class that nameko runs.

A door is a module-level function: `(call, request) → reply` under `rpc`, `(call, event)` under `on_event`,
`(call, events)` under `on_events`, `(call) → within which time again` under `every`. No method hands over to
a function of its name.
"""

from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any

from nameko.extensions import DependencyProvider, Entrypoint, register_entrypoint

from chassis.doors.call import Call, MakePorts, Tools, call_of_event, call_of_timer
from chassis.doors.capabilities import Roles
from chassis.doors.events import EventHandler
from chassis.doors.gauges import Gauges
from chassis.doors.providers import ClockProvider, IdsProvider
from chassis.doors.rpc import RpcDoor
from chassis.doors.timers import Timers
from chassis.running.gauges import Gauged
from chassis.storage.mongo import Mongo, StoreClass, Stores
from chassis.storage.outbox import EventType, Relay
from chassis.storage.outbox.sources import Source

Door = Callable[..., Any]


def service(  # noqa: PLR0913 - one of each part of a service
    name: str,
    modules: Sequence[ModuleType],
    *,
    stores: Sequence[StoreClass],
    events: Mapping[str, EventType],
    sources: Sequence[Source],
    gauges: Sequence[type[Gauged]] = (),
    roles: Roles | None = None,
    providers: Mapping[str, DependencyProvider] | None = None,
    ports: MakePorts[Any] = lambda _worker: None,
) -> type[Any]:
    """The class of the service `name`, with a method for each door that one of `modules` defines.

    `stores` are the store classes of its nouns, low to high; each is made once of the database and has its
    indexes ensured at the start. `events` and `sources` are the relay's. `gauges` names those of `stores`
    that have some. `roles` gives each role its capabilities. `providers` are injected into the worker under
    their names, and `ports` makes of it what doors find as `call.ports`. Raises TypeError for two doors of
    one name.
    """
    members: dict[str, Any] = {
        "name": name,
        "roles": roles or {},
        "store": Mongo(Stores(stores)),
        "relay": Relay(events=events, sources=sources),
        "clock": ClockProvider(),
        "ids": IdsProvider(),
        "timers": Timers(),
        "gauges": Gauges(gauges),
        "tools": _tools_of(name, ports),
        **(providers or {}),
    }
    for module in modules:
        for door in doors_of(module):
            if door.__name__ in members:
                raise TypeError(f"{name} has two doors, or a door and a part, called {door.__name__}")
            members[door.__name__] = _method(door)
    return type(name.capitalize(), (), {"__doc__": f"The service {name}.", "__module__": __name__, **members})


def doors_of(module: ModuleType) -> list[Door]:
    """The doors that `module` itself defines, in the order in which they stand there."""
    return [
        each
        for each in vars(module).values()
        if getattr(each, "nameko_entrypoints", None) and each.__module__ == module.__name__
    ]


def _tools_of(name: str, ports: MakePorts[Any]) -> Callable[[Any], Tools[Any]]:
    def tools(worker: Any) -> Tools[Any]:
        """What this container gives to all its calls."""
        return Tools(name, worker.clock, worker.ids, worker.relay, ports(worker), worker.store, worker.timers)

    return tools


def _method(door: Door) -> Door:
    """The method by which nameko reaches `door`: it makes the call that the door works with."""
    (entrypoint,) = vars(door)["nameko_entrypoints"]
    method = _adapter(door, entrypoint)
    method.__name__, method.__doc__, method.__module__ = door.__name__, door.__doc__, door.__module__
    register_entrypoint(method, entrypoint)
    return method


def _adapter(door: Door, entrypoint: Entrypoint) -> Door:
    if isinstance(entrypoint, RpcDoor):
        needs = entrypoint.needs

        def answer(worker: Any, context: Any, request: Any) -> Any:
            scope = needs.scope(context, worker.roles)
            return door(Call(worker.tools(), context, needs.actor(context), scope), request)

        return answer
    if isinstance(entrypoint, EventHandler):

        def hear(worker: Any, heard: Any) -> None:
            door(call_of_event(worker.tools(), heard[0] if isinstance(heard, list) else heard), heard)

        return hear

    def run(worker: Any) -> Any:
        return door(call_of_timer(worker.tools()))

    return run
