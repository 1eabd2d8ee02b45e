"""What a person does on the family's pages, step by step, as tests tell it."""

import re

from playwright.sync_api import Locator, Page, expect

from deploy.demo import carteville
from deploy.demo.people import Family

FREE = re.compile(r"Libre")
PROVIDER = re.compile(r"/pay/[^/]+$")


def log_in(page: Page, family: Family) -> None:
    log_in_as(page, family.guardians[0].email)
    expect(page.get_by_role("heading", level=1)).to_have_text("Mon compte famille")


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
    options = page.locator("#activity option")
    wanted = next(o for o in options.all() if o.inner_text().strip().startswith(activity))
    page.goto(f"/planning?activity={wanted.get_attribute('value')}")
    while free_days(page).count() < days:
        page.goto("/planning" + page.locator("#month-after").get_attribute("href"))


def free_days(page: Page) -> Locator:
    return page.locator("#days").get_by_role("button", name=FREE)


def choose_free_day(page: Page) -> str:
    """Click the last free day of the month; returns what it was called."""
    day = free_days(page).last
    name = day.inner_text()
    day.click()
    expect(page.locator("#to-review").first).to_be_visible()
    return name


def confirm(page: Page) -> None:
    page.locator("#to-review").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Récapitulatif")
    page.locator("#confirm").click()


def pay(page: Page) -> None:
    """From the outcome of a confirmation to the provider's page and back."""
    page.locator("#pay").click()
    page.locator("#pay-1").click()
    page.wait_for_url(PROVIDER)
    page.locator("button[name=choice][value=pay]").click()
    page.wait_for_url(re.compile(r"/payments/return"))
