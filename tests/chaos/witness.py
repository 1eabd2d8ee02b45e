"""What families saw of a fault: every answer with its time, and whether people may be given such a one."""

import itertools
import threading
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

import requests

from tests.journeys.people import TIMEOUT_S, Person

TOLD_WITHIN_S = 3.0
UNAVAILABLE = 503
FAULT = 500
STRANGER = 401
TOLD_AS = ("application/problem+json", "text/html")
PAGES = ("/planning", "/bookings", "/balance")
LOOKS_EVERY_S = 0.3


@dataclass(frozen=True)
class Seen:
    """One answer: when it was asked for (monotonic), how long it took, 0 as status where there was none."""

    asked: str
    at: float
    took_s: float
    status: int
    retry_after: str
    kind: str
    trace: bool = False

    @classmethod
    def of(cls, asked: str, began: float, response: requests.Response | None) -> "Seen":
        took_s = time.monotonic() - began
        if response is None:
            return cls(asked, began, took_s, 0, "", "")
        retry_after = response.headers.get("Retry-After", "")
        kind, trace = response.headers.get("Content-Type", ""), "Traceback" in response.text
        return cls(asked, began, took_s, response.status_code, retry_after, kind, trace)

    @property
    def answered_at(self) -> float:
        """When the answer was there: of a call that was begun before a fault, perhaps in it."""
        return self.at + self.took_s

    def wrong(self, told_within_s: float = TOLD_WITHIN_S) -> str | None:
        """Say what is wrong with it: no answer, a stack trace, a wrong 503, or one that came too late."""
        if self.status == 0:
            return f"{self.asked} was not answered"
        if self.took_s > told_within_s:
            return f"{self.asked} was answered {self.status} after {self.took_s:.1f} s"
        if self.trace:
            return f"{self.asked} showed a stack trace"
        if self.status == STRANGER or 300 <= self.status < 400:
            return f"{self.asked} took who is logged in for a stranger ({self.status})"
        if self.status == UNAVAILABLE:
            truthful = self.kind.startswith(TOLD_AS) and self.retry_after.isdigit()
            return None if truthful else f"{self.asked} was answered 503 and not told when to come back"
        return f"{self.asked} was answered {self.status}" if self.status >= FAULT else None


def wrongs(seen: Iterable[Seen], told_within_s: float = TOLD_WITHIN_S) -> list[str]:
    """Everything that people should not have seen."""
    return [wrong for each in seen if (wrong := each.wrong(told_within_s))]


def summary(seen: Sequence[Seen]) -> str:
    """How many answers were good, and how many said "later"; and the slowest."""
    if not seen:
        return "asked nothing"
    counts = Counter("later" if each.status == UNAVAILABLE else "answered" for each in seen)
    slowest = max(each.took_s for each in seen)
    return f"{counts['answered']} answered, {counts['later']} told to come back, slowest {slowest:.1f} s"


class Visitor:
    """A logged-in person's browser that goes from page to page; `seen` keeps what came."""

    def __init__(self, person: Person) -> None:
        self.seen: list[Seen] = []
        self._gateway_url = person.gateway_url
        self._token = str(person.http.headers["Authorization"]).removeprefix("Bearer ")
        self._left = threading.Event()
        self._walking = threading.Thread(target=self._walk, daemon=True)

    def __enter__(self) -> Self:
        self._walking.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._left.set()
        self._walking.join()

    def _walk(self) -> None:
        for page in itertools.cycle(PAGES):
            if self._left.wait(LOOKS_EVERY_S):
                return
            began = time.monotonic()
            try:
                response = self._open(page)
            except requests.RequestException:
                response = None
            self.seen.append(Seen.of(f"page {page}", began, response))

    def _open(self, page: str) -> requests.Response:
        return requests.get(
            f"{self._gateway_url}{page}",
            cookies={"session": self._token},
            allow_redirects=False,
            timeout=TIMEOUT_S,
        )
