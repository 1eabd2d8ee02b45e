"""Two windows on one basket, and the way back after paying: each page says what is so by now."""

import re

from playwright.sync_api import expect

from tests.browser import steps

CANTEEN = "Restauration scolaire Les Tilleuls"
LINES = "button[form=lines][name=undo]"
GONE = "validés ou abandonnés, peut-être dans une autre fenêtre"


def reviewed(page, family):
    steps.log_in(page, family)
    steps.open_planning(page, CANTEEN, days=2)
    steps.choose_free_day(page)
    steps.review(page)


def test_a_basket_that_another_window_emptied_is_told_and_nothing_is_booked(open_page, family):
    page = open_page(390)
    reviewed(page, family)
    other = page.context.new_page()
    other.goto("/review")
    other.locator(LINES).first.click()
    expect(other.locator("#confirm")).to_have_count(0)
    page.locator("#confirm").click()
    expect(page.locator("main")).to_contain_text(GONE)
    page.goto("/bookings")
    expect(page.locator("#confirm, #pay")).to_have_count(0)


def test_a_review_that_another_window_made_stale_is_shown_anew_before_it_counts(open_page, family):
    page = open_page(390)
    reviewed(page, family)
    before = page.locator(LINES).count()
    other = page.context.new_page()
    steps.open_planning(other, CANTEEN)
    steps.choose_free_day(other)
    page.locator("#confirm").click()
    expect(page.locator("#stale")).to_be_visible()
    assert page.locator(LINES).count() > before
    page.locator("#confirm").click()
    page.wait_for_url(steps.PROVIDER)


def test_what_one_window_confirmed_the_other_finds_done(open_page, family):
    page = open_page(390)
    reviewed(page, family)
    other = page.context.new_page()
    other.goto("/review")
    other.locator("#confirm").click()
    other.wait_for_url(steps.PROVIDER)
    page.locator("#confirm").click()
    page.wait_for_url(re.compile(r"/confirmations/|/pay/"))
    page.goto("/review")
    expect(page.locator("#confirm")).to_have_count(0)


def test_the_way_back_after_paying_shows_no_basket_that_could_be_paid_again(open_page, family):
    page = open_page(390)
    reviewed(page, family)
    page.locator("#confirm").click()
    steps.pay(page)
    expect(page.locator("#receipt-number")).to_be_visible()
    page.goto("/review")
    expect(page.locator("#confirm")).to_have_count(0)
    page.go_back()
    expect(page.locator("#receipt-number")).to_be_visible()
    while "/review" not in page.url:
        page.go_back()
    expect(page.locator("#confirm")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("Il n\u2019y a aucun changement à valider")
