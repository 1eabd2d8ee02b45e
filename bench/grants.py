"""`python -m bench.grants`: 500 requests granted by an agent, decided by the database or by the pure model.

25 days of 20 requests, 60 seats each of which 40 are taken; alone, and while eight families book on the same days. One
mongod of its own. Printed: grants per second and CPU-ms per grant (mongod and this process), tries that met others.
"""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pymongo.database import Database

from bench.meter import cpu_seconds
from booking.offer.model import Gauge
from booking.seats import rules, store
from booking.seats.model import Occasion, Order, SeatsDocument, Slot
from booking.seats.store.deciding import Decisions, together
from booking.vocabulary import DayPart, DecisionMode
from chassis.storage.mongo import connect
from chassis.values.scope import Scope
from deploy.local.infrastructure import Infrastructure

NOW = Occasion(datetime(2026, 11, 10, 8, tzinfo=UTC), "request")
DAYS, REQUESTS, TAKEN, PLACES = 25, 20, 40, 60
TOWN = Scope("town")


def order(day: int, child: str, mode: DecisionMode = DecisionMode.INSTANT) -> Order:
    confirmation = f"019aa000-0000-7000-8000-{day:04}{abs(hash(child)) % 10**8:08}"
    return Order(
        f"{confirmation}/1",
        "s",
        child,
        confirmation,
        1,
        "family",
        ("places",),
        None,
        None,
        {"child_id": child, "day": "2026-11-16"},
        mode,
    )


def a_day(number: int) -> SeatsDocument:
    starts = NOW.now + timedelta(days=6)
    slot = Slot("s", "canteen", "north", DayPart.NOON, ("places",), starts, starts, starts, waiting_max=20)
    day = date(2026, 11, 16) + timedelta(days=number)
    return SeatsDocument(f"d{number}", "town", "pool", day, (Gauge("places", PLACES),), (slot,))


def prepare(database: Database[dict[str, Any]]) -> store.Seats:
    database.client.drop_database(database.name)
    seats = store.Seats(database)
    seats.ensure_indexes(database)
    seats.open_days([a_day(n) for n in range(DAYS)], NOW)
    for mode, count in ((DecisionMode.INSTANT, TAKEN), (DecisionMode.ON_REQUEST, REQUESTS)):
        for child in range(count):
            seats.apply(
                store.book("town", f"d{n}", order(n, f"{mode}{child}", mode), NOW) for n in range(DAYS)
            )
    return seats


def asked(number: int) -> list[str]:
    return [order(number, f"{DecisionMode.ON_REQUEST}{child}").booking_id for child in range(REQUESTS)]


def by_pipelines(database: Database[dict[str, Any]], seats: store.Seats) -> int:
    for number in range(DAYS):
        seats.apply(store.grant("town", f"d{number}", each, NOW) for each in asked(number))
    return 0


def one_by_one(database: Database[dict[str, Any]], seats: store.Seats) -> int:
    decisions, tries = Decisions(database), [0]

    def grant(booking_id: str) -> Callable[[SeatsDocument], SeatsDocument]:
        def decide(document: SeatsDocument) -> SeatsDocument:
            tries[0] += 1
            return rules.grant(document, booking_id, NOW)

        return decide

    for number in range(DAYS):
        for each in asked(number):
            while not isinstance(decisions.decide(TOWN, f"d{number}", grant(each)), SeatsDocument):
                pass
    return tries[0] - DAYS * REQUESTS


def day_by_day(database: Database[dict[str, Any]], seats: store.Seats) -> int:
    decisions, tries = Decisions(database), [0]

    def all_of(number: int) -> Callable[[SeatsDocument], SeatsDocument]:
        acts = together([lambda d, b=each: rules.grant(d, b, NOW) for each in asked(number)])

        def decide(document: SeatsDocument) -> SeatsDocument:
            tries[0] += 1
            return acts(document)

        return decide

    for number in range(DAYS):
        while not isinstance(decisions.decide(TOWN, f"d{number}", all_of(number)), SeatsDocument):
            pass
    return tries[0] - DAYS


def families(database: Database[dict[str, Any]], stop: threading.Event) -> Iterator[threading.Thread]:
    def book(family: int) -> None:
        seats, turn = store.Seats(database), 0
        while not stop.is_set():
            turn += 1
            seats.apply([store.book("town", f"d{turn % DAYS}", order(turn, f"f{family}-{turn}"), NOW)])
            time.sleep(0.01)

    for number in range(8):
        yield threading.Thread(target=book, args=(number,))


def main() -> None:
    with Infrastructure("grants", mongodb_uri=None, amqp_uri=None, fresh=True) as parts:
        database = connect(parts.mongodb_uri)["grants"]
        pids = {"mongod": parts.supervisor.pid("mongod")}
        for crowd in (False, True):
            for turn in range(3):
                for way in (by_pipelines, one_by_one, day_by_day):
                    seats, stop = prepare(database), threading.Event()
                    threads = list(families(database, stop)) if crowd else []
                    for each in threads:
                        each.start()
                    before, own, started = cpu_seconds(pids)["mongod"], time.process_time(), time.monotonic()
                    met = way(database, seats)
                    took = time.monotonic() - started
                    cpu, own = cpu_seconds(pids)["mongod"] - before, time.process_time() - own
                    stop.set()
                    for each in threads:
                        each.join()
                    granted = sum(len(d["taken"]) for d in database.seats.find()) - DAYS * TAKEN
                    print(
                        f"{'crowd' if crowd else 'alone':6} {way.__name__:13} {500 / took:7.0f}/s mongod {cpu * 2:6.2f} own {own * 2:6.2f} CPU-ms a grant, {met} met others, took {took:.2f}s taken {granted}",
                        flush=True,
                    )


if __name__ == "__main__":
    main()
