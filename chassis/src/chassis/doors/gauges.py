"""What a service says of its domain and its queues on the metrics page.

`service(…, gauges=[…])` names the store classes that have gauges; each says which, and reads them when
somebody looks.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import cast

import pymongo
from nameko.extensions import DependencyProvider

from chassis.running.gauges import ASKED_MAX_S, Gauged, Look, Reading
from chassis.storage.mongo import Mongo
from chassis.values.clock import Clock
from chassis.wire import topology
from chassis.wire.queues import QueueLook, queues_of


class Gauges(DependencyProvider):
    """The gauges of a service: of some of its stores, and of its own queues.

    Container settings: AMQP_URI, and `clock` in tests.
    """

    def __init__(self, kinds: Sequence[type[Gauged]] = ()) -> None:
        self.kinds = tuple(kinds)

    def setup(self) -> None:
        """Know the service's queues; no connection is opened before somebody looks."""
        container = self.container
        service = topology.describe(container.service_name, container.service_cls, {})
        self.queues = QueueLook(container.config["AMQP_URI"], service.name, queues_of(service))
        self.clock: Clock = container.config.get("clock") or Clock()

    def stop(self) -> None:
        """Close the connection."""
        self.queues.close()

    def kill(self) -> None:
        """Close the connection."""
        self.queues.close()

    def get_dependency(self, worker_ctx: object) -> None:
        """Give workers nothing: gauges are for who looks at the page."""

    def looks(self) -> list[Look]:
        """Return one look for each store that has gauges, and that at the queues."""
        (stores,) = (each.store for each in self.container.dependencies if isinstance(each, Mongo))
        kept = cast("Mapping[type, Gauged]", stores)  # by class, as `service` makes it
        return [
            *(Look(kind.GAUGES, partial(self._read, kept[kind])) for kind in self.kinds),
            self.queues.look(),
        ]

    def _read(self, store: Gauged) -> Iterable[Reading]:
        with pymongo.timeout(ASKED_MAX_S):
            return list(store.read_gauges(self.clock.now()))
