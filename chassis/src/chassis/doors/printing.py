"""The press of a service, for the doors that hand out documents; a service that hands out none has none."""

from nameko.extensions import DependencyProvider

from chassis.printing.press import Limits, Press
from chassis.running.gauges import Look
from chassis.running.pools import POOL, pool_readings


class PressProvider(DependencyProvider):
    """Gives every worker the container's one press, and ends its processes with the container."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits

    def setup(self) -> None:
        """Make the press; it starts no process before the first document."""
        self.press = Press(self.limits)

    def stop(self) -> None:
        """End the processes."""
        self.press.close()

    def kill(self) -> None:
        """End the processes."""
        self.press.close()

    def looks(self) -> list[Look]:
        """Return the look at the processes that make documents."""
        return [Look((POOL,), lambda: pool_readings("press", *self.press.connections()))]

    def get_dependency(self, worker_ctx: object) -> Press:  # noqa: ARG002 - nameko's signature
        """The same press for all."""
        return self.press
