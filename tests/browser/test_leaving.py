"""What stays in a browser: cookies, a path and today's card while one is there, nothing once one has left.

Files and the page without a connection may stay: they are about nobody. `test_offline` reads the card.
"""

import re

from playwright.sync_api import expect

from tests.browser import steps

STORED = """async () => [
    ...Object.keys(localStorage), ...Object.keys(sessionStorage),
    ...(await indexedDB.databases()).map((each) => each.name)
]"""
KEPT = """async () => {
    const names = await caches.keys()
    const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()))
    return kept.flat().map((request) => new URL(request.url).pathname).sort()
}"""
CARD = "/today/kept"
PUBLIC = re.compile(r"/offline|/(static|brand)/[\w.-]+")
"""What is kept for everybody: files by their content, and the page without a connection."""
PATH = "htmx-current-path-for-history"
"""Where one is: the address of a page, which holds ids alone."""
ADDRESS = re.compile(r"/planning\?[a-z]+=[0-9a-f-]+(&[a-z]+=[0-9a-f-]+)*")


def test_a_browser_stores_nothing_but_cookies_the_address_of_the_planning_and_todays_card(open_page, family):
    page = open_page()
    steps.log_in(page, family)
    for path in ("/home", "/bookings", "/balance", "/messages", "/sessions"):
        page.goto(path)
        assert page.evaluate(STORED) == [], path
    steps.open_planning(page, "Restauration scolaire")
    steps.choose_free_day(page)
    assert page.evaluate(STORED) == [PATH]
    assert ADDRESS.fullmatch(page.evaluate(f"sessionStorage['{PATH}']"))
    assert [path for path in page.evaluate(KEPT) if not PUBLIC.fullmatch(path)] == [CARD]


def test_after_a_log_out_nothing_is_stored_and_going_back_shows_nothing(open_page, family):
    page = open_page()
    steps.log_in(page, family)
    steps.open_planning(page, "Restauration scolaire")
    steps.choose_free_day(page)
    page.locator(".who summary").click()
    page.locator("#log-out").click()
    page.wait_for_url(re.compile(r"/carteville$"))
    assert page.evaluate(STORED) == []
    assert all(PUBLIC.fullmatch(path) for path in page.evaluate(KEPT))
    page.go_back()
    expect(page.get_by_label("Identifiant")).to_be_visible()
    expect(page.locator(".who")).to_have_count(0)
