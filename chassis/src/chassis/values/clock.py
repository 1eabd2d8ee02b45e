"""The one way in for time, so that tests and simulations own it.

CHASSIS_CLOCK_AHEAD_S, for tests alone, makes a process believe that it is so many seconds later (negative:
earlier) than it is, as a machine does whose clock was set wrong. It is read once, when the process starts.
"""

import os
import time
from datetime import UTC, datetime

from chassis.values.instants import to_instant

_AHEAD_S = float(os.environ.get("CHASSIS_CLOCK_AHEAD_S", "0"))


def epoch_s() -> float:
    """Return the seconds since 1970, for what travels between processes: deadlines and signatures."""
    return time.time() + _AHEAD_S


class Clock:
    """Tells the time; tests inject a clock of their own that stands still."""

    def now(self) -> datetime:
        """Return the instant, in UTC, cut to milliseconds because that is what MongoDB keeps."""
        return to_instant(datetime.fromtimestamp(epoch_s(), UTC))
