"""What families do on a phone, counted in taps: a tap more fails."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Locator, Page, expect

from chassis.testing.waiting import eventually
from tests.browser import steps
from tests.journeys.people import Person, coming_weeks

PHONE = 390
CANTEEN = "Restauration scolaire"


class Finger:
    """A finger on a phone: it counts what it presses; what is typed is no tap."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0

    def tap(self, what: Locator | str) -> None:
        found = self.page.locator(what).first if isinstance(what, str) else what.first
        expect(found).to_be_visible()
        found.click()
        self.taps += 1

    def menu(self, word: str) -> None:
        self.tap(self.page.locator(".top nav a", has_text=word))


@pytest.fixture
def phone(open_page):
    def begin(family, **options):
        page = open_page(PHONE, **options)
        steps.log_in(page, family)
        return Finger(page)

    return begin


def choose(finger: Finger, day: Locator) -> None:
    if steps.is_scripted(finger.page):
        with finger.page.expect_response("**/planning/draft"):
            finger.tap(day)
    else:
        finger.tap(day)


def a_free_day(finger: Finger) -> None:
    """Choose the last free day of the month that is shown; months of which none is free are passed."""
    while not steps.free_days(finger.page).count():
        finger.tap("#month-after")
        finger.taps -= 1  # how far away a day is, is not the page's doing
    choose(finger, steps.free_days(finger.page).last)


def paid_days(stack, family, count):
    """Book and pay days of the canteen; returns them."""
    person = Person.logged_in(stack.gateway_url, family.guardians[0].email)
    [child, *_], canteen = person.children(), person.activity(CANTEEN)
    days = [day["day"] for day in person.days(child, canteen)][-count:]
    booked = person.book(*(person.movement(child, canteen, day) for day in days))
    person.pay(booked["id"])
    seats = [line["booking_id"] for line in booked["lines"]]
    eventually(lambda: all(person.state(seat) == "accepted" for seat in seats))
    return days


@pytest.mark.parametrize("javascript", [True, False])
def test_one_day_is_booked_in_five_taps_from_home_to_the_provider(phone, family, javascript):
    finger = phone(family, javascript=javascript)
    finger.menu("Planning")
    finger.tap(steps.chip(finger.page, CANTEEN))
    a_free_day(finger)
    finger.tap("#to-review-bar")
    finger.tap("#confirm-bar")
    finger.page.wait_for_url(steps.PROVIDER)
    assert finger.taps == 5


def test_a_week_for_all_children_is_booked_in_seven_taps(phone, large_family):
    finger = phone(large_family)
    finger.menu("Planning")
    finger.tap(finger.page.get_by_role("link", name="Ensemble"))
    finger.tap("#week-after")
    finger.tap(finger.page.get_by_role("button", name="Plusieurs jours"))
    finger.page.locator("#bulk-activity").select_option(label=_option(finger.page, CANTEEN))
    finger.tap("#bulk-add")
    finger.tap("#to-review-bar")
    expect(finger.page.locator(".group")).to_have_count(len(large_family.children))
    finger.tap("#confirm-bar")
    finger.page.wait_for_url(steps.PROVIDER)
    assert finger.taps == 7


def _option(page: Page, begins: str) -> str:
    words = page.locator("#bulk-activity option").all_inner_texts()
    return next(word for word in words if word.startswith(begins))


def test_five_days_are_cancelled_in_eight_taps(phone, family, stack, keep):
    paid_days(stack, family, 5)
    finger = phone(family)
    finger.menu("Réservations")
    keep(finger.page, f"bookings-{PHONE}")
    ticks = finger.page.locator("#bookings label:has([name=cancel])")
    expect(ticks.nth(4)).to_be_visible()
    last = ticks.count()
    for number in range(last - 5, last):
        finger.tap(ticks.nth(number))
    finger.tap("#cancel-bar")
    expect(finger.page.locator("#account-total")).to_have_text("0,00\u00a0€")
    expect(finger.page.locator("#sum")).to_contain_text("avoir")
    keep(finger.page, f"review-cancellations-{PHONE}")
    finger.tap("#confirm-bar")
    expect(finger.page.locator("#done")).to_contain_text("Annulation enregistrée")
    assert finger.taps == 8
    keep(finger.page, f"outcome-cancelled-{PHONE}")


def test_two_kept_orders_are_paid_in_one_tap_from_home_to_the_provider(phone, family, stack, keep, open_page):
    person = Person.logged_in(stack.gateway_url, family.guardians[0].email)
    [child, *_], canteen = person.children(), person.activity(CANTEEN)
    days = [day["day"] for day in person.days(child, canteen)][-2:]
    kept = [person.book(person.movement(child, canteen, day)) for day in days]
    due = sum(round(100 * float(each["payment"]["amount_due"]["amount"])) for each in kept)
    amount = f"{due // 100},{due % 100:02d}\u00a0€"
    finger = phone(family)
    button = finger.page.get_by_role("button", name="Tout payer")
    expect(button).to_contain_text(amount)
    keep(finger.page, f"home-to-pay-{PHONE}")
    finger.page.set_viewport_size({"width": 1280, "height": 900})
    keep(finger.page, "home-to-pay-1280")
    office = finger.page.locator("form[action^='/pay/office/']").get_attribute("action")
    finger.page.goto(office)
    expect(finger.page.locator("#pay-total")).to_have_text(amount)
    keep(finger.page, "pay-all-1280")
    finger.page.set_viewport_size({"width": PHONE, "height": 844})
    keep(finger.page, f"pay-all-{PHONE}")
    finger.page.goto("/home")
    finger.tap(button)
    finger.page.wait_for_url(steps.PROVIDER)
    assert finger.taps == 1
    steps.pay(finger.page)
    expect(finger.page.locator("#paid")).to_contain_text(amount)
    expect(finger.page.locator("#orders .card")).to_have_count(2)
    expect(finger.page.locator("#next")).to_contain_text("Premier jour")
    keep(finger.page, f"outcome-paid-together-{PHONE}")
    finger.page.set_viewport_size({"width": 1280, "height": 900})
    keep(finger.page, "outcome-paid-together-1280")
    seats = [line["booking_id"] for each in kept for line in each["lines"]]
    eventually(lambda: all(person.state(seat) == "accepted" for seat in seats))
    [paid] = person.get("/payments")["data"]
    assert round(100 * float(paid["amount"]["amount"])) == due


def test_a_receipt_is_found_in_one_tap(phone, family, stack):
    paid_days(stack, family, 1)
    finger = phone(family)
    finger.menu("Solde")
    expect(finger.page.locator("#payments")).to_contain_text("R-ENFANCE-")
    assert finger.taps == 1


def test_a_message_is_read_in_two_taps(phone, family, stack, keep):
    paid_days(stack, family, 1)
    person = Person.logged_in(stack.gateway_url, family.guardians[0].email)
    eventually(lambda: person.get("/messages")["data"])
    finger = phone(family)
    finger.tap(".post")
    keep(finger.page, f"messages-{PHONE}")
    finger.tap("#messages a")
    expect(finger.page.locator("#letter p").first).not_to_be_empty()
    assert finger.taps == 2
    keep(finger.page, f"message-{PHONE}")


def test_the_language_is_changed_in_one_tap(phone, family):
    finger = phone(family)
    finger.tap(".tongues button")
    expect(finger.page.locator("html")).to_have_attribute("lang", "en")
    assert finger.taps == 1


def test_the_month_is_printed_in_three_taps(phone, onlookers):
    finger = phone(onlookers)
    finger.page.add_init_script("window.print = () => { window.printed = true }")
    finger.menu("Planning")
    finger.tap(steps.chip(finger.page, CANTEEN))
    finger.tap("[data-print]")
    assert finger.page.evaluate("window.printed")
    assert finger.taps == 3


def test_a_waiting_list_is_left_in_three_taps(phone, family, stack):
    person = Person.logged_in(stack.gateway_url, family.guardians[0].email)
    listed = _on_a_waiting_list(person)
    finger = phone(family)
    finger.menu("Réservations")
    leave = finger.page.locator(f"a[href*='{listed}']")
    expect(leave).to_contain_text("Quitter la liste")
    finger.tap(leave)
    finger.tap("#cancel")
    expect(finger.page.locator("#done")).to_be_visible()
    assert finger.taps == 3
    eventually(lambda: person.state(listed) == "cancelled")


def _on_a_waiting_list(person: Person) -> str:
    """Put a child on a waiting list of any activity; returns the booking."""
    activities = {each["id"]: each for each in person.get("/activities")["data"]}
    first, last = coming_weeks(datetime.now(UTC).date())
    full = [
        (child, series["activity_id"], day["day"])
        for child in person.children()
        for series in person.get("/calendar", child=child["id"], **{"from": first, "to": last})["series"]
        for day in series["days"]
        if day["state"] == "waiting_open"
    ]
    for child, activity_id, day in full:
        answer = person.book(person.movement(child, activities[activity_id], day))
        if answer["lines"][0]["verdict"] == "waitlisted":
            return answer["lines"][0]["booking_id"]
    raise AssertionError("no day has a waiting list for these children")


def test_who_was_logged_out_meanwhile_comes_back_to_the_basket_and_is_told_why(phone, family, stack):
    finger = phone(family)
    finger.menu("Planning")
    finger.tap(steps.chip(finger.page, CANTEEN))
    a_free_day(finger)
    finger.tap("#to-review-bar")
    finger.page.context.add_cookies([{"name": "session", "value": "x" * 43, "url": stack.gateway_url}])
    finger.tap("#confirm-bar")
    expect(finger.page.get_by_role("status")).to_contain_text("Votre session est terminée")
    steps.fill_in(finger.page, family.guardians[0].email)
    finger.taps += 1
    expect(finger.page.get_by_role("heading", level=1)).to_contain_text("Vérifiez avant")
    finger.tap("#confirm-bar")
    finger.page.wait_for_url(steps.PROVIDER)
    assert finger.taps == 7
