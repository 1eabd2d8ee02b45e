"""How many connections a client has open to the database, as the driver tells of them."""

from pymongo import monitoring


class Connections(monitoring.ConnectionPoolListener):
    """Counts what is open and what is in use. Nothing is asked of anybody."""

    def __init__(self) -> None:
        self._open = 0
        self._in_use = 0

    def count(self) -> tuple[int, int]:
        """Return how many connections are in use and how many are idle."""
        return self._in_use, max(0, self._open - self._in_use)

    def connection_created(self, _event: monitoring.ConnectionCreatedEvent) -> None:
        """One more is open."""
        self._open += 1

    def connection_closed(self, _event: monitoring.ConnectionClosedEvent) -> None:
        """One fewer is open."""
        self._open -= 1

    def connection_checked_out(self, _event: monitoring.ConnectionCheckedOutEvent) -> None:
        """Something uses one."""
        self._in_use += 1

    def connection_checked_in(self, _event: monitoring.ConnectionCheckedInEvent) -> None:
        """Nothing uses it any more."""
        self._in_use -= 1

    def _not_counted(self, event: object) -> None:
        """Pools themselves, and who waits for a connection, are not counted."""

    pool_created = pool_ready = pool_cleared = pool_closed = _not_counted
    connection_ready = connection_check_out_started = connection_check_out_failed = _not_counted
