"""The one way in for time, so that tests and simulations own it."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chassis.providers import ClockProvider as ClockProvider  # noqa: PLC0414 - a re-export
else:

    def __getattr__(name: str) -> type:
        """Load nameko's half only where it is asked for: the gateway's process stays free of eventlet."""
        if name != "ClockProvider":
            raise AttributeError(name)
        from chassis.providers import ClockProvider  # noqa: PLC0415

        return ClockProvider


class Clock:
    """Tells the time; tests inject a clock of their own that stands still."""

    def now(self) -> datetime:
        """The instant, in UTC, cut to milliseconds because that is what MongoDB keeps."""
        instant = datetime.now(UTC)
        return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
