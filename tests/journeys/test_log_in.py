"""Logging in on the pages: at which organisation one lands, and by what a device is known."""

import pytest
import requests
from bs4 import BeautifulSoup

from deploy.demo import carteville, valmont
from tests.journeys.people import TIMEOUT_S, Person, Refused

IN_BOTH = valmont.TOWN.newcomers[0].email


class Browser:
    """A browser that keeps cookies and sends the forms of pages."""

    def __init__(self, url):
        self.url, self.http = url, requests.Session()

    def open(self, path):
        return self.http.get(f"{self.url}{path}", timeout=TIMEOUT_S)

    def send(self, path, **fields):
        token = BeautifulSoup(self.open(path).text, "html.parser").select_one("[name=csrf_token]")["value"]
        form = {"csrf_token": token, **fields}
        return self.http.post(f"{self.url}{path}", form, timeout=TIMEOUT_S, allow_redirects=False)

    def log_in(self, slug, login):
        return self.send(f"/{slug}", login=login, password=carteville.PASSWORD)


@pytest.fixture
def browser(stack):
    return Browser(stack.gateway_url)


@pytest.mark.parametrize("town", [carteville.TOWN, valmont.TOWN], ids=["carteville", "valmont"])
def test_who_belongs_to_two_towns_lands_in_the_one_at_whose_page_they_log_in(browser, town):
    assert browser.log_in(town.slug, IN_BOTH).headers["Location"] == "/home"
    page = BeautifulSoup(browser.open("/home").text, "html.parser")
    assert town.name in page.select_one(".brand").text
    browser.http.cookies.pop("session")
    assert browser.open("/planning").url == f"{browser.url}/{town.slug}?next=/planning"


def test_a_login_that_a_telephone_wrote_is_taken(browser):
    login = IN_BOTH.upper().replace("@", "\uff20")
    assert browser.log_in("valmont", f"\u200b{login}\u00a0").headers["Location"] == "/home"


def test_a_browser_that_logged_in_before_is_not_kept_out_by_who_tries_its_login(browser, stack, households):
    login = next(households).guardians[0].email
    browser.log_in("carteville", login)
    stranger, codes = Person(stack.gateway_url), []
    for _ in range(7):
        with pytest.raises(Refused) as refused:
            stranger.post("/sessions", {"login": login, "password": "wrong-wrong-wrong"})
        codes.append(refused.value.code)
    assert codes == [*["invalid_credentials"] * 6, "too_many_attempts"]
    browser.http.cookies.pop("session")
    assert browser.log_in("carteville", login).status_code == 303
