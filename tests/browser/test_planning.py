"""The planning on a phone: what is in sight, why a day is closed, what a failed tap says; and on paper."""

import gzip
import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, Route, expect

from deploy.demo import carteville
from tests.browser import steps
from tests.browser.looking import assert_fits, violations

CANTEEN = "Restauration scolaire"
PHONE = 390
TOP_MAX = 350
WEIGHT_MAX = 60_000


def calendar_top(page: Page) -> float:
    box = page.locator("table.cal, table.week").first.bounding_box()
    assert box is not None
    return box["y"]


def test_a_calendar_begins_within_the_first_350_pixels_of_a_phone(open_page, onlookers, keep):
    page = open_page(PHONE)
    steps.log_in(page, onlookers)
    steps.open_planning(page, CANTEEN)
    assert calendar_top(page) <= TOP_MAX
    keep(page, f"month-{PHONE}")
    page.goto("/planning/week")
    assert calendar_top(page) <= TOP_MAX
    keep(page, f"week-{PHONE}")
    page.goto("/planning")
    assert calendar_top(page) <= TOP_MAX
    keep(page, f"overview-{PHONE}")


@pytest.mark.parametrize("width", [320, PHONE])
def test_a_week_of_three_children_can_be_read_on_a_phone(open_page, keep, width):
    files = carteville.TOWN.families(datetime.now(UTC).date())
    page = open_page(width)
    steps.log_in(page, next(f for f in files if len(f.children) == 3 and f.language == "fr"))
    page.goto("/planning/week")
    assert_fits(page, "this week, in which nothing can be changed any more")
    page.locator("#week-after").click()
    page.wait_for_load_state("networkidle")
    assert_fits(page, "next week")
    keep(page, f"week-of-three-{width}")


def test_a_planning_weighs_less_than_sixty_kilobytes_compressed(open_page, onlookers):
    page = open_page(PHONE)
    steps.log_in(page, onlookers)
    bodies = []
    page.on("response", lambda response: bodies.append(response.body()))
    steps.open_planning(page, CANTEEN)
    page.wait_for_load_state("networkidle")
    bodies.clear()
    page.reload(wait_until="networkidle")
    assert sum(len(gzip.compress(body)) for body in bodies) < WEIGHT_MAX


def test_free_days_tell_their_seats_on_a_phone_and_activities_their_price(open_page, onlookers):
    page = open_page(PHONE)
    steps.log_in(page, onlookers)
    page.goto("/planning")
    expect(steps.chip(page, CANTEEN)).to_contain_text("€")
    steps.open_planning(page, CANTEEN)
    expect(steps.free_days(page).last.locator(".brief")).to_contain_text(re.compile(r"pl\.|libre"))


def test_a_day_that_cannot_be_chosen_says_why_and_whom_to_call(open_page, onlookers, keep):
    page = open_page(PHONE)
    steps.log_in(page, onlookers)
    steps.open_planning(page, CANTEEN)
    closed = page.locator("#days button[popovertarget]")
    while not closed.count():
        page.locator("#month-after").click()
    closed.first.click()
    sheet = page.locator(f"#{closed.first.get_attribute('popovertarget')}")
    expect(sheet).to_be_visible()
    expect(sheet.locator("p").first).not_to_be_empty()
    expect(sheet.locator("a[href^='tel:']")).to_be_visible()
    assert violations(page) == []
    keep(page, f"why-{PHONE}")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    assert page.evaluate("document.activeElement.hasAttribute('popovertarget')")


def test_a_tap_without_a_connection_says_so_and_can_be_done_again(open_page, family, keep):
    page = open_page(PHONE, lost=True)
    steps.log_in(page, family)
    steps.open_planning(page, CANTEEN)
    lost = "**/planning/draft"
    page.route(lost, lambda route: route.abort())
    steps.free_days(page).last.click()
    expect(page.locator("#toast")).to_contain_text("votre choix n\u2019est pas pris en compte")
    keep(page, f"no-connection-{PHONE}")
    assert page.locator("#days .draft-book").count() == 0
    page.unroute(lost)
    page.get_by_role("button", name="Réessayer").click()
    expect(page.locator("#days .draft-book")).to_have_count(1)
    expect(page.locator("#toast")).to_be_hidden()


def test_a_tap_is_seen_at_once(open_page, family):
    page = open_page(PHONE)
    steps.log_in(page, family)
    steps.open_planning(page, CANTEEN)
    waiting = []

    def wait(route: Route) -> None:
        waiting.append(route)

    page.route("**/planning/draft", wait)
    day = steps.free_days(page).last
    day.click()
    expect(page.locator("#days .sending[aria-busy=true]")).to_have_count(1)
    waiting[0].continue_()
    expect(page.locator("#days .draft-book")).to_have_count(1)
    expect(page.locator("#days .sending")).to_have_count(0)


def test_a_month_is_one_sheet_of_paper_on_its_side(open_page, onlookers):
    page = open_page(1280)
    steps.log_in(page, onlookers)
    page.goto("/planning")
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1
    steps.open_planning(page, CANTEEN)
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1


def test_the_way_back_from_the_review_is_the_planning_as_it_was(open_page, family):
    page = open_page(PHONE)
    steps.log_in(page, family)
    steps.open_planning(page, CANTEEN)
    there = page.url
    steps.choose_free_day(page)
    steps.review(page)
    page.locator("#to-planning").click()
    assert page.url == there
