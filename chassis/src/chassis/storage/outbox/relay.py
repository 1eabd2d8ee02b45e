"""The relay: sends what waits in a service's sources, at least once, and marks it.

A writer wakes the relay of its own copy. Where another copy holds the lease, that relay rings the bell that
all copies hear (`chassis.wire.bell`). Whatever is rung or not, each relay looks by itself every two seconds.

Where events wait is in `sources`, how one source is sent in `sending`; how a batch is published and confirmed
is in `chassis.wire.publisher`.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from eventlet import sleep
from eventlet.semaphore import Semaphore
from nameko.extensions import DependencyProvider

from chassis.running.gauges import Look
from chassis.storage.lease import Lease
from chassis.storage.mongo import Mongo
from chassis.storage.outbox import looking
from chassis.storage.outbox.rows import EventType
from chassis.storage.outbox.sending import LOOK_AGAIN_S, Found, SourceRun
from chassis.storage.outbox.sources import Documents, Project, Source, ToEvent
from chassis.wire.bell import CopiesBell
from chassis.wire.consumer import Consumer
from chassis.wire.publisher import Publisher

LEASES = "relay_leases"
LEASE_S = 3.0
"""One copy of a service sends at a time, source by source, so that events keep their order."""
POLL_S = 2.0
"""Nothing waits for so long but what no bell told of: its writer died, or was a command of an operator."""
GATHER_S = 0.02
"""After the bell: what others commit meanwhile is read, sent and marked in the same batch."""


class Handle:
    """What a worker is given: a bell."""

    def __init__(self, relay: "Relay") -> None:
        self._relay = relay

    def wake(self) -> None:
        """Send at once what has been committed, by this copy or by the one that holds the lease."""
        self._relay.wake(told=True)


class Relay(DependencyProvider):
    """Send the service's events, and inject a handle with `.wake()`.

    `events` is the service's contract; `sources` are `Rows(collection)` and `Documents(collection, field)`,
    whose `project` and `to_event` default to those given here. Needs a `Mongo` provider in the same service.
    """

    consumer = Consumer()

    def __init__(
        self,
        events: Mapping[str, EventType],
        sources: Sequence[Source],
        project: Project | None = None,
        to_event: ToEvent | None = None,
    ) -> None:
        self.events = events
        self.sources = [
            replace(source, project=source.project or project, to_event=source.to_event or to_event)
            if isinstance(source, Documents)
            else source
            for source in sources
        ]
        self._woken = Semaphore(0)
        self._told = self._stopping = False
        self._thread: Any = None

    def setup(self) -> None:
        """Ask to hear the bell of all copies."""
        self._bell = CopiesBell(self.container.service_name, self.wake)
        if self.sources:
            self.consumer.hear(self._bell)

    def start(self) -> None:
        """Start sending, once the database is open."""
        providers = [each for each in self.container.dependencies if isinstance(each, Mongo)]
        if len(providers) != 1:
            raise RuntimeError(
                f"{self.container.service_name} has a Relay and therefore needs one Mongo provider"
            )
        database = self._database = providers[0].database
        providers[0].before_close.append(self.stop)
        service = self.container.service_name
        self.publisher = Publisher(self.container.config["AMQP_URI"])
        holder = uuid.uuid4().hex
        self._runs = []
        for source in self.sources:
            source.ensure_indexes(database)
            lease = Lease(database[LEASES], source.name, holder, lasts_s=LEASE_S)
            lease.prepare()
            self._runs.append(
                SourceRun(
                    service, self.events, source, database=database, lease=lease, publisher=self.publisher
                )
            )
        self._thread = self.container.spawn_managed_thread(self._run, identifier="relay")

    def stop(self) -> None:
        """Finish the batch in hand, then give the leases back."""
        self._stopping = True
        self.wake()
        if self._thread is not None:
            self._thread.wait()
            self.publisher.close()

    def wake(self, *, told: bool = False) -> None:
        """Look at once. `told` by a writer of this copy: what it wrote may be another copy's to send."""
        self._told |= told
        if self._woken.balance <= 0:
            self._woken.release()

    def looks(self) -> list[Look]:
        """Return the looks at what waits and at the leases, once it was started."""
        return looking.looks(self._database, self._runs)

    def get_dependency(self, worker_ctx: object) -> Handle:  # noqa: ARG002 - nameko's signature
        """Return the bell."""
        return Handle(self)

    def _run(self) -> None:
        while not self._stopping:
            told, self._told = self._told, False
            found = {run.send_next() for run in self._runs}
            if told and Found.LEASED in found:
                self._bell.ring()
            if Found.SENT not in found:
                self._rest(LOOK_AGAIN_S if found & {Found.LEASED, Found.HINDERED} else POLL_S)
        for run in self._runs:
            run.release()

    def _rest(self, seconds: float) -> None:
        """Wait for the bell, or for the next look."""
        if self._woken.acquire(timeout=seconds) and not self._stopping:
            sleep(GATHER_S)
