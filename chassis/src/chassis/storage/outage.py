"""Outages, for what works unasked: said once, tried again later and later, and said once when they are over.

An outage is nobody's fault here: it is told in one line with its name, without a stack.
"""

import amqp

from chassis.running.log import get_logger
from chassis.storage import mongo
from chassis.values.errors import Refused, Unavailable
from chassis.wire.publisher import NotPublished

FIRST_S, MOST_S = 0.5, 2.0
"""All must be well half a minute after a fault, what follows from this work too."""

_log = get_logger()


def what_is_away(error: BaseException | None) -> str | None:
    """Return the name of what was not reached: database, broker, service; None when `error` is no outage."""
    if mongo.is_outage(error):
        return "database"
    if isinstance(error, NotPublished | amqp.AMQPError):
        return "broker"
    refused_for_now = isinstance(error, Refused) and error.code == "unavailable"
    return "service" if refused_for_now or isinstance(error, Unavailable) else None


class Outage:
    """The outages that `who`, a relay's source or a timer, meets, one after the other."""

    def __init__(self, who: str) -> None:
        self._who = who
        self._wait_s = 0.0

    def met(self, what: str, error: BaseException) -> float:
        """Return the seconds to wait before the next try; the first meeting of an outage is logged.

        Only the kind of the error is written: its text names addresses.
        """
        if not self._wait_s:
            _log.warning("outage_met", who=self._who, away=what, reason=type(error).__name__)
        self._wait_s = min(MOST_S, 2 * self._wait_s or FIRST_S)
        return self._wait_s

    def over(self) -> None:
        """Log that the work goes on, if it was waiting."""
        if self._wait_s:
            _log.info("outage_over", who=self._who)
        self._wait_s = 0.0
