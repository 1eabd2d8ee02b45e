"""Pages that say no: what is not there, not allowed, not reachable, not any more; each leads on."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.looking import assert_clean_at

WIDTHS = (1280, 390, 320)


def test_an_address_that_is_none_is_answered_by_a_page_that_leads_back(open_page, family):
    page = open_page(refused=True)
    steps.log_in(page, family)
    for path in ("/nowhere", "/confirmations/nobody", "/bookings/nobody/cancel", "/pay/nothing"):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 404, path
        assert_clean_at(page, WIDTHS if path == "/pay/nothing" else WIDTHS[-1:], path)
    page.goto("/nowhere")
    page.get_by_role("link", name="Retour à").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bonjour")


def test_who_belongs_to_no_family_is_told_so(open_page):
    page = open_page(refused=True)
    steps.log_in_as(page, "agent@carteville.example")
    assert_clean_at(page, WIDTHS, "staff at home")
    answer = page.goto("/balance")
    assert answer is not None
    assert answer.status == 404
    assert_clean_at(page, WIDTHS, "no family here")


def test_a_service_out_of_reach_is_told_with_a_way_to_try_again(open_page, family, stack):
    page = open_page(refused=True)
    steps.log_in(page, family)
    stack.stop_program("notify")
    try:
        answer = page.goto("/messages")
        assert answer is not None
        assert answer.status == 503
        assert_clean_at(page, WIDTHS, "out of reach")
    finally:
        stack.start_program("notify")
        stack.wait_ready("notify")
    page.get_by_role("link", name="Réessayer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Messages reçus")


def test_who_was_logged_out_meanwhile_logs_in_again_and_goes_on_where_they_were(open_page, family, stack):
    page = open_page()
    steps.log_in(page, family)
    page.context.add_cookies([{"name": "session", "value": "x" * 43, "url": stack.gateway_url}])
    page.goto("/balance")
    expect(page.get_by_role("status")).to_contain_text("Votre session est terminée")
    assert_clean_at(page, WIDTHS, "session over")
    steps.fill_in(page, family.guardians[0].email)
    page.wait_for_url(re.compile("/balance$"))


@pytest.mark.parametrize("javascript", [True, False])
def test_a_form_that_was_left_open_too_long_is_refused_without_harm(open_page, family, javascript):
    page = open_page(refused=True, javascript=javascript)
    steps.log_in(page, family)
    page.context.clear_cookies(name="form")
    page.locator(".who summary").click()
    page.locator("#log-out").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cette page a expiré")
    if javascript:
        assert_clean_at(page, WIDTHS, "form of an old page")


def test_a_page_that_waits_for_a_payment_shows_the_result_without_being_loaded_again(
    open_page, lived_in, stack
):
    household, paths = lived_in
    page = open_page()
    steps.log_in(page, household)
    page.goto(paths["waiting"])
    expect(page.locator("#waiting")).to_be_visible()
    page.evaluate("window.stayed = true")
    with page.expect_response(re.compile(r"/payments/return")):
        pass
    expect(page.locator("#waiting")).to_be_visible()
    assert page.evaluate("window.stayed")
