"""How the metrics page tells of the connections that a process keeps, to its database and to the bus."""

from collections.abc import Iterable
from typing import Final

from chassis.running.gauges import Gauge, Reading

POOL: Final = Gauge(
    "marelle_pool_connections",
    "Connections that a process has open, by whether something uses them at this moment.",
    ("pool", "state"),
)


def pool_readings(pool: str, in_use: int, idle: int) -> Iterable[Reading]:
    """Return the readings of one pool."""
    return [POOL.reads(in_use, pool, "in_use"), POOL.reads(idle, pool, "idle")]
