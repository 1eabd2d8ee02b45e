"""The relay: sends what waits in a service's sources, at least once, and marks it.

Where events wait is in `sources`; how a batch is published and confirmed is in `chassis.wire.publisher`.
"""

import os
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from eventlet import sleep
from eventlet.queue import Empty, Full, LightQueue
from nameko.extensions import DependencyProvider
from pymongo.errors import PyMongoError

from chassis.running.failpoints import failpoint
from chassis.running.log import get_logger
from chassis.storage.lease import Lease
from chassis.storage.mongo import Db, Mongo
from chassis.storage.outbox.back_off import BackOff
from chassis.storage.outbox.rows import EventType
from chassis.storage.outbox.sources import Documents, Project, Source, ToEvent, Trouble, Waiting, Wanted
from chassis.values.event import Event, packed
from chassis.wire import topology
from chassis.wire.publisher import Message, NotPublished, Publisher

LEASES = "relay_leases"
LEASE_S = 3.0
"""One copy of a service sends at a time, source by source, so that events keep their order."""
POLL_S = 0.2
GATHER_S = 0.02
"""After the bell: what others commit meanwhile is read, sent and marked in the same batch."""
AFTER_OUTAGE_S = 0.5

log = get_logger()


class Handle:
    """What a worker is given: a bell."""

    def __init__(self, bell: LightQueue) -> None:
        self._bell = bell

    def wake(self) -> None:
        """Send at once what has been committed, instead of at the next poll (200 ms)."""
        try:
            self._bell.put_nowait(True)
        except Full:
            return


class Relay(DependencyProvider):
    """Send the service's events, and inject a handle with `.wake()`.

    `events` is the service's contract; `sources` are `Rows(collection)` and `Documents(collection, field)`,
    whose `project` and `to_event` default to those given here. Needs a `Mongo` provider in the same service.
    """

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
        self._bell = LightQueue(1)
        self._stopping = False
        self._thread: Any = None

    def start(self) -> None:
        """Start sending, once the database is open."""
        providers = [each for each in self.container.dependencies if isinstance(each, Mongo)]
        if len(providers) != 1:
            raise RuntimeError(
                f"{self.container.service_name} has a Relay and therefore needs one Mongo provider"
            )
        database = providers[0].database
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
        Handle(self._bell).wake()
        if self._thread is not None:
            self._thread.wait()
            self.publisher.close()

    def get_dependency(self, worker_ctx: object) -> Handle:  # noqa: ARG002 - nameko's signature
        """Return the bell."""
        return Handle(self._bell)

    def _run(self) -> None:
        rung = True
        while not self._stopping:
            busy = [run.send_next(rung=rung) for run in self._runs]
            rung = not any(busy) and self._rest()
        for run in self._runs:
            run.release()

    def _rest(self) -> bool:
        """Wait for the bell or the next poll, and return whether it rang."""
        try:
            self._bell.get(timeout=POLL_S)
        except Empty:
            return False
        if not self._stopping:
            sleep(GATHER_S)
        return True


class SourceRun:
    """One source being sent, and what was learned doing so: names and documents that back off."""

    def __init__(  # noqa: PLR0913 - one of each part
        self,
        service: str,
        events: Mapping[str, EventType],
        source: Source,
        *,
        database: Db,
        lease: Lease,
        publisher: Publisher,
    ) -> None:
        self.service, self.events, self.source = service, events, source
        self.database, self.lease, self.publisher = database, lease, publisher
        self.subscribed = frozenset(name for name, event in events.items() if event.subscribers)
        self.checking = os.environ.get("CHASSIS_CHECK_REPLIES") == "1"
        self._rest_until = self._quiet_until = 0.0
        self._names: BackOff[str] = BackOff()
        self._documents: BackOff[Any] = BackOff()

    def send_next(self, *, rung: bool) -> bool:
        """Send one batch and return True when something was sent, so that more may wait; never raises.

        A source where nothing waited is left alone for its `quiet_s`, unless the bell was `rung`.
        """
        now = time.monotonic()
        if now < self._rest_until or (now < self._quiet_until and not rung):
            return False
        try:
            return self._may_send() and self._send(self._read())
        except (PyMongoError, NotPublished) as error:
            log.warning(
                "relay_waits", source=self.source.name, error=f"{type(error).__name__}: {error}"[:300]
            )
        except Trouble as trouble:
            self._trouble(trouble)
        except Exception:
            log.exception("relay_broken", source=self.source.name)
        self._rest_until = time.monotonic() + AFTER_OUTAGE_S
        return False

    def release(self) -> None:
        """Give the lease back; where the database is away, it expires."""
        try:
            self.lease.release()
        except PyMongoError as error:
            log.warning("relay_lease_kept", source=self.source.name, error=type(error).__name__)

    def _may_send(self) -> bool:
        """Say whether there is something to send and the lease to do it: an idle relay never writes."""
        if self.lease.fresh:
            return True
        if self.source.waits(self.database):
            return self.lease.held()
        self._quiet_until = time.monotonic() + self.source.quiet_s
        return False

    def _read(self) -> list[Waiting]:
        return self.source.read(
            self.database, Wanted(self.subscribed, self._names.waiting(), self._documents.waiting())
        )

    def _send(self, found: list[Waiting]) -> bool:
        waiting = [each for each in found if self._known(each)]
        taken = self._publish([each for each in waiting if each.event is not None])
        done = [each for each in waiting if each.event is None] + taken
        if not done:
            return False
        failpoint(f"{self.service}.relay.before_mark")
        self.source.mark(self.database, done)
        failpoint(f"{self.service}.relay.after_mark")
        return True

    def _publish(self, waiting: list[Waiting]) -> list[Waiting]:
        """Publish a batch and return those that a queue took; the names of the others back off."""
        if not waiting:
            return []
        names = dict.fromkeys(each.name for each in waiting)
        packs = [pack for name in names for pack in self._packs(name, waiting)]
        failpoint(f"{self.service}.relay.before_publish")
        answers = self.publisher.publish([message for _, message in packs])
        failpoint(f"{self.service}.relay.after_publish")
        missed = {
            message.routing_key for (_, message), taken in zip(packs, answers, strict=True) if not taken
        }
        for name in missed:
            self._back_off(name, "no queue took it")
        for name in {each.name for each in waiting} - missed:
            self._names.forget(name)
        return [each for (pack, _), taken in zip(packs, answers, strict=True) if taken for each in pack]

    def _packs(self, name: str, waiting: list[Waiting]) -> Iterator[tuple[list[Waiting], Message]]:
        """Yield the events of one name, in their order, in as few messages as may be."""
        named = [(each, each.event) for each in waiting if each.name == name and each.event is not None]
        exchange, first = topology.events_exchange(self.service), 0
        for count, body in packed([self._body(each.document_id, event) for each, event in named]):
            pack = named[first : first + count]
            yield [each for each, _ in pack], Message(exchange, name, body, pack[0][1].id)
            first += count

    def _body(self, document_id: object, event: Event) -> bytes:
        try:
            if self.checking:
                self._check(event)
            return event.encode()
        except (TypeError, ValueError) as error:
            raise Trouble(document_id) from error

    def _check(self, event: Event) -> None:
        """In tests only: what is said must be what the contract says."""
        said = Event.decode(event.encode())
        schemas, published = self.events[event.name].versions(), said.told()
        if published.keys() != schemas.keys() or said.version != min(published):
            raise ValueError(
                f"{event.name} is published in versions {list(published)}, not {sorted(schemas)}"
            )
        for version, schema in schemas.items():
            if errors := schema.validate(published[version]):
                raise ValueError(f"{event.name} version {version} breaks its contract: {errors}")

    def _known(self, waiting: Waiting) -> bool:
        if waiting.name in self.events:
            return True
        self._back_off(waiting.name, "not in the contract")
        return False

    def _back_off(self, name: str, why: str) -> None:
        """Leave all events of this name where they are: their order is kept, the others go on."""
        log.error("event_backed_off", name=name, why=why, seconds=self._names.add(name))

    def _trouble(self, trouble: Trouble) -> None:
        """Leave one document where it is, unless it is not known which."""
        seconds = AFTER_OUTAGE_S
        if trouble.document_id is not None:
            seconds = self._documents.add(trouble.document_id)
        log.error(
            "event_in_trouble",
            source=self.source.name,
            document=str(trouble.document_id),
            seconds=seconds,
            exc_info=trouble.__cause__,
        )
