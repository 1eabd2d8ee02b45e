"""People of Carteville as the journeys meet them: each speaks to the gateway over HTTP and nothing else."""

import csv
import time
import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Self

import requests

from chassis.testing.waiting import eventually
from deploy.demo import carteville, valmont
from deploy.demo.people import Family
from deploy.demo.year import school_year
from deploy.local.stack import Stack

TIMEOUT_S = 30
"""How soon an answer comes is measured by bench/ and by `make chaos-faults`, which have the machine alone."""
SESSION_CACHED_S = 1.0
COMING = timedelta(weeks=7)
UNDECIDED = {"created", "redirected", "checking"}
YOUNGEST, OLDEST = 6, 11
"""So many years do those have whom every activity admits, for months to come."""
OVER = {"cancelled", "expired", "lost", "refused"}
"""States of a booking that no longer keeps its child from anything."""


class Refused(Exception):  # noqa: N818 - an answer, not a fault
    def __init__(self, response: requests.Response) -> None:
        self.status = response.status_code
        self.problem = response.json()
        self.code = self.problem.get("code")
        super().__init__(f"{self.status} {self.code}: {self.problem}")


class Person:
    """Somebody with a login, or without one yet."""

    def __init__(self, gateway_url: str) -> None:
        self.gateway_url = gateway_url
        self.http = requests.Session()
        self.offer: dict[str, list[dict[str, Any]]] = {}

    @classmethod
    def logged_in(cls, gateway_url: str, login: str) -> Self:
        person = cls(gateway_url)
        answer = person.post("/sessions", {"login": login, "password": carteville.PASSWORD})
        person.http.headers["Authorization"] = f"Bearer {answer['token']}"
        person.login = login
        person.session()  # as a browser goes on to the next page: what nobody claims is soon over
        return person

    # ---- HTTP

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        url = f"{self.gateway_url}/api/v1{path}"
        return self.http.request(method, url, timeout=TIMEOUT_S, **options)

    def get(self, path: str, **params: Any) -> dict[str, Any]:
        return self._answer(self.ask("GET", path, params=params))

    def post(self, path: str, body: dict[str, Any], key: str | None = None) -> dict[str, Any]:
        headers = {"Idempotency-Key": key} if key else {}
        return self._answer(self.ask("POST", path, json=body, headers=headers))

    def patch(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return self._answer(self.ask("PATCH", path, json=body))

    @staticmethod
    def _answer(response: requests.Response) -> dict[str, Any]:
        if not response.ok:
            raise Refused(response)
        return response.json() if response.content else {}

    # ---- what families do

    def session(self) -> dict[str, Any]:
        return self.get("/sessions/current")["session"]

    def switch(self, organisation_id: str) -> None:
        self._answer(
            self.ask("PUT", "/sessions/current/organisation", json={"organisation_id": organisation_id})
        )
        time.sleep(SESSION_CACHED_S)  # other workers may know the former organisation for that long

    def children(self) -> list[dict[str, Any]]:
        return self.get("/children")["data"]

    def activity(self, name: str) -> dict[str, Any]:
        """The activity of that name in which the first child finds a free day."""
        child = self.children()[0]
        named = [each for each in self.get("/activities")["data"] if each["name"].startswith(name)]
        return next(each for each in named if self.days(child, each))

    def days(
        self, child: dict[str, Any], activity: dict[str, Any], state: str = "open"
    ) -> list[dict[str, Any]]:
        """The days of the coming weeks in which the child finds the activity in `state`."""
        first, last = coming_weeks(datetime.now(UTC).date())
        asked = {"child": child["id"], "activity": activity["id"], "from": first, "to": last}
        [series] = self.get("/calendar", **asked)["series"]
        return [day for day in series["days"] if day["state"] == state]

    def free_days(self, child: dict[str, Any], activity: dict[str, Any]) -> list[str]:
        """The open days on which the child is expected nowhere else at these hours.

        The demo town books children here and there, and an open seat is refused to a child that is elsewhere.
        """
        hours = activity["day_parts"][0]
        busy = {each["day"] for each in self.bookings(child=child["id"]) if _keeps_from(each, hours)}
        return [day["day"] for day in self.days(child, activity) if day["day"] not in busy]

    def movement(
        self, child: dict[str, Any], activity: dict[str, Any], day: str | date, action: str = "book"
    ) -> dict[str, Any]:
        return {
            "action": action,
            "child_id": child["id"],
            "activity_id": activity["id"],
            "centre_id": activity["centre_ids"][0],
            "day": str(day),
            "day_part": activity["day_parts"][0]["day_part"],
        }

    def draft(self, *movements: dict[str, Any]) -> dict[str, Any]:
        draft = self.post("/drafts", {})["draft"]
        answer = self.patch(f"/drafts/{draft['id']}", {"add": list(movements), "remove": draft["movements"]})
        assert answer["ignored"] == []
        return answer["draft"]

    def review(self, *movements: dict[str, Any]) -> dict[str, Any]:
        return self.get(f"/drafts/{self.draft(*movements)['id']}/review")["review"]

    def confirm(self, review: dict[str, Any], key: str | None = None) -> dict[str, Any]:
        path, consent = f"/drafts/{review['draft_id']}/confirmation", {"quote_id": review["quote_id"]}
        return self.post(path, consent, key or str(uuid.uuid4()))["confirmation"]

    def book(self, *movements: dict[str, Any]) -> dict[str, Any]:
        return self.confirm(self.review(*movements))

    def cancel(self, booking_id: str) -> dict[str, Any]:
        return self.post(f"/bookings/{booking_id}/cancellation", {}, str(uuid.uuid4()))["confirmation"]

    def start_payment(self, settlement_id: str, key: str | None = None) -> dict[str, Any]:
        order = {"settlement_id": settlement_id, "email": self.login, "return_path": "/payments/return"}
        return self.post("/payments", order, key or str(uuid.uuid4()))["payment"]

    def start_payment_of_all(self, cash_office_id: str, key: str | None = None) -> dict[str, Any]:
        order = {"cash_office_id": cash_office_id, "email": self.login, "return_path": "/payments/return"}
        return self.post("/payments", order, key or str(uuid.uuid4()))["payment"]

    def pay(self, settlement_id: str, choice: str = "pay") -> dict[str, Any]:
        """Open the provider's page and click on `choice`; returns the payment once that is known here."""
        payment = self.start_payment(settlement_id)
        page = requests.post(
            payment["page_url"], {"choice": choice}, timeout=TIMEOUT_S, allow_redirects=False
        )
        assert page.status_code == 303, page.text
        assert page.headers["Location"].startswith(self.gateway_url)
        return eventually(lambda: self._decided(payment["id"]))

    def _decided(self, payment_id: str) -> dict[str, Any] | None:
        payment = self.payment(payment_id)
        return payment if payment["state"] not in UNDECIDED else None

    def payment(self, payment_id: str) -> dict[str, Any]:
        return self.get(f"/payments/{payment_id}")["payment"]

    def booking(self, booking_id: str) -> dict[str, Any] | None:
        return next((each for each in self.bookings() if each["id"] == booking_id), None)

    def bookings(self, **filters: Any) -> list[dict[str, Any]]:
        found, cursor = [], None
        while True:
            page = self.get("/bookings", limit=100, **filters, **({"cursor": cursor} if cursor else {}))
            found += page["data"]
            cursor = page["next_cursor"]
            if cursor is None:
                return found

    def state(self, booking_id: str) -> str | None:
        booking = self.booking(booking_id)
        return booking and booking["state"]


def coming_weeks(today: date) -> tuple[date, date]:
    """The seven weeks from today, or from the first day of school when that is still to come.

    In summer the demo town offers the year that follows, and no day before it.
    """
    first = max(today, school_year(today).span.starts_on)
    return first, first + COMING


def _keeps_from(booking: dict[str, Any], hours: dict[str, Any]) -> bool:
    meets = booking["arrives_at"] < hours["leaves_at"] and hours["arrives_at"] < booking["leaves_at"]
    return meets and booking["state"] not in OVER


class Seats:
    """Days of scarce seats: each is given to one journey, and to no other ever after."""

    def __init__(self) -> None:
        self._given: set[tuple[str, str]] = set()

    def claim(self, activity: dict[str, Any], *claimants: tuple[Person, dict[str, Any]]) -> str:
        """The latest day on which each of these (person, child) could have the seat."""
        free = [set(person.free_days(child, activity)) for person, child in claimants]
        day = max(day for day in set.intersection(*free) if (activity["id"], day) not in self._given)
        self._given.add((activity["id"], day))
        return day


class Households:
    """Families of Carteville whose children are old enough for everything, each given once.

    None belongs to two files, or another family would book for it, or to two towns; all log in with a mail
    address, to which mails and receipts go. Those of several children are kept for who asks for `several`.
    """

    def __init__(self, files: Iterable[Family]) -> None:
        self._left = sorted(files, key=lambda file: len(file.children) > 1)

    def __iter__(self) -> Iterator[Family]:
        return self

    def __next__(self) -> Family:
        if not self._left:
            raise StopIteration
        return self._left.pop(0)

    def __len__(self) -> int:
        return len(self._left)

    def several(self) -> Iterator[Family]:
        """Give those of several children, the last ones first."""
        while self._left and len(self._left[-1].children) > 1:
            yield self._left.pop()


def households(stack: Stack) -> Households:
    """Give the families of this town, as it was loaded today."""
    return Households(file for file in fitting(datetime.now(UTC).date()) if eats_at_school(stack, file))


def fitting(today: date) -> list[Family]:
    """Give those of whom `Households` are made, but for whether they eat at school."""
    elsewhere = {guardian.email for guardian in valmont.TOWN.newcomers}
    files = list(carteville.TOWN.families(today))
    sharing = {
        reference for f in files for c in f.children if len(c.families) > 1 for reference in c.families
    }
    return [
        file
        for file in files
        if file.children
        and all(YOUNGEST < (today - child.birth_on).days / 366 < OLDEST for child in file.children)
        and file.reference not in sharing
        and "@" in file.guardians[0].login
        and file.guardians[0].login not in elsewhere
    ]


def eats_at_school(stack: Stack, family: Family) -> bool:
    """Whether every child of the family has an accepted enrolment in the canteen of its school."""
    with (stack.directory / "towns" / carteville.SLUG / "enrolments.csv").open(encoding="utf-8") as file:
        accepted = {
            (row["child_reference"], row["activity_reference"])
            for row in csv.DictReader(file, delimiter=";")
            if row["state"] == "accepted"
        }
    return all((child.reference, f"cantine-{child.school}") in accepted for child in family.children)


def cents(amount: dict[str, str]) -> int:
    assert amount["currency"] == "EUR"
    euros, _, rest = amount["amount"].partition(".")
    return int(f"{euros}{rest}")
