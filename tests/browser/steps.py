"""What a person does on the family's pages, step by step, as tests tell it."""

import re

from playwright.sync_api import Locator, Page, expect

from deploy.demo import carteville
from deploy.demo.people import Family

FREE = re.compile(r"Libre")
PROVIDER = re.compile(r"/pay/[^/]+$")


def log_in(page: Page, family: Family) -> None:
    log_in_as(page, family.guardians[0].email)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bonjour")


def log_in_as(page: Page, login: str) -> None:
    page.goto("/")
    fill_in(page, login)
    page.wait_for_url(re.compile("/home$"))


def fill_in(page: Page, login: str) -> None:
    page.get_by_label("Identifiant").fill(login)
    page.get_by_label("Mot de passe").fill(carteville.PASSWORD)
    page.locator("#log-in").click()


def change_organisation(page: Page) -> str:
    """Consult the other organisation of the account; returns its name."""
    page.locator(".who summary").click()
    choice = page.locator("#membership")
    here = choice.input_value()
    there = next(o for o in choice.locator("option").all() if o.get_attribute("value") != here)
    name = there.inner_text()
    choice.select_option(there.get_attribute("value"))
    page.get_by_role("button", name="Changer", exact=True).click()
    expect(page.locator(".brand")).to_contain_text(name)
    return name


def open_planning(page: Page, activity: str, days: int = 1) -> None:
    """Open the planning on one activity, in the first month that has so many free days of it."""
    page.goto("/planning")
    href = chip(page, activity).get_attribute("href")
    assert href is not None
    page.goto(href)
    while free_days(page).count() < days:
        page.goto(str(page.locator("#month-after").get_attribute("href")))


def chip(page: Page, activity: str) -> Locator:
    """The activity of this name among the chips."""
    return page.locator(".chips a", has_text=activity).first


def free_days(page: Page) -> Locator:
    return page.locator("#days").get_by_role("button", name=FREE)


def choose_free_day(page: Page) -> str:
    """Click the last free day of the month; returns what it was called."""
    day = free_days(page).last
    name = day.inner_text()
    with page.expect_response("**/planning/draft") if is_scripted(page) else page.expect_navigation():
        day.click()
    expect(page.locator("#to-review").first).to_be_visible()
    return name


def is_scripted(page: Page) -> bool:
    """Whether the page's own script has run."""
    return page.locator("html.js").count() > 0


def review(page: Page) -> None:
    page.locator("#to-review").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vérifiez avant")


def confirm(page: Page) -> None:
    """From the planning to what comes after the confirmation: the provider's page, or the outcome."""
    review(page)
    page.locator("#confirm").click()


def pay(page: Page) -> None:
    """Pay on the provider's page, and come back."""
    page.wait_for_url(PROVIDER)
    page.locator("button[name=choice][value=pay]").click()
    page.wait_for_url(re.compile(r"/payments/return"))
