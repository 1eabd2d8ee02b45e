"""One source of a relay being sent: batch by batch, at least once, marked when a queue has taken it."""

import enum
import os
import time
from collections.abc import Iterator, Mapping
from typing import Any

from pymongo.errors import PyMongoError

from chassis.running.failpoints import failpoint
from chassis.running.log import get_logger
from chassis.storage.lease import Lease
from chassis.storage.mongo import Db
from chassis.storage.outage import Outage, what_is_away
from chassis.storage.outbox.back_off import BackOff
from chassis.storage.outbox.rows import EventType
from chassis.storage.outbox.sources import Source, Trouble, Waiting, Wanted
from chassis.values.event import Event, packed
from chassis.wire import topology
from chassis.wire.publisher import Message, NotPublished, Publisher

LOOK_AGAIN_S = 0.5
"""For what waits but can't be sent now: the copy that holds the lease may be dead, a name backs off."""

log = get_logger()


class Found(enum.Enum):
    """What a source gave: events that were sent, nothing, or some that can't be sent by this copy now."""

    SENT = enum.auto()
    NOTHING = enum.auto()
    LEASED = enum.auto()
    HINDERED = enum.auto()


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
        self._rest_until = 0.0
        self._outage = Outage(f"relay of {source.name}")
        self._names: BackOff[str] = BackOff()
        self._documents: BackOff[Any] = BackOff()

    def send_next(self) -> Found:
        """Send one batch and return what was found; never raises."""
        if time.monotonic() < self._rest_until:
            return Found.HINDERED
        try:
            found = self._send_next()
        except (PyMongoError, NotPublished) as error:
            return self._rest(self._outage.met(what_is_away(error) or "database", error))
        except Trouble as trouble:
            self._trouble(trouble)
            return self._rest(LOOK_AGAIN_S)
        except Exception:
            log.exception("relay_broken", source=self.source.name)
            return self._rest(LOOK_AGAIN_S)
        self._outage.over()
        return found

    def release(self) -> None:
        """Give the lease back; where the database is away, it expires."""
        try:
            self.lease.release()
        except PyMongoError as error:
            log.warning("relay_lease_kept", source=self.source.name, error=type(error).__name__)

    def _rest(self, seconds: float) -> Found:
        self._rest_until = time.monotonic() + seconds
        return Found.HINDERED

    def _send_next(self) -> Found:
        """Take the lease only where something waits: an idle relay never writes."""
        if not self.lease.fresh:
            if not self.source.waits(self.database):
                return Found.NOTHING
            if not self.lease.held():
                return Found.LEASED
        if self._send(self._read()):
            return Found.SENT
        return Found.HINDERED if self._names.waiting() or self._documents.waiting() else Found.NOTHING

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
        seconds = LOOK_AGAIN_S
        if trouble.document_id is not None:
            seconds = self._documents.add(trouble.document_id)
        log.error(
            "event_in_trouble",
            source=self.source.name,
            document=str(trouble.document_id),
            seconds=seconds,
            exc_info=trouble.__cause__,
        )
