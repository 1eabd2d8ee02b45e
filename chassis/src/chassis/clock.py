"""The one way in for time, so that tests and simulations own it."""

from datetime import UTC, datetime

from nameko.extensions import DependencyProvider


class Clock:
    """Tells the time; tests inject a clock of their own that stands still."""

    def now(self) -> datetime:
        """The instant, in UTC, cut to milliseconds because that is what MongoDB keeps."""
        instant = datetime.now(UTC)
        return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


class ClockProvider(DependencyProvider):
    """Gives every worker the container's clock.

    A test that owns time passes its clock as the container's setting `clock`.
    """

    def setup(self) -> None:
        """Take the clock of the container's settings, or a real one."""
        self.clock: Clock = self.container.config.get("clock") or Clock()

    def get_dependency(self, worker_ctx: object) -> Clock:  # noqa: ARG002 - nameko's signature
        """The same clock for all."""
        return self.clock
