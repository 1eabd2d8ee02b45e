"""From the log-in to a paid booking, to its avoir, to the next booking that the avoir pays."""

import re

import pytest
import requests
from playwright.sync_api import expect

from chassis.testing.waiting import eventually
from tests.browser import steps
from tests.journeys.people import TIMEOUT_S

CANTEEN = "Restauration scolaire Les Tilleuls"


@pytest.mark.parametrize("width", [1280, 390])
def test_a_family_books_pays_cancels_and_books_again_with_the_avoir(open_page, family, stack, keep, width):
    page = open_page(width)
    steps.log_in(page, family)
    keep(page, f"home-{width}")
    steps.open_planning(page, CANTEEN)
    keep(page, f"planning-{width}")
    steps.choose_free_day(page)
    keep(page, f"planning-chosen-{width}")
    steps.review(page)
    keep(page, f"review-{width}")
    page.locator("#confirm").click()
    steps.pay(page)
    expect(page.locator("#paid")).to_be_visible()
    expect(page.locator(".days")).to_contain_text("Restauration scolaire")
    receipt = page.locator("#receipt-number").inner_text()
    day, child = page.locator(".days .date .sr").inner_text(), page.locator(".days strong").inner_text()
    keep(page, f"paid-{width}")
    mails = f"{stack.mail_url}/api/messages"
    login = family.guardians[0].email
    eventually(
        lambda: any(
            receipt in m["subject"]
            for m in requests.get(mails, {"to": login}, timeout=TIMEOUT_S).json()["data"]
        )
    )

    page.goto("/bookings")
    keep(page, f"bookings-{width}")
    page.get_by_role("link", name=re.compile(rf"^Annuler, {CANTEEN}, {child}[^,]*, {day}")).click()
    page.locator("#cancel").click()
    page.wait_for_url(re.compile("/confirmations/"))
    expect(page.get_by_text("Annulée").first).to_be_visible()
    keep(page, f"cancelled-{width}")

    eventually(lambda: page.goto("/balance") and "A-ENFANCE-" in page.content())
    keep(page, f"balance-{width}")

    steps.open_planning(page, CANTEEN)
    steps.choose_free_day(page)
    page.locator("#to-review").first.click()
    expect(page.locator("#confirm")).to_contain_text("OK")
    keep(page, f"review-ok-{width}")
    page.locator("#confirm").click()
    expect(page.locator("#done")).to_be_visible()
    assert page.locator("#pay").count() == 0


def test_without_javascript_a_family_books_and_pays_all_the_same(open_page, family):
    page = open_page(1280, javascript=False)
    steps.log_in(page, family)
    steps.open_planning(page, CANTEEN)
    steps.choose_free_day(page)
    steps.confirm(page)
    steps.pay(page)
    page.reload()
    expect(page.locator("#paid")).to_be_visible()


def test_several_days_and_children_are_chosen_at_once_and_cleared_at_once(open_page, large_family):
    page = open_page(1280)
    steps.log_in(page, large_family)
    steps.open_planning(page, CANTEEN, days=2)
    for _ in range(2):
        steps.choose_free_day(page)
        page.wait_for_load_state("networkidle")
    expect(page.locator("#panel-title")).to_contain_text("2")
    page.get_by_role("button", name="Tout retirer").first.click()
    expect(page.locator("#to-review")).to_have_count(0)
