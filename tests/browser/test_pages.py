"""Every page at every width, in both languages: axe finds nothing, nothing scrolls sideways, all is light."""

import gzip

import pytest
from playwright.sync_api import Page

from tests.browser import steps
from tests.browser.conftest import AXE

PAGES = ("/home", "/planning", "/review", "/bookings", "/balance", "/messages", "/sessions")
WEIGHT_MAX = 100_000


def violations(page: Page) -> list[str]:
    """What axe-core finds; it runs beside the page's own policy, which admits no script but the page's."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}" for each in found for node in each["nodes"]
    ]


def assert_clean(page: Page, where: str) -> None:
    assert violations(page) == [], where
    sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert sideways <= 0, f"{where} scrolls sideways by {sideways} px"


@pytest.mark.parametrize("width", [1280, 768, 390, 320])
def test_axe_finds_nothing_on_any_page_and_none_scrolls_sideways(open_page, family, keep, width):
    page = open_page(width)
    page.goto("/")
    assert_clean(page, f"log-in at {width}")
    steps.log_in(page, family)
    for path in PAGES:
        response = page.goto(path)
        assert response.status in ({404} if path == "/bookings/nobody/cancel" else {200}), path
        assert_clean(page, f"{path} at {width}")
    steps.open_planning(page, "6-11 ans")
    steps.choose_free_day(page)
    assert_clean(page, f"planning with a choice at {width}")
    keep(page, f"planning-wednesdays-{width}")
    page.goto("/review")
    assert_clean(page, f"review at {width}")
    keep(page, f"review-{width}")


def test_an_address_that_is_none_is_answered_by_a_page_that_leads_back(open_page, family):
    page = open_page(1280)
    steps.log_in(page, family)
    # read beside the page, since a page that is not found is an error on its console
    answer = page.request.get("/bookings/nobody/cancel")
    assert answer.status == 404
    page.set_content(answer.text())
    assert page.get_by_role("link", name="Accueil").first.is_visible()
    assert violations(page) == []


def test_the_pages_speak_english_to_who_asks_for_it(open_page, family, keep):
    page = open_page(1280, locale="en-GB")
    page.goto("/")
    assert page.get_by_label("Password").is_visible()
    assert page.locator("html").get_attribute("lang") == "en"
    assert_clean(page, "log-in in English")
    keep(page, "login-english")


def test_a_first_visit_weighs_less_than_a_hundred_kilobytes_compressed(open_page):
    page = open_page(1280)
    bodies = []
    page.on("response", lambda response: bodies.append(response.body()))
    page.goto("/", wait_until="networkidle")
    assert len(bodies) > 1
    assert sum(len(gzip.compress(body)) for body in bodies) < WEIGHT_MAX
