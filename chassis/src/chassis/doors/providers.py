"""What is injected into a service: its clock, its source of ids, its calls to others, what it makes itself.

The store and the relay are provided by mongo.py and outbox.
"""

from collections.abc import Callable
from typing import Any

from nameko.extensions import DependencyProvider

from chassis.running.gauges import Look
from chassis.running.pools import POOL, pool_readings
from chassis.values.clock import Clock
from chassis.values.context import Signer
from chassis.values.ids import Ids
from chassis.wire.rpc import RpcPool
from chassis.wire.share import Limits

SERVICE_SHARE = Limits(open_max=4, line_max=12, wait_max_s=1.0)
"""Of a service's twenty workers, and half of what a process of the gateway has open at it: calls which wait
for a third service leave the other half."""


class ClockProvider(DependencyProvider):
    """Gives every worker the container's clock; a test passes its own as the setting `clock`."""

    def setup(self) -> None:
        """Take the clock of the container's settings, or a real one."""
        self.clock: Clock = self.container.config.get("clock") or Clock()

    def get_dependency(self, worker_ctx: object) -> Clock:  # noqa: ARG002 - nameko's signature
        """The same clock for all."""
        return self.clock


class IdsProvider(DependencyProvider):
    """Gives every worker the container's source of ids; a test passes its own as the setting `ids`."""

    def setup(self) -> None:
        """Take the source of the container's settings, or the real one."""
        self.ids: Ids = self.container.config.get("ids") or Ids()

    def get_dependency(self, worker_ctx: object) -> Ids:  # noqa: ARG002 - nameko's signature
        """The same source for all."""
        return self.ids


class MadeOnce(DependencyProvider):
    """Gives every worker what `make` makes when the container starts; what is missing then ends the start."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make

    def setup(self) -> None:
        """Make it."""
        self.made = self.make()

    def get_dependency(self, worker_ctx: object) -> Any:  # noqa: ARG002 - nameko's signature
        """The same for all."""
        return self.made


class RpcCaller(DependencyProvider):
    """Gives every worker a way to call other services: `self.rpc.call(service, method, context, request)`.

    `limits` say how many calls to one other service may be open at once, and how many workers may wait for
    one of them: together fewer than the container has, so that others go on while that service is slow.
    Container settings: AMQP_URI, KEYS_DIR.
    """

    def __init__(self, limits: Limits = SERVICE_SHARE) -> None:
        self.limits = limits

    def setup(self) -> None:
        """Read the service's own private key."""
        config = self.container.config
        signer = Signer.from_directory(config["KEYS_DIR"], self.container.service_name)
        self.pool = RpcPool(config["AMQP_URI"], signer, self.limits)

    def stop(self) -> None:
        """Close the connections."""
        self.pool.close()

    def kill(self) -> None:
        """Close the connections."""
        self.pool.close()

    def looks(self) -> list[Look]:
        """Return the look at the connections by which calls are made."""
        return [Look((POOL,), lambda: pool_readings("bus", *self.pool.connections()))]

    def get_dependency(self, worker_ctx: object) -> RpcPool:  # noqa: ARG002 - nameko's signature
        """The same pool for all."""
        return self.pool
