"""`python -m tests.loads.hints`: notifications by the hundred while the payment provider is slow.

Families have opened payment pages, and the provider takes ten seconds for an answer. Meanwhile hints come in
for every one of these payments, and families read what has nothing to do with it. Every hint must be taken,
the provider asked about each payment once in a few seconds at most, and every read answered. How soon, is
printed, and judged: nobody else should be working on the machine. The short form is
tests/outages/test_hints.py.
"""

import itertools
import math
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import quantiles
from urllib.parse import urlsplit

import requests
import urllib3

from billing.attempts.rules.life import LOOK_EVERY
from deploy.demo import carteville
from deploy.demo.people import Family
from deploy.local import fsck, infrastructure, town
from deploy.local.stack import Stack
from tests.journeys import people
from tests.journeys.people import TIMEOUT_S, Person
from tests.towns import inhabited

NAME = "loads-hints"
CANTEEN = "Restauration scolaire"
PAYERS, SENDERS, READERS = 12, 8, 3
PROVIDER_TAKES_S = 10.0
RATE, LASTS_S = 200.0, 30.0
P99_MAX_S = 0.5
READS = ("/bookings", "/children", "/messages", "/wallets")


@dataclass
class Outcome:
    """What was seen: hints and reads by their status, how long reads took, look-ups by payment."""

    lasted_s: float = 0.0
    hints: Counter[int] = field(default_factory=Counter)
    reads: Counter[int] = field(default_factory=Counter)
    reads_s: list[float] = field(default_factory=list)
    look_ups: dict[str, int] = field(default_factory=dict)

    @property
    def look_ups_max(self) -> int:
        """How often the provider may have been asked about one payment."""
        return math.ceil(self.lasted_s / LOOK_EVERY.total_seconds()) + 1

    @property
    def p99_s(self) -> float:
        """What 99 of 100 reads took at most."""
        return quantiles(self.reads_s, n=100)[-1]

    def findings(self) -> list[str]:
        """What did not hold, whatever the machine."""
        hints, reads = set(self.hints) - {requests.codes.no_content}, set(self.reads) - {requests.codes.ok}
        answered = [f"hints were answered {status}" for status in hints]
        answered += [f"reads were answered {status}" for status in reads]
        return answered + [
            f"the provider was asked {count} times about {payment_id}, {self.look_ups_max} are enough"
            for payment_id, count in self.look_ups.items()
            if count > self.look_ups_max
        ]

    def __str__(self) -> str:
        hints = sum(self.hints.values())
        return (
            f"{hints} hints in {self.lasted_s:.0f} s ({hints / self.lasted_s:.0f}/s), {dict(self.hints)}; "
            f"look-ups {sum(self.look_ups.values())} of {len(self.look_ups)} payments, "
            f"at most {max(self.look_ups.values())} of one; {len(self.reads_s)} reads, {dict(self.reads)}, "
            f"median {quantiles(self.reads_s, n=100)[49] * 1000:.0f} ms, p99 {self.p99_s * 1000:.0f} ms"
        )


def debtor(stack: Stack, households: Iterator[Family]) -> tuple[Person, str]:
    """Give somebody of the next household who has booked a meal, and the order that waits to be paid."""
    person = Person.logged_in(stack.gateway_url, next(households).guardians[0].email)
    child, canteen = person.children()[0], person.activity(CANTEEN)
    booked = person.book(person.movement(child, canteen, person.free_days(child, canteen)[-1]))
    return person, booked["id"]


def payers(stack: Stack, households: Iterator[Family], count: int) -> list[tuple[Person, str]]:
    """Give people with an open payment page each, and the provider's name for it."""
    found = []
    for person, order in (debtor(stack, households) for _ in range(count)):
        page_url = person.start_payment(order)["page_url"]
        found.append((person, urlsplit(page_url).path.rpartition("/")[2]))
    return found


@contextmanager
def slow_provider(stack: Stack) -> Iterator[None]:
    """Have the payment simulator take its time for every answer."""
    fault = {"reference": "*", "latency_s": PROVIDER_TAKES_S}
    requests.post(f"{stack.payment_url}/api/faults", json=fault, timeout=TIMEOUT_S).raise_for_status()
    try:
        yield
    finally:
        requests.delete(f"{stack.payment_url}/api/faults", timeout=TIMEOUT_S).raise_for_status()


def flood(stack: Stack, opened: Sequence[tuple[Person, str]], rate: float, lasts_s: float) -> Outcome:
    """Send hints at a rate about these payments while people read; tell what was seen."""
    outcome, over, before = Outcome(), threading.Event(), _looked_up(stack)
    began = time.monotonic()
    sending = Sending(stack.gateway_url, [reference for _, reference in opened], rate, began, lasts_s)
    with ThreadPoolExecutor(SENDERS + READERS) as pool:
        readers = [pool.submit(_read, person, outcome, over) for person, _ in opened[:READERS]]
        for sender in [pool.submit(_send, sending, outcome) for _ in range(SENDERS)]:
            sender.result()
        over.set()
        for reader in readers:
            reader.result()
    outcome.lasted_s = time.monotonic() - began
    outcome.look_ups = {name: count - before.get(name, 0) for name, count in _looked_up(stack).items()}
    return outcome


class Sending:
    """Whose turn it is, and when: the senders share it."""

    def __init__(
        self, gateway_url: str, references: Sequence[str], rate: float, began: float, lasts_s: float
    ) -> None:
        self.gateway_url, self.references = gateway_url, references
        self.rate, self.began, self.count = rate, began, int(rate * lasts_s)
        self._turns = itertools.count()  # its next() is one step, whichever thread takes it

    def turns(self) -> Iterator[str]:
        """Wait for each turn of this sender, and give what the hint is about."""
        while (turn := next(self._turns)) < self.count:
            time.sleep(max(0.0, self.began + turn / self.rate - time.monotonic()))
            yield self.references[turn % len(self.references)]


def _send(sending: Sending, outcome: Outcome) -> None:
    """Send hints by the leanest of clients: it must not be what is slow."""
    with urllib3.PoolManager(maxsize=1, retries=False) as http:
        for reference in sending.turns():
            url = f"{sending.gateway_url}/api/v1/payment-callbacks"
            answer = http.request("POST", url, fields={"id": reference}, encode_multipart=False)
            outcome.hints[answer.status] += 1


def _read(person: Person, outcome: Outcome, over: threading.Event) -> None:
    for path in itertools.cycle(READS):
        if over.is_set():
            return
        began = time.monotonic()
        outcome.reads[person.ask("GET", path).status_code] += 1
        outcome.reads_s.append(time.monotonic() - began)


def _looked_up(stack: Stack) -> dict[str, int]:
    """Return how often the provider was asked, by payment."""
    billing = fsck.where(stack).open()["billing"]
    with billing.client:
        attempts = billing["payments"].find({}, {"id": 1, "look_ups": 1})
        return {each["id"]: each["look_ups"] for each in attempts}


def main() -> int:
    """Have the flood, print what was seen; return 1 when something did not hold."""
    infrastructure.forget(NAME)
    with inhabited(NAME, [carteville.TOWN], town.QUICK) as stack:
        opened = payers(stack, people.households(stack), PAYERS)
        quiet = flood(stack, opened, rate=1.0, lasts_s=LASTS_S / 3)
        print(f"beside it: {quiet}")  # noqa: T201
        with slow_provider(stack):
            outcome = flood(stack, opened, RATE, LASTS_S)
    print(outcome)  # noqa: T201
    findings = outcome.findings()
    if outcome.p99_s > P99_MAX_S:
        findings.append(f"reads took {outcome.p99_s:.2f} s, {P99_MAX_S} are allowed")
    for finding in findings:
        print(finding)  # noqa: T201
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
