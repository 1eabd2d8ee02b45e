"""What is one family's does not exist for others: every route, asked by everybody else for a family's things.

The things belong to a family of Carteville. A neighbour of the same town, a family of another town, somebody
who works for the town, and the family's own account while it consults the other town all get what they would
get for something that was never there.
"""

import re
import uuid
from dataclasses import asdict, dataclass
from typing import Any

import pytest
import requests
from bs4 import BeautifulSoup

from chassis.testing.waiting import eventually
from chassis.values.clock import Clock
from deploy.demo import carteville, valmont
from gateway import app, clients, policy
from gateway.settings import Settings
from tests.gateway.fake_bus import FakeBus
from tests.journeys.people import TIMEOUT_S, Person
from tests.journeys.routes import EVERYBODY, ROUTES, Route

OWNER = valmont.TOWN.newcomers[1].email
STAFF = "regie@carteville.example"
NOT_THERE = {404}
REFUSED = {303, 401}


@dataclass(frozen=True)
class Things:
    """What belongs to the family, by the name that paths and forms give it."""

    child: str
    activity: str
    centre: str
    day: str
    day_part: str
    draft: str
    quote: str
    confirmation: str
    request: str
    booking: str
    payment: str
    reference: str
    session: str
    valmont: str
    membership: str
    message: str
    receipt: str
    credit_note: str
    cash_office: str

    def never_there(self) -> "Things":
        """The same with ids that nothing has."""
        unknown = {name: str(uuid.uuid4()) for name in asdict(self) if name not in {"day", "day_part"}}
        return Things(**{**asdict(self), **unknown})


class Asker:
    """Somebody with both doors open: the interface with a token, the pages with a cookie."""

    def __init__(self, gateway_url: str, login: str | None = None) -> None:
        self.person = Person.logged_in(gateway_url, login) if login else Person(gateway_url)
        self.gateway_url = gateway_url
        self.browser = requests.Session()
        self.token = ""
        if login:
            self.token = self._token(f"/{carteville.SLUG}")
            credentials = {"login": login, "password": carteville.PASSWORD, "csrf_token": self.token}
            self._send("POST", f"/{carteville.SLUG}", data=credentials)
            self.token = self._token("/home")

    def switch(self, organisation_id: str) -> None:
        form = {"organisation_id": organisation_id, "csrf_token": self.token}
        assert self._send("POST", "/organisation", data=form).status_code == 303
        self.person.switch(organisation_id)
        self.token = self._token("/home")

    def ask(self, route: Route, things: Things | None) -> requests.Response:
        """Ask for the route, filled with the things; without them for what it shows by itself."""
        names = {**(asdict(things) if things else {}), "nonce": str(uuid.uuid4())}
        parts = (route.path, route.json, route.form, route.headers)
        path, json, form, headers = (_filled(part, names) for part in parts)
        if route.is_api:
            return self.person.ask(route.method, path.removeprefix("/api/v1"), json=json, headers=headers)
        data = None if form is None else {**form, "csrf_token": self.token}
        return self._send(route.method, path, data=data)

    def _send(self, method: str, path: str, **options: Any) -> requests.Response:
        url = self.gateway_url + path
        return self.browser.request(method, url, timeout=TIMEOUT_S, allow_redirects=False, **options)

    def _token(self, path: str) -> str:
        page = BeautifulSoup(self._send("GET", path).text, "html.parser")
        return str(page.select_one("[name=csrf_token]")["value"])


def _filled(part: Any, names: dict[str, str]) -> Any:
    if isinstance(part, str):
        return re.sub(r"\{(\w+)\}", lambda found: names[found[1]], part)
    if isinstance(part, dict):
        return {key: _filled(value, names) for key, value in part.items()}
    return [_filled(value, names) for value in part] if isinstance(part, list) else part


def prepaid(person: Person) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    """A child, something to be paid before that it may attend, and the days on which it is free."""
    for activity in person.get("/activities")["data"]:
        for child in person.children():
            days = person.free_days(child, activity) if activity["charging_mode"] == "prepaid" else []
            if len(days) > 2:
                return child, activity, days
    raise AssertionError("nothing to pay for")


def given_back(person: Person, movement: dict[str, Any]) -> tuple[str, str]:
    """Pay for a day and cancel it; returns the ids of the payment and of its credit note."""
    confirmation = person.book(movement)
    booking_id = confirmation["lines"][0]["booking_id"]
    payment = person.pay(confirmation["id"])
    eventually(lambda: person.state(booking_id) == "accepted")
    person.cancel(booking_id)
    notes = eventually(
        lambda: [n for n in person.get("/credit-notes")["data"] if n["booking_id"] == booking_id]
    )
    return payment["id"], notes[0]["id"]


@pytest.fixture(scope="module")
def owner(stack):
    return Person.logged_in(stack.gateway_url, OWNER)


@pytest.fixture(scope="module")
def things(stack, owner):
    child, activity, days = prepaid(owner)
    confirmation = owner.book(owner.movement(child, activity, days[0]))
    payment = owner.start_payment(confirmation["id"])
    receipt, credit_note = given_back(owner, owner.movement(child, activity, days[2]))
    movement = owner.movement(child, activity, days[1])
    review = owner.review(movement)
    elsewhere = Person.logged_in(stack.gateway_url, OWNER)
    towns = {each["slug"]: each["organisation_id"] for each in owner.session()["memberships"]}
    found = Things(
        child=child["id"],
        activity=activity["id"],
        centre=movement["centre_id"],
        day=str(days[0]),
        day_part=movement["day_part"],
        draft=review["draft_id"],
        quote=review["quote_id"],
        confirmation=confirmation["id"],
        request=confirmation["requests"][0]["id"],
        booking=confirmation["lines"][0]["booking_id"],
        payment=payment["id"],
        reference=payment["page_url"].rsplit("/", 1)[1],
        session=elsewhere.session()["id"],
        valmont=towns[valmont.SLUG],
        membership=owner.session()["membership_id"],
        cash_office=confirmation["payment"]["offices"][0]["cash_office_id"],
        message=eventually(lambda: owner.get("/messages")["data"])[0]["id"],
        receipt=receipt,
        credit_note=credit_note,
    )
    yield found
    assert_untouched(owner, found, days[1])


def assert_untouched(owner: Person, things: Things, chosen: str) -> None:
    """The family still has all that the others asked for."""
    assert owner.state(things.booking) == "held"
    draft = owner.get(f"/drafts/{things.draft}")["draft"]
    assert [movement["day"] for movement in draft["movements"]] == [chosen]
    assert things.session in {each["id"] for each in owner.get("/sessions")["data"]}
    assert owner.payment(things.payment)["state"] in {"created", "redirected", "checking"}


@pytest.fixture(scope="module")
def askers(stack, things, households):
    today = Clock().now().date()
    far = next(f for f in valmont.TOWN.families(today) if f.children and f.reference > "F0010")
    found = {
        "neighbour": Asker(stack.gateway_url, next(households).guardians[0].email),
        "stranger": Asker(stack.gateway_url, far.guardians[0].email),
        "staff": Asker(stack.gateway_url, STAFF),
        "switched": Asker(stack.gateway_url, OWNER),
    }
    found["switched"].switch(things.valmont)
    assert set(found) == set(EVERYBODY)
    return found


@pytest.fixture(scope="module")
def at_home(stack, things):
    return Asker(stack.gateway_url, OWNER)


@pytest.fixture(scope="module")
def nobody(stack):
    return Asker(stack.gateway_url)


@pytest.fixture(scope="module")
def secrets(owner, things):
    """What only the family may read."""
    told = asdict(things)
    for name in ("activity", "centre", "cash_office", "day", "day_part", "valmont"):
        del told[name]
    family = owner.get("/families/me")["family"]
    members = family["guardians"] + family["children"]
    return {*told.values(), family["id"], *(each["id"] for each in members)}


def asked_by_others(*kinds: str) -> list[tuple[str, Route]]:
    return [(who, route) for route in ROUTES if route.kind in kinds for who in route.askers]


def seen(response: requests.Response) -> tuple[Any, ...]:
    """What an asker can tell answers apart by, without the numbers that are new each time."""
    if "json" in response.headers.get("Content-Type", ""):
        said = response.json()
        return response.status_code, said.get("code"), said.get("title"), sorted(said)
    heading = BeautifulSoup(response.text, "html.parser").h1
    return response.status_code, response.headers.get("Location"), heading and heading.text


@pytest.fixture
def gateway():
    settings = Settings("http://portal.example", "carteville", "", 2.0, 0, cookie_secret="of nobody")
    return app.build(settings, clients.connect(FakeBus(), settings.rpc_timeout_s))


def test_every_route_has_its_line(gateway):
    served = {
        (method, rule.rule): policy.of(gateway, rule.endpoint)
        for rule in gateway.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert {(route.method, route.rule) for route in ROUTES} == set(served)
    opened = {(route.method, route.rule) for route in ROUTES if route.kind == "open"}
    assert opened == {named for named, who in served.items() if who not in policy.LOGGED_IN}


@pytest.mark.parametrize("route", [r for r in ROUTES if r.kind != "open"], ids=str)
def test_who_is_not_logged_in_learns_nothing(nobody, things, route):
    response = nobody.ask(route, things)
    assert response.status_code == (401 if route.is_api else 303)
    if not route.is_api:
        assert response.headers["Location"].startswith(f"/{carteville.SLUG}")


@pytest.mark.parametrize("route", [r for r in ROUTES if r.kind == "named" and r.method == "GET"], ids=str)
def test_the_family_itself_finds_its_things(at_home, things, route):
    assert at_home.ask(route, things).status_code == 200


@pytest.mark.parametrize(("who", "route"), asked_by_others("named", "told"), ids=str)
def test_what_is_another_familys_is_as_if_it_were_not_there(askers, things, secrets, who, route):
    response, none = askers[who].ask(route, things), askers[who].ask(route, things.never_there())
    assert seen(response) == seen(none)
    if route.kind == "named":
        assert response.status_code in (NOT_THERE | {403} if who == "staff" else NOT_THERE)
    assert_silent(response, route, things, kept_from(who, secrets, things))


@pytest.mark.parametrize(("who", "route"), asked_by_others("own"), ids=str)
def test_lists_hold_ones_own_and_nothing_else(askers, things, secrets, who, route):
    response = askers[who].ask(route, things)
    assert response.status_code in ({200, 201, 204, 403, 404} if who == "staff" else {200, 201, 404})
    assert_silent(response, route, things, kept_from(who, secrets, things))


def kept_from(who: str, secrets: set[str], things: Things) -> set[str]:
    """An account may choose its other memberships wherever it is."""
    return secrets - {things.membership} if who == "switched" else secrets


def assert_silent(response: requests.Response, route: Route, things: Things, secrets: set[str]) -> None:
    """Nothing is said that the asker did not say first."""
    asked = str(_filled([route.path, route.json or {}, route.form or {}], {**asdict(things), "nonce": ""}))
    told = {secret for secret in secrets if secret in response.text and secret not in asked}
    assert told == set()


def test_the_lists_of_the_family_itself_hold_what_nobody_else_may_read(at_home, things, secrets):
    texts = [at_home.ask(route, things).text for route in ROUTES if route.kind == "own" and route.askers]
    read = {secret for secret in secrets if any(secret in text for text in texts)}
    assert {things.child, things.booking, things.confirmation, things.draft, things.session} <= read
