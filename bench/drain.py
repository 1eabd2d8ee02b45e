"""What follows from a booking, without a bus: the relay's projections, and what billing makes of the events.

Runs beside the baseline and does in one process what relay, broker and handlers do together, so that both
sides of a comparison leave the same documents behind.
"""

import time
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any

from pymongo.database import Database

from bench.in_process import Doors
from booking.service import EVENTS, SOURCES
from chassis.running.settings import secret
from chassis.storage.mongo import connect
from chassis.storage.outbox import Rows
from chassis.storage.outbox.sources import Source, Wanted
from chassis.values.event import Event

PAUSE_S = 0.02

Db = Database[dict[str, Any]]


def main() -> None:
    """Send on what waits, until killed."""
    mongo = connect(secret("MONGODB_URI"))
    services = Doors(mongo, {})
    sources = list(_sources(mongo["booking"], mongo["billing"]))
    while True:
        if not sum(_pass_on(*each, services) for each in sources):  # all of them, each time
            time.sleep(PAUSE_S)


def _sources(booking_db: Db, billing_db: Db) -> Iterator[tuple[Db, Source, Wanted]]:
    heard = Wanted(frozenset(name for name, event in EVENTS.items() if "billing" in event.subscribers))
    yield from ((booking_db, source, heard) for source in SOURCES)
    yield billing_db, Rows("outbox"), Wanted(frozenset())


def _pass_on(database: Db, source: Source, wanted: Wanted, services: Doors) -> bool:
    if not source.waits(database):
        return False
    found = source.read(database, wanted)
    heard = [Event.decode(waiting.event.encode()) for waiting in found if waiting.event is not None]
    for name, events in groupby(sorted(heard, key=attrgetter("name")), key=attrgetter("name")):
        handle = getattr(services.services["billing"], f"on_{name}")
        together = list(events)
        for given in [together] if _takes_many(handle) else together:
            handle(given)
    source.mark(database, found)
    return bool(found)


def _takes_many(handle: Any) -> bool:
    return any(entrypoint.many for entrypoint in handle.nameko_entrypoints)


if __name__ == "__main__":
    main()
