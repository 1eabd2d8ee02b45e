"""Every page at every width: axe finds nothing, nothing scrolls sideways, all is light and large enough."""

import gzip

from playwright.sync_api import Page, expect

from deploy.demo import valmont
from tests.browser import steps
from tests.browser.looking import assert_clean, assert_clean_at, assert_fits, violations

PAGES = (
    "/home",
    "/planning",
    "/planning/week",
    "/dev/components",
    "/review",
    "/bookings",
    "/requests",
    "/balance",
    "/messages",
    "/preferences",
    "/sessions",
    "/today",
    "/today/kept",
    "/offline",
    "/plan-du-site",
    "/accessibilite",
)
WIDTHS = (1280, 768, 390, 320)  # 320 is 1280 at four times its size
TWICE_AS_LARGE = {"width": 640, "height": 450}  # 1280 x 900 at twice its size
WEIGHT_MAX = 100_000


def see_all(page: Page, paths: dict[str, str] | tuple[str, ...]) -> None:
    named = paths if isinstance(paths, dict) else dict.fromkeys(paths)
    for name, path in named.items():
        page.set_viewport_size(TWICE_AS_LARGE)
        page.goto(path or name)
        assert_fits(page, f"{name} twice as large")
        assert_clean_at(page, WIDTHS, name)


def test_axe_finds_something_on_a_page_that_is_wrong(open_page):
    page = open_page()
    page.set_content("<main><h1>A page</h1><img src='data:,'><input><button>x</button></main>")
    assert len(violations(page)) >= 2


def test_axe_finds_nothing_on_the_pages_of_a_family_that_has_done_nothing_yet(open_page, family):
    page = open_page(refused=True)
    page.goto("/")
    assert_clean_at(page, WIDTHS, "log-in")
    page.locator("#login").fill("personne@carteville.example")
    page.locator("#password").fill("une phrase que personne ne sait")
    page.locator("#log-in").click()
    expect(page.locator("#log-in-error")).to_be_visible()
    assert_clean_at(page, WIDTHS, "refused log-in")
    steps.log_in(page, family)
    see_all(page, PAGES)
    see_all(page, {"no booking": "/bookings?from=2090-01-01", "no answer": "/planning/day?for=nobody&day=x"})


def test_axe_finds_nothing_on_the_pages_of_a_family_that_has_booked_and_paid(open_page, lived_in):
    household, paths = lived_in
    page = open_page()
    steps.log_in(page, household)
    see_all(page, {**paths, "/home": "", "/bookings": "", "/requests": "", "/balance": "", "/messages": ""})


def test_axe_finds_nothing_on_the_way_from_the_planning_to_the_review(open_page, family, keep):
    page = open_page()
    steps.log_in(page, family)
    page.locator(".who summary").click()
    assert_clean_at(page, WIDTHS, "menu")
    page.set_viewport_size({"width": 1280, "height": 900})
    steps.open_planning(page, "mercredi")
    assert_clean_at(page, WIDTHS, "planning of an activity")
    steps.choose_free_day(page)
    assert_clean_at(page, WIDTHS, "planning with a choice")
    page.get_by_role("button", name="Plusieurs jours").click()
    expect(page.locator("#bulk-count strong")).to_be_visible()
    assert violations(page) == [], "many days at once"
    page.keyboard.press("Escape")
    expect(page.locator("#bulk")).to_be_hidden()
    keep(page, "planning-wednesdays-320")
    see_all(page, ("/review", "/home"))
    keep(page, "review-320")


def test_a_day_is_44_px_wide_on_the_narrowest_phone(open_page, family):
    page = open_page(320)
    steps.log_in(page, family)
    steps.open_planning(page, "Restauration scolaire")
    box = steps.free_days(page).first.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44


def test_the_second_organisation_is_as_clean_and_leads_back(open_page, stack):
    page = open_page()
    steps.log_in_as(page, valmont.TOWN.newcomers[0].email)
    there = steps.change_organisation(page)
    see_all(page, ("/home", "/planning", "/bookings", "/balance"))
    page.set_viewport_size({"width": 1280, "height": 900})
    assert steps.change_organisation(page) != there
    assert_clean_at(page, WIDTHS, "back in the first organisation")


def test_the_pages_speak_english_to_who_asks_for_it(open_page, keep):
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
