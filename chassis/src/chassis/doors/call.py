"""What a door works with: who asks, what they may reach, time, ids, stores, ports and the relay's bell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import inf
from typing import Any, Generic, Protocol, Self, TypeVar, cast

from chassis.values.actor import Actor
from chassis.values.clock import Clock, epoch_s
from chassis.values.context import Context, service_context
from chassis.values.errors import Refused
from chassis.values.event import Event
from chassis.values.ids import Ids
from chassis.values.scope import Scope

P = TypeVar("P")
S = TypeVar("S")


class Bell(Protocol):
    """The relay as a door sees it."""

    def wake(self) -> None:
        """Send at once what was written."""


class Timetable(Protocol):
    """The timers of this copy of the service as a door sees them."""

    def wake(self, name: str, within: timedelta = timedelta(0)) -> None:
        """Have the timer of this name run within this time: at once, unless told otherwise."""


class NoTimers:
    """The timers of a program that runs none: a command, or a test that does not ask."""

    def wake(self, name: str, within: timedelta = timedelta(0)) -> None:
        """Leave it to the copies of the service that run."""


@dataclass(frozen=True, slots=True)
class Tools(Generic[P]):
    """What a container gives to all its calls: the same for each of them.

    `stores` holds one store per class, as the service listed them; `ports` is the service's own bundle of
    what it needs of others.
    """

    service: str
    clock: Clock
    ids: Ids
    bell: Bell
    ports: P
    stores: Mapping[type, object]
    timers: Timetable = field(default_factory=NoTimers)


@dataclass(frozen=True, slots=True)
class Call(Generic[P]):
    """One use of a door: by a person, another service, an event or a timer.

    `context` is what was verified of the caller; `actor` is who acts, made once here and kept with all that
    follows.
    """

    tools: Tools[P]
    context: Context
    actor: Actor
    within: Scope | None

    @property
    def scope(self) -> Scope:
        """What the call may reach; without an organisation that is nothing: Refused("not_found")."""
        if self.within is None:
            raise Refused("not_found", "the context names no organisation")
        return self.within

    @property
    def family_id(self) -> str:
        """The family of the scope; a call that is no family's is Refused("not_found")."""
        if self.scope.family_id is None:
            raise Refused("not_found", "the account belongs to no family here")
        return self.scope.family_id

    @property
    def account_id(self) -> str:
        """The account of who asks, or for whom a service asks; without one Refused("not_found")."""
        account_id = self.context.account_id or self.context.on_behalf_of
        if account_id is None:
            raise Refused("not_found", "the call is no account's")
        return account_id

    @property
    def request_id(self) -> str:
        """The id under which all that follows from one request is logged and told."""
        return self.context.request_id

    @property
    def ports(self) -> P:
        """What the service needs of others."""
        return self.tools.ports

    @property
    def clock(self) -> Clock:
        """The container's clock."""
        return self.tools.clock

    @property
    def ids(self) -> Ids:
        """The container's source of ids."""
        return self.tools.ids

    @property
    def bell(self) -> Bell:
        """The relay, to be woken after a write that holds events."""
        return self.tools.bell

    @property
    def timers(self) -> Timetable:
        """The service's timers, to be woken by whoever leaves work to one of them."""
        return self.tools.timers

    def left_s(self) -> float:
        """For how many seconds the caller still listens; without an end where the caller named none."""
        deadline = self.context.deadline
        return inf if deadline is None else deadline.timestamp() - epoch_s()

    def now(self) -> datetime:
        """The instant, in UTC; every look may give a later one."""
        return self.tools.clock.now()

    def store(self, kind: type[S]) -> S:
        """The container's one store of this class; a test puts a fake in its place."""
        return cast("S", self.tools.stores[kind])

    def as_service(self) -> Context:
        """The context in which this service asks another on the call's behalf, carrying the actor on."""
        return self.context.as_service(self.tools.service, self.actor)

    def acting_for(
        self,
        organisation_id: str,
        *,
        family_id: str | None = None,
        request_id: str = "",
        on_behalf_of: str | None = None,
        actor: Actor | None = None,
    ) -> Self:
        """The call by which a timer or a sweeper goes on with what somebody has begun and left."""
        actor = actor or Actor("service", on_behalf_of=on_behalf_of, for_family_id=family_id)
        context = service_context(self.tools.service, organisation_id, request_id, on_behalf_of, actor)
        return replace(
            self,
            context=replace(context, family_id=family_id),
            actor=actor,
            within=Scope(organisation_id, family_id),
        )


MakePorts = Callable[[Any], P]
"""Makes a service's ports of the worker, which holds the providers that were injected."""


def call_of_event(tools: Tools[P], event: Event) -> Call[P]:
    """The call in which a handler works: in the event's organisation, with the actor that the event names."""
    actor = event.actor or Actor("service")
    context = replace(event.context(tools.service), actor=actor)
    return Call(tools, context, actor, Scope(event.organisation_id))


def call_of_timer(tools: Tools[P]) -> Call[P]:
    """The call in which a timer works: by the service itself, and in no organisation until `acting_for`."""
    actor = Actor("service")
    return Call(tools, service_context(tools.service, None, "", actor=actor), actor, None)
