"""Sockets that say a byte now and then: `python -m tests.loads.slow_sockets`, with the whole suite.

Two hundred of them for a minute, while two look: a probe at /healthz and a family at its planning. Says how
soon they were answered, beside what it takes without them; fails when one was not, or when one in a hundred
waited for longer than a second. The short form, in `make test`, is tests/outages/test_slow_sockets.py.
"""

import argparse
import itertools
import selectors
import socket
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Self
from urllib.parse import urlsplit

import requests

from deploy.demo import carteville
from deploy.local import town
from deploy.local.lifeline import end_with_parent
from deploy.local.stack import Stack
from tests.journeys import people
from tests.journeys.people import Person

SOCKETS, LASTS_S = 200, 60.0
A_BYTE_EVERY_S: Final = 2.0
LOOKS_EVERY_S: Final = 0.1
PATIENCE_S: Final = 30.0
AIM_P99_S: Final = 1.0
_HOST: Final = b"Host: 127.0.0.1\r\n"
_BODY: Final = b"POST /api/v1/sessions HTTP/1.1\r\n" + _HOST + b"Content-Length: 200000\r\n\r\n"
_HEAD: Final = b"GET /planning HTTP/1.1\r\n" + _HOST + b"X-Slow: "


@dataclass(frozen=True)
class Kind:
    """A way to be slow: what is sent at once, and what follows a byte at a time, for ever."""

    at_once: bytes
    slowly: bytes


KINDS: Final = {
    "heads": Kind(_HEAD, b"x"),
    "bodies": Kind(_BODY, b"x"),
    "both": Kind(b"", _BODY),
}


@dataclass
class _Slow:
    """One socket, and what it will say next."""

    kind: Kind
    connection: socket.socket
    left: Iterator[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self.left = itertools.cycle(bytes([each]) for each in self.kind.slowly)


class SlowSockets:
    """So many sockets that are slow in these ways, as long as the context; one that is closed comes again."""

    def __init__(self, url: str, count: int, *kinds: str) -> None:
        address = urlsplit(url)
        self._address = (str(address.hostname), address.port or 80)
        wanted = [KINDS[kind] for kind in kinds or KINDS]
        self._wanted = list(itertools.islice(itertools.cycle(wanted), count))
        self._over = threading.Event()
        self._begun = threading.Event()
        self._thread = threading.Thread(target=self._drip, daemon=True)
        self.closed_count = 0

    def __enter__(self) -> Self:
        self._thread.start()
        self._begun.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _drip(self) -> None:
        with selectors.DefaultSelector() as selector:
            for kind in self._wanted:
                self._open(kind, selector)
            self._begun.set()
            while not self._over.wait(A_BYTE_EVERY_S):
                self._replace_closed(selector)
                for key in list(selector.get_map().values()):
                    with suppress(OSError):
                        key.data.connection.send(next(key.data.left))
            for key in list(selector.get_map().values()):
                key.data.connection.close()

    def _open(self, kind: Kind, selector: selectors.BaseSelector) -> None:
        connection = socket.create_connection(self._address, timeout=PATIENCE_S)
        connection.sendall(kind.at_once)
        selector.register(connection, selectors.EVENT_READ, _Slow(kind, connection))

    def _replace_closed(self, selector: selectors.BaseSelector) -> None:
        """Whatever comes back is an end: nobody answers half a request with anything else."""
        for key, _ in selector.select(0):
            selector.unregister(key.fileobj)
            key.data.connection.close()
            self.closed_count += 1
            self._open(key.data.kind, selector)


class Looker(threading.Thread):
    """Somebody who looks again and again; `took_s` are the seconds of each answer, `wrong` what came else."""

    def __init__(self, name: str, look: Callable[[], requests.Response]) -> None:
        super().__init__(name=name, daemon=True)
        self.took_s: list[float] = []
        self.wrong: list[str] = []
        self._look = look
        self._left = threading.Event()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._left.set()
        self.join()

    def run(self) -> None:
        """Look until told to leave."""
        while not self._left.wait(LOOKS_EVERY_S):
            began = time.monotonic()
            try:
                answer = self._look()
            except requests.RequestException as error:
                self.wrong.append(f"{self.name}: {type(error).__name__}")
            else:
                if answer.status_code != requests.codes.ok:
                    self.wrong.append(f"{self.name}: {answer.status_code}")
            self.took_s.append(time.monotonic() - began)

    def p(self, percent: int) -> float:
        """Give the seconds within which so many of a hundred were answered."""
        return statistics.quantiles(self.took_s, n=100)[percent - 1]

    def __str__(self) -> str:
        halves = f"p50 {1000 * self.p(50):.0f} ms, p99 {1000 * self.p(99):.0f} ms"
        return f"{self.name}: {len(self.took_s)} looks, {halves}, slowest {1000 * max(self.took_s):.0f} ms"


def probe(url: str) -> Looker:
    """Return whoever asks whether the suite is alive, on a new connection each time."""
    return Looker("/healthz", lambda: requests.get(f"{url}/healthz", timeout=PATIENCE_S))


def family(person: Person) -> Looker:
    """Return a family that looks at its planning."""
    cookies = {"session": str(person.http.headers["Authorization"]).removeprefix("Bearer ")}
    page = f"{person.gateway_url}/planning"
    return Looker("/planning", lambda: requests.get(page, cookies=cookies, timeout=PATIENCE_S))


def looked_at(url: str, person: Person, lasts_s: float) -> tuple[Looker, Looker]:
    """Have both look for so long, and give them with what they saw."""
    with probe(url) as probing, family(person) as looking:
        threading.Event().wait(lasts_s)
    return probing, looking


def main() -> int:
    """Print how soon people were answered, without and with the sockets; 1 when they were not, or late."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sockets", type=int, default=SOCKETS)
    parser.add_argument("--seconds", type=float, default=LASTS_S)
    parser.add_argument("--past-the-front", action="store_true", help="all go to the gateway itself")
    told = parser.parse_args()
    end_with_parent()
    with Stack("slow-sockets", fresh=True) as stack:
        town.load(stack, datetime.now(UTC).date(), [carteville.TOWN], town.QUICK)
        met = stack.own_gateway_url if told.past_the_front else stack.gateway_url
        person = Person.logged_in(met, next(people.households(stack)).guardians[0].email)
        quiet = looked_at(met, person, told.seconds / 4)
        with SlowSockets(met, told.sockets) as slow:
            seen = looked_at(met, person, told.seconds)
    wrong = [each for looker in (*quiet, *seen) for each in looker.wrong]
    report = [
        "without:",
        *quiet,
        f"with {told.sockets} slow sockets, of which {slow.closed_count} were ended and came again:",
        *seen,
        *wrong,
    ]
    print(*report, sep="\n")  # noqa: T201 - a report for people
    return 1 if wrong or any(looker.p(99) > AIM_P99_S for looker in seen) else 0


if __name__ == "__main__":
    sys.exit(main())
