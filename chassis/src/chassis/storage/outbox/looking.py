"""What the metrics page says of the relay: how much waits, since when, and who holds its leases."""

import time
from collections.abc import Iterable, Sequence

import pymongo

from chassis.running.gauges import ASKED_MAX_S, Gauge, Look, Reading
from chassis.storage.mongo import Db
from chassis.storage.outbox.sending import SourceRun

WAITING = Gauge("marelle_outbox_waiting", "Events that are written and not yet sent.")
AGE = Gauge("marelle_outbox_age_seconds", "Seconds for which the oldest of them waits; 0 when none does.")
HELD = Gauge("marelle_lease_held", "1 where this process holds the lease, else 0.", ("lease",))
RENEWED = Gauge(
    "marelle_lease_age_seconds",
    "Seconds since any copy took or renewed the lease; a relay with nothing to send takes none.",
    ("lease",),
)


def looks(database: Db, runs: Sequence[SourceRun]) -> list[Look]:
    """Return the looks at the sources that these runs send from, and at their leases."""
    return [
        Look((WAITING, AGE), lambda: _backlogs(database, runs)),
        Look((HELD, RENEWED), lambda: _leases(runs)),
    ]


def _backlogs(database: Db, runs: Sequence[SourceRun]) -> Iterable[Reading]:
    with pymongo.timeout(ASKED_MAX_S):
        backlogs = [run.source.backlog(database) for run in runs]
    # By the machine's clock, as places in the queue are: the service's may be a test's.
    ages = [max(0.0, time.time() - each.since.timestamp()) for each in backlogs if each.since]
    return [WAITING.reads(sum(each.waiting for each in backlogs)), AGE.reads(max(ages, default=0.0))]


def _leases(runs: Sequence[SourceRun]) -> Iterable[Reading]:
    with pymongo.timeout(ASKED_MAX_S):
        states = [(run.lease.name, *run.lease.state()) for run in runs]
    return [
        *(HELD.reads(held, name) for name, held, _ in states),
        *(RENEWED.reads(age_s, name) for name, _, age_s in states if age_s is not None),
    ]
