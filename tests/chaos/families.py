"""Families as they behave in real life: they ask again with the same key, and give up only after two minutes.

A `Family` makes one confirmation per `step`; what was sent and what was answered stays in `sent`, so that
every answer can be held against what was really done.
"""

import random
import time
import uuid
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from deploy.demo import carteville
from deploy.local.stack import Stack
from tests.chaos.witness import FAULT, Seen
from tests.journeys.people import OLDEST, TIMEOUT_S, YOUNGEST, Person, Refused

AGAIN_AFTER_S = 0.25
LATER = ("unavailable", "overloaded", "confirmation_in_progress", "provider_unavailable")

INVOICED = "Accueil du soir"
PREPAID = "Restauration scolaire"
HOT = "Atelier 1 place"
FREE = "Sport du soir"
KINDS = (INVOICED, PREPAID, HOT, FREE)
HOT_DAYS = 8
"""So few that families meet there; the days before them are left to tests that need a free seat."""
MOVES_UP_FROM_DAYS = 8
"""Nearer days may be past their cancelling deadline, after which who waits does not move up."""

ENTERING = 8


class NotAnsweredError(Exception):
    """Nobody answered a family in time."""


@dataclass
class Sent:
    """One confirmation or cancellation: what was asked under which key, how often, and what was answered."""

    path: str
    body: dict[str, Any]
    key: str = field(default_factory=lambda: str(uuid.uuid4()))
    answer: dict[str, Any] | None = None
    refusal: str | None = None
    tries: int = 0

    @property
    def answered(self) -> bool:
        return self.answer is not None or self.refusal is not None


class Patient(Person):
    """Asks again, under the same key, while the answer is "later" or there is none; keeps all it has seen.

    Where `forgives_faults`, a broken answer too is taken for "later".
    """

    tries = 0
    gives_up_after_s = 120.0
    forgives_faults = False

    def __init__(self, gateway_url: str) -> None:
        super().__init__(gateway_url)
        self.http.headers["Connection"] = "close"  # one that is closed while it idles would look like a fault
        self.seen: list[Seen] = []

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        deadline = time.monotonic() + self.gives_up_after_s
        while time.monotonic() < deadline:
            self.tries += 1
            response = self.ask_once(method, path, **options)
            if response is not None and not is_later(response) and not self._is_forgiven(response):
                return response
            time.sleep(AGAIN_AFTER_S)
        raise NotAnsweredError(f"{method} {path}")

    def _is_forgiven(self, response: requests.Response) -> bool:
        return self.forgives_faults and response.status_code >= FAULT

    def ask_once(self, method: str, path: str, **options: Any) -> requests.Response | None:
        """Ask one time; None when the connection broke."""
        began = time.monotonic()
        try:
            response = super().ask(method, path, **options)
        except requests.RequestException:
            response = None
        self.seen.append(Seen.of(f"{method} {path}", began, response))
        return response


def in_days(days: int) -> str:
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


def is_later(response: requests.Response) -> bool:
    return not response.ok and response.json().get("code") in LATER


class Family:
    """A family that books, pays, cancels and waits, drawing what it does from a seed."""

    def __init__(self, person: Patient, seed: str) -> None:
        self.person = person
        self.draw = random.Random(seed)
        self.sent: list[Sent] = []
        self.pays = True
        self.review: dict[str, Any] = {}
        self.child = person.children()[0]
        self.activities: dict[str, dict[str, Any]] = {}
        self.days: dict[str, list[str]] = {}
        for activity in person.get("/activities")["data"]:
            self._attend(activity)
        hot_days = self.days.get(HOT, [])
        self.days[HOT] = hot_days[-HOT_DAYS:]
        self.quiet_days = [day for day in hot_days[:-HOT_DAYS] if day >= in_days(MOVES_UP_FROM_DAYS)]

    def step(self) -> None:
        """Make one confirmation, asking on until it is answered, and pay what it holds."""
        choices = (self._invoiced, self._prepaid, self._hot, self._free, self._cancel, self._swap)
        [make] = self.draw.choices(choices, weights=(30, 25, 20, 5, 12, 8))
        sent = make() or self._invoiced() or self._anything()
        if sent is None:
            raise AssertionError(f"{self.person.login} finds nothing left to book")
        self.sent.append(sent)
        self.insist(sent)
        if sent.answer and self.pays:
            self._pay(sent.answer)

    def insist(self, sent: Sent) -> dict[str, Any] | None:
        """Send a confirmation until it is answered, always under its key; gives the answer of this time."""
        before = self.person.tries
        try:
            answer = self.person.post(sent.path, sent.body, sent.key)["confirmation"]
            sent.answer = sent.answer or answer
        except Refused as refused:
            answer, sent.refusal = None, refused.code
        sent.tries += self.person.tries - before
        return answer

    def about_to_ask_for(self, name: str, days: Iterable[str], expected: str) -> Sent:
        """Put the first of these days that would be answered so in the basket, reviewed and not yet sent."""
        for day in days:
            sent = self._reviewed([self._movement(name, day)])
            if sent and [line["expected"] for line in self.review["bookings"]] == [expected]:
                return sent
        raise AssertionError(f"no day of {name} would be {expected} for {self.person.login}")

    def ask_for(self, name: str, day: str) -> dict[str, Any] | None:
        """Book one day by a basket and a key of its own."""
        sent = self._reviewed([self._movement(name, day)])
        return sent and self.insist(sent)

    def booked(self) -> list[dict[str, Any]]:
        """The lines that gave this family a booking, a place in a queue, or a seat to pay."""
        lines = [line for sent in self.sent if sent.answer for line in sent.answer["lines"]]
        return [line for line in lines if line["verdict"] in ("accepted", "held", "waitlisted")]

    # ---- one confirmation each

    def _invoiced(self) -> Sent | None:
        return self._book(INVOICED, self.draw.randint(1, 3))

    def _prepaid(self) -> Sent | None:
        return self._book(PREPAID, self.draw.randint(1, 2))

    def _hot(self) -> Sent | None:
        return self._book(HOT, 1)

    def _free(self) -> Sent | None:
        return self._book(FREE, 1)

    def _book(self, name: str, count: int) -> Sent | None:
        days = self.draw.sample(self.days[name], min(count, len(self.days[name])))
        return self._reviewed([self._movement(name, day) for day in days])

    def _anything(self) -> Sent | None:
        """The first day that is left of anything."""
        left = ((name, day) for name in (FREE, INVOICED, PREPAID) for day in self.days[name])
        return next(filter(None, (self._reviewed([self._movement(name, day)]) for name, day in left)), None)

    def _swap(self) -> Sent | None:
        """One basket that gives a day back and takes another."""
        given = next((line for line in self.booked() if line["charging_mode"] == "prepaid"), None)
        if given is None or not self.days[PREPAID]:
            return None
        names = ("child_id", "activity_id", "centre_id", "day", "day_part")
        back = {"action": "cancel", **{name: given[name] for name in names}}
        return self._reviewed([back, self._movement(PREPAID, self.draw.choice(self.days[PREPAID]))])

    def _cancel(self) -> Sent | None:
        booked = self.booked()
        if not booked:
            return None
        return Sent(f"/bookings/{self.draw.choice(booked)['booking_id']}/cancellation", {})

    def _reviewed(self, movements: list[dict[str, Any]]) -> Sent | None:
        """Put movements in the basket and review it; None when nothing of them can be asked."""
        person = self.person
        draft = person.post("/drafts", {})["draft"]
        changed = person.patch(f"/drafts/{draft['id']}", {"add": movements, "remove": draft["movements"]})
        if not changed["draft"]["movements"]:
            return None
        try:
            self.review = person.get(f"/drafts/{draft['id']}/review")["review"]
        except Refused as refused:
            if refused.code == "draft_empty":
                return None
            raise
        return Sent(f"/drafts/{draft['id']}/confirmation", {"quote_id": self.review["quote_id"]})

    # ---- paying

    def _pay(self, confirmation: dict[str, Any]) -> None:
        """Two families in three pay at once, some of them all that is due; the others let their hold run."""
        if confirmation["payment"]["state"] != "due" or self.draw.random() > 2 / 3:
            return
        try:
            page = self._page_of(confirmation)
        except Refused as refused:
            if refused.code in ("nothing_due", "hold_expired", "payment_page_open"):
                return
            raise
        click_pay(page)

    def _page_of(self, confirmation: dict[str, Any]) -> str:
        """Open the page of this order, or of all that is due at its cash office.

        A page that was opened before and never paid, since something died, may keep all from being paid now.
        """
        key = str(uuid.uuid4())
        [office, *_] = confirmation["payment"]["offices"]
        if self.draw.random() < 1 / 3:
            return self.person.start_payment_of_all(office["cash_office_id"], key=key)["page_url"]
        return self.person.start_payment(confirmation["id"], key=key)["page_url"]

    # ---- what there is

    def _attend(self, activity: dict[str, Any]) -> None:
        """Keep the first activity of each kind that has days for the child, with these."""
        name = next((each for each in KINDS if activity["name"].startswith(each)), None)
        if name and name not in self.days and (days := self._open_days(activity)):
            self.activities[name], self.days[name] = activity, days

    def _open_days(self, activity: dict[str, Any]) -> list[str]:
        """The days of six weeks that the child may ask for."""
        span = {"from": in_days(0), "to": in_days(42)}
        found = self.person.get(
            "/calendar", **{"child": self.child["id"], "activity": activity["id"], **span}
        )
        return [
            day["day"]
            for series in found["series"]
            for day in series["days"]
            if day["state"] in ("open", "waiting_open", "full")
        ]

    def _movement(self, name: str, day: str) -> dict[str, Any]:
        return self.person.movement(self.child, self.activities[name], day)


def click_pay(page_url: str) -> None:
    """Pay on the provider's page, and go away without looking at what comes then."""
    requests.post(page_url, {"choice": "pay"}, timeout=TIMEOUT_S, allow_redirects=False)


def entered(stack: Stack, count: int) -> list[Family]:
    """Log families of Carteville in, whose children may book everything that is booked here."""
    today = datetime.now(UTC).date()
    files = (f for f in carteville.TOWN.families(today) if f.children and "@" in f.guardians[0].login)
    fitting = [
        f for f in files if all(YOUNGEST < (today - c.birth_on).days / 366 < OLDEST for c in f.children)
    ]
    found: list[Family] = []
    with ThreadPoolExecutor(ENTERING) as pool:
        while fitting and len(found) < count:
            files = [fitting.pop(0) for _ in range(min(len(fitting), count - len(found)))]
            entering = pool.map(lambda file: _enter(stack, file.guardians[0].email, file.reference), files)
            found += filter(None, entering)
    return found


def _enter(stack: Stack, login: str, reference: str) -> Family | None:
    """Log a family in; None where the child is not enrolled in one of the activities."""
    family = Family(Patient.logged_in(stack.gateway_url, login), reference)
    return family if family.activities.keys() == set(KINDS) else None
