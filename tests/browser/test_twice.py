"""A double click, by which people mean one thing: one order, and the page that says what became of it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import steps
from tests.journeys.people import Person

CANTEEN = "Restauration scolaire Les Tilleuls"
EVENING = "Accueil du soir Les Tilleuls"
"""Invoiced at the end of the month: nothing is to be paid now."""
OUTCOME = re.compile(r"/confirmations/[0-9a-f-]+(\?|$)")


def logged_in(stack, family):
    return Person.logged_in(stack.gateway_url, family.guardians[0].email)


def ordered(person):
    """How many requests, bookings and debts a family has."""
    paths = ("/requests", "/bookings", "/settlements/due")
    return [len(person.get(path, **({} if "due" in path else {"limit": 100}))["data"]) for path in paths]


@pytest.mark.parametrize("javascript", [True, False])
def test_a_double_click_on_confirm_makes_one_order_that_is_paid_once(open_page, family, stack, javascript):
    page, person = open_page(1280, javascript=javascript), logged_in(stack, family)
    requests, bookings, debts = ordered(person)
    steps.log_in(page, family)
    steps.open_planning(page, CANTEEN)
    steps.choose_free_day(page)
    steps.review(page)
    page.locator("#confirm").dblclick()
    page.wait_for_url(steps.PROVIDER)
    assert ordered(person) == [requests + 1, bookings + 1, debts + 1]
    steps.pay(page)
    expect(page.locator("#paid")).to_be_visible()
    [paid] = person.get("/payments")["data"]
    assert page.locator("#receipt-number").inner_text() == paid["receipt_number"]
    assert ordered(person)[2] == debts


def test_a_double_click_on_confirm_ends_on_the_outcome_where_nothing_is_to_be_paid(open_page, family, stack):
    page, person = open_page(1280), logged_in(stack, family)
    requests, bookings, debts = ordered(person)
    steps.log_in(page, family)
    steps.open_planning(page, EVENING)
    steps.choose_free_day(page)
    steps.review(page)
    page.locator("#confirm").dblclick()
    page.wait_for_url(OUTCOME)
    expect(page.locator("#done")).to_be_visible()
    assert ordered(person) == [requests + 1, bookings + 1, debts]
