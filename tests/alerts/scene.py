"""Where alerts are made to fire: a stack with families, a desk at the broker, and many who ask at once."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import requests
from pymongo import MongoClient
from pymongo.database import Database

from deploy.local.stack import Stack
from tests.alerts.prometheus import Watch
from tests.chaos.broker import Desk
from tests.chaos.families import PREPAID, Family
from tests.journeys.people import TIMEOUT_S


@dataclass(frozen=True)
class Scene:
    """A running stack, the families that have entered it, the administrator's desk, and the Prometheus.

    `others` are logins of people who have not entered: whoever logs in often ends older sessions of theirs.
    """

    stack: Stack
    families: Sequence[Family]
    others: Sequence[str]
    desk: Desk
    watch: Watch

    @contextmanager
    def database(self, service: str) -> Iterator[Database[dict[str, Any]]]:
        """Open the database of a service."""
        with MongoClient[dict[str, Any]](self.stack.mongodb_uri, tz_aware=True) as client:
            yield client[self.stack.databases[service]]

    def held(self, family: Family) -> dict[str, Any]:
        """Have a family hold a meal that it has not paid; give the confirmation."""
        sent = family.about_to_ask_for(PREPAID, family.days[PREPAID], "held")
        answer = family.insist(sent)
        assert answer is not None, sent.refusal
        return answer

    def log_in(self, login: str, password: str) -> int:
        """Try to log in once; give the status of the answer."""
        return self.post("/sessions", json={"login": login, "password": password})

    def post(self, path: str, **sent: Any) -> int:
        """Send something to the interface as nobody; give the status of the answer."""
        return requests.post(f"{self.stack.gateway_url}/api/v1{path}", timeout=TIMEOUT_S, **sent).status_code


@dataclass
class Asking:
    """Some who ask again and again, each with a rest in between; counts the answers by their status."""

    ask: Callable[[int], int]
    clients: int
    rest_s: float
    answers: Counter[int] = field(default_factory=Counter)

    @contextmanager
    def going_on(self) -> Iterator["Asking"]:
        """Let them ask until this is left."""
        over = threading.Event()
        threads = [
            threading.Thread(target=self._go_on, args=(number, over)) for number in range(self.clients)
        ]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            over.set()
            for thread in threads:
                thread.join()

    def _go_on(self, number: int, over: threading.Event) -> None:
        while not over.wait(self.rest_s):
            with suppress(requests.RequestException):
                self.answers[self.ask(number)] += 1
