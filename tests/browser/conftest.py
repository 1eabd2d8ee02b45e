"""A stack with its towns and Chromium in front of it; a console error fails the test that saw it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect, sync_playwright

from chassis.testing.waiting import eventually
from deploy.local.system_packages import find_browser
from tests.browser.households import of_les_tilleuls
from tests.browser.line import Line
from tests.journeys.people import Person, eats_at_school
from tests.towns import inhabited

PATIENCE_MS = 60_000
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
REFUSAL = "Failed to load resource: the server responded with a status of"
LOST = ("net::ERR_", "htmx:")
NO_WORKER = "Service Worker registration blocked"
SCREENSHOTS = Path(__file__).parent / "screenshots"
expect.set_options(timeout=PATIENCE_MS)
AXE = Path(__file__).parent / "vendor" / "axe.min.js"


@pytest.fixture(scope="session")
def stack():
    with inhabited("browser") as running:
        yield running


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def households(stack):
    """Families whose children all eat at Les Tilleuls; none is used twice."""
    today = datetime.now(UTC).date()
    return [family for family in of_les_tilleuls(today) if eats_at_school(stack, family)]


@pytest.fixture
def family(households):
    """A family of one child as long as there is one: those of several are few, and asked for by others."""
    return households.pop(next((n for n, f in enumerate(households) if len(f.children) == 1), -1))


@pytest.fixture
def large_family(households):
    return households.pop(next(n for n, f in enumerate(households) if len(f.children) > 1))


@pytest.fixture(scope="session")
def onlookers(households):
    """A family of several children that only looks at pages, and books nothing; it may be used often."""
    return households.pop(next(n for n, f in enumerate(households) if len(f.children) > 1))


@pytest.fixture(scope="session")
def lived_in(stack, households):
    """A family with something on every page: a login, and the addresses of what became of its bookings."""
    household = households.pop()
    person = Person.logged_in(stack.gateway_url, household.guardians[0].email)
    [child, *_], canteen = person.children(), person.activity("Restauration scolaire")
    days = [day["day"] for day in person.days(child, canteen)][-4:]
    held, paid, refused, waiting = (person.book(person.movement(child, canteen, day)) for day in days)
    receipt = person.pay(paid["id"])
    declined = person.pay(refused["id"], "refuse")
    started = person.start_payment(waiting["id"])
    seat = paid["lines"][0]
    [office] = held["payment"]["offices"]
    eventually(lambda: person.state(seat["booking_id"]) == "accepted")
    back = "/payments/return?payment="
    paths = {
        "outcome, to pay": f"/confirmations/{held['id']}",
        "outcome, paid": f"/confirmations/{paid['id']}",
        "request": f"/requests/{paid['requests'][0]['id']}",
        "payment": f"/pay/{held['id']}",
        "all that is due": f"/pay/office/{office['cash_office_id']}",
        "payment of all": f"/pay/office/{held['payment']['offices'][0]['cash_office_id']}",
        "paid": back + receipt["id"],
        "refused": back + declined["id"],
        "waiting": back + started["id"],
        "cancellation": f"/bookings/{seat['booking_id']}/cancel?child={seat['child_id']}&day={seat['day']}",
        "day": f"/planning/day?for={child['id']}&day={seat['day']}",
    }
    return household, paths


@pytest.fixture
def open_page(stack, chromium):
    """Open pages by width; at the end, none of them may have complained on its console.

    `refused` is for pages that tell of a refusal: a browser notes on its console that they are none. `lost`
    is for what is asked without a connection. `address` leads to the gateway otherwise than directly.
    """
    contexts, complaints = [], []

    def at(
        width: int = 1280,
        *,
        javascript: bool = True,
        locale: str = "fr-FR",
        refused: bool = False,
        lost: bool = False,
        worker: bool = True,
        address: str = "",
    ) -> Page:
        def hear(said: ConsoleMessage) -> None:
            expected = (
                (refused and REFUSAL in said.text)
                or (lost and any(sign in said.text for sign in LOST))
                or (not worker and NO_WORKER in said.text)
            )
            if said.type in {"error", "warning"} and not expected:
                complaints.append(said.text)

        context = chromium.new_context(
            base_url=address or stack.gateway_url,
            service_workers="allow" if worker else "block",
            viewport={"width": width, "height": 900},
            java_script_enabled=javascript,
            locale=locale,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", hear)
        return page

    yield at
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def line(stack):
    """A line to the gateway that can be cut."""
    line = Line(stack.gateway_url)
    yield line
    line.close()


@pytest.fixture
def keep(request):
    """Keep a screenshot to be looked at."""
    SCREENSHOTS.mkdir(exist_ok=True)

    def take(page: Page, name: str) -> None:
        page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)

    return take
