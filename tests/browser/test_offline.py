"""Without a connection: what is said, what is kept, what can be read, and what is gone with whom it is of."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.looking import assert_clean_at

PHONE = 390
WIDTHS = (1280, 390, 320)
CARD = "caches.has('card')"
WHOLE_CARD = (
    "async () => navigator.serviceWorker.controller && await caches.match('/today/kept', {cacheName: 'card'})"
)
"""A cache is there as soon as it is opened: a page that is left then keeps an empty one."""
IN_A_TEST = "in-incognito"
"""What tests run in, where nothing is ever installed."""
AGE = """async () => {
    const cards = await caches.open("card"), card = await cards.match("/today/kept");
    const headers = new Headers(card.headers);
    headers.set("Expires", new Date(Date.now() - 1000).toUTCString());
    await cards.put("/today/kept", new Response(await card.text(), { headers }));
}"""


def without_connection(page: Page, path: str) -> None:
    page.context.set_offline(True)
    page.goto(path)


def log_in_and_have_the_card(page: Page, family) -> None:
    steps.log_in(page, family)
    page.wait_for_function(WHOLE_CARD)


def heading(page: Page):
    return page.get_by_role("heading", level=1)


def full_name(family) -> str:
    return f"{family.guardians[0].first_name} {family.guardians[0].last_name}"


def test_the_portal_can_be_installed(open_page):
    page = open_page(PHONE)
    page.goto("/carteville")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    devtools = page.context.new_cdp_session(page)
    manifest = devtools.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert '"start_url": "/carteville"' in manifest["data"]
    errors = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [each["errorId"] for each in errors if each["errorId"] != IN_A_TEST] == []


def test_a_page_without_a_connection_says_so_and_leads_on_when_it_is_back(open_page, onlookers, keep):
    page = open_page(PHONE, lost=True)
    log_in_and_have_the_card(page, onlookers)
    without_connection(page, "/balance")
    expect(heading(page)).to_have_text("Pas de connexion")
    assert_clean_at(page, WIDTHS, "no connection")
    keep(page, "offline-320")
    page.context.set_offline(False)
    page.get_by_role("link", name="Réessayer").click()
    expect(heading(page)).to_have_text("Mon solde")


def test_todays_card_is_read_without_a_connection_and_says_as_of_when(open_page, onlookers, keep):
    page = open_page(PHONE, lost=True)
    log_in_and_have_the_card(page, onlookers)
    without_connection(page, "/bookings")
    page.get_by_role("link", name="La fiche du jour").click()
    expect(page.locator("#kept")).to_contain_text("Voici la fiche telle qu\u2019elle était à")
    for child in onlookers.children:
        expect(page.get_by_role("heading", name=child.first_name)).to_be_visible()
    expect(page.locator("#main")).to_contain_text(onlookers.guardians[0].last_name)
    assert page.locator("main a[href^='tel:']").count() >= 1
    assert page.locator("form").count() == 0
    assert_clean_at(page, WIDTHS, "today's card without a connection")
    keep(page, "today-kept-320")


def test_after_a_log_out_nothing_of_a_family_is_read_without_a_connection(open_page, onlookers):
    page = open_page(lost=True)
    log_in_and_have_the_card(page, onlookers)
    page.locator(".who summary").click()
    page.locator("#log-out").click()
    expect(page.get_by_label("Identifiant")).to_be_visible()
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    assert not page.evaluate(CARD)
    for path in ("/today", "/today/kept", "/home"):
        without_connection(page, path)
        expect(heading(page)).to_have_text("Pas de connexion")
        for name in (onlookers.guardians[0].last_name, *(child.first_name for child in onlookers.children)):
            assert name not in page.locator("body").inner_text()
        expect(page.locator("[data-card]").first).to_be_hidden()


def test_the_card_is_gone_when_somebody_logs_out_without_a_connection(open_page, onlookers):
    page = open_page(lost=True)
    log_in_and_have_the_card(page, onlookers)
    page.context.set_offline(True)
    page.locator(".who summary").click()
    page.locator("#log-out").click()
    expect(page.locator("#toast")).to_contain_text("La connexion a été perdue")
    assert not page.evaluate(CARD)


def test_the_card_is_gone_when_the_session_is_over_and_is_then_whose_logs_in(open_page, onlookers, family):
    page = open_page(lost=True)
    log_in_and_have_the_card(page, onlookers)
    page.context.clear_cookies(name="session")
    page.goto("/home")
    expect(page.get_by_label("Identifiant")).to_be_visible()
    page.wait_for_function(f"async () => !await {CARD}")
    log_in_and_have_the_card(page, family)
    without_connection(page, "/today")
    expect(page.locator("#main")).to_contain_text(full_name(family))
    expect(page.locator("#main")).not_to_contain_text(full_name(onlookers))


def test_the_card_is_gone_when_its_day_has_passed(open_page, onlookers):
    page = open_page(lost=True)
    log_in_and_have_the_card(page, onlookers)
    page.goto("/sessions")
    page.evaluate(AGE)
    without_connection(page, "/today")
    expect(heading(page)).to_have_text("Pas de connexion")
    assert not page.evaluate(CARD)


@pytest.mark.parametrize("worker", [True, False])
def test_a_form_that_does_not_arrive_keeps_what_was_typed_and_is_sent_again(
    open_page, onlookers, worker, keep
):
    page = open_page(PHONE, lost=True, worker=worker)
    page.goto("/")
    if worker:
        page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    page.context.set_offline(True)
    expect(page.locator("#toast")).to_contain_text("Ce que vous avez saisi reste ici")
    steps.fill_in(page, onlookers.guardians[0].email)
    expect(page.locator("#toast")).to_contain_text("l\u2019envoyer à nouveau ne fait rien deux fois")
    expect(page.get_by_label("Identifiant")).to_have_value(onlookers.guardians[0].email)
    assert page.locator(".sending").count() == 0
    keep(page, f"form-not-sent-{PHONE}")
    page.context.set_offline(False)
    page.get_by_role("button", name="Réessayer").click()
    expect(heading(page)).to_contain_text("Bonjour")


def test_a_line_that_is_cut_unnoticed_keeps_what_was_typed_too(open_page, onlookers, line):
    page = open_page(PHONE, lost=True, address=line.address)
    page.goto("/")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    line.cut()
    steps.fill_in(page, onlookers.guardians[0].email)
    expect(page.locator("#toast")).to_contain_text("La connexion a été perdue")
    expect(page.get_by_label("Identifiant")).to_have_value(onlookers.guardians[0].email)
    line.mend()
    page.get_by_role("button", name="Réessayer").click()
    expect(heading(page)).to_contain_text("Bonjour")


def test_a_page_that_comes_by_half_is_not_shown_as_if_it_were_whole(open_page, onlookers, line):
    page = open_page(PHONE, lost=True, address=line.address)
    log_in_and_have_the_card(page, onlookers)
    line.break_after(4000)
    page.goto("/home")
    expect(heading(page)).to_have_text("Pas de connexion")
    line.mend()
    page.get_by_role("link", name="Réessayer").click()
    expect(heading(page)).to_contain_text("Bonjour")


def test_an_answer_that_comes_by_half_changes_nothing_and_can_be_asked_for_again(open_page, family, line):
    page = open_page(PHONE, lost=True, address=line.address)
    log_in_and_have_the_card(page, family)
    steps.open_planning(page, "Restauration scolaire")
    line.break_after(1500)
    steps.free_days(page).last.click()
    expect(page.locator("#toast")).to_contain_text("votre choix n\u2019est pas pris en compte")
    line.mend()
    page.get_by_role("button", name="Réessayer").click()
    expect(page.locator("#days .draft-book")).to_have_count(1)
