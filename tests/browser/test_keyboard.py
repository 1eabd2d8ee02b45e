"""Keyboard only: every step of the main job is reached by Tab and done by Enter or Space."""

import re

from playwright.sync_api import Page, expect

from deploy.demo import carteville
from tests.browser import steps

TABS_MAX = 250


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on what the selector names; it must be visible there."""
    for _ in range(TABS_MAX):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
            assert page.evaluate(
                "() => { const s = getComputedStyle(document.activeElement);"
                " return s.outlineStyle !== 'none' || s.boxShadow !== 'none'; }"
            ), f"no visible focus on {selector}"
            return
    raise AssertionError(f"{selector} is not reached by Tab")


def test_from_the_log_in_to_a_paid_booking_without_a_mouse(open_page, family, stack):
    page = open_page(1280)
    page.goto("/")
    tab_to(page, "#login")
    page.keyboard.type(family.guardians[0].email)
    tab_to(page, "#password")
    page.keyboard.type(carteville.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bonjour")

    steps.open_planning(page, "Restauration scolaire Les Tilleuls")
    tab_to(page, "#days button.open")
    page.keyboard.press("Space")
    expect(page.locator("#to-review").first).to_be_visible()
    tab_to(page, "#to-review")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/review"))
    tab_to(page, "#confirm")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.startswith(stack.payment_url))
    tab_to(page, "button[value=pay]")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/payments/return"))
    expect(page.locator("#paid")).to_be_visible()
