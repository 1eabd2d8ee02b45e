"""Pages as some people need them: in their own colours or spacing, without motion, on paper."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.looking import assert_fits, scrolls_sideways, space_out, violations

LISTS = ("/home", "/bookings", "/requests", "/balance", "/messages", "/sessions", "/review")
MOVING = """
() => [...document.querySelectorAll("*")]
  .filter((e) => getComputedStyle(e).transitionDuration !== "0s").length
"""
PRESSED = """
() => [...document.querySelectorAll("button, .btn, nav, .skip, footer")]
  .filter((e) => e.checkVisibility() && !e.closest(".cal, .week, .offer"))
  .map((e) => e.outerHTML.slice(0, 80))
"""
LAYOUTS = """
() => [...new Set([...document.querySelectorAll("main table")].map((e) => getComputedStyle(e).display))]
"""
PAPER = {"width": 718, "height": 1047}  # what a sheet of A4 leaves between its margins


@pytest.fixture
def reading(open_page, lived_in):
    """The page of a family that has something on every page, and the addresses."""
    household, paths = lived_in
    page = open_page()
    steps.log_in(page, household)
    return page, (*LISTS, "/planning", *paths.values())


def colour(page: Page, selector: str, of: str) -> str:
    return page.evaluate("([s, p]) => getComputedStyle(document.querySelector(s))[p]", [selector, of])


def test_in_high_contrast_every_page_keeps_its_meaning(reading, keep):
    page, paths = reading
    page.emulate_media(forced_colors="active")
    for path in paths:
        page.goto(path)
        assert violations(page, contrast=False) == [], path
        assert_fits(page, path)
    page.goto("/home")
    current, other = "nav a[aria-current]", "nav a:not([aria-current])"
    assert colour(page, current, "borderBottomColor") != colour(page, other, "borderBottomColor")
    steps.open_planning(page, "Restauration scolaire")
    keep(page, "planning-high-contrast")
    page.goto("/dev/components")
    assert colour(page, ".day.open", "borderTopColor") != colour(page, ".day.closed", "borderTopColor")


def test_with_the_readers_own_spacing_nothing_is_cut_off(reading):
    page, paths = reading
    for path in paths:
        page.goto(path)
        space_out(page)
        for width in (1280, 390, 320):
            page.set_viewport_size({"width": width, "height": 900})
            assert_fits(page, f"{path} at {width}")


def test_who_wants_no_motion_gets_none(reading):
    page, _ = reading
    steps.open_planning(page, "Restauration scolaire")
    assert page.evaluate(MOVING) > 0
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(MOVING) == 0


def test_a_sheet_of_paper_holds_the_list_as_a_table_and_nothing_to_press(reading, keep):
    page, paths = reading
    page.set_viewport_size(PAPER)
    page.emulate_media(media="print")
    for path in paths:
        page.goto(path)
        assert page.evaluate(PRESSED) == [], path
        assert page.evaluate(LAYOUTS) in ([], ["table"]), path
        expect(page.locator(".onpaper").first).to_contain_text("imprimé le")
        assert scrolls_sideways(page) <= 0, path
    for path in LISTS:
        page.goto(path)
        keep(page, f"paper-{path[1:]}")
