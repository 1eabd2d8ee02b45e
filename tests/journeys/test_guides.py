"""The booking ways of guides 1 and 2, as they can be walked in the demo's own towns."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chassis.testing.waiting import eventually
from deploy.demo import carteville, valmont
from deploy.local import town
from tests.journeys.people import Person, cents

ASKING = "Garderie du soir"


@pytest.fixture(scope="module")
def owing():
    """The family that owes to its wallets what guide 1's does."""
    return carteville.TOWN.owing(carteville.TOWN.families(datetime.now(UTC).date()))


def answered(stack):
    """Answer Valmont's requests as the demo does every few seconds."""
    options = ["--organisation", valmont.SLUG, "--refuse-on", str(valmont.REFUSED_ON)]
    return town.run_command(stack, "booking", ["answer", *options])


def of_valmont(stack):
    logins = {who: login for login, who in valmont.TOWN.logins(datetime.now(UTC).date())}
    return Person.logged_in(stack.gateway_url, next(logins[who] for who in logins if "sur demande" in who))


def in_one_week(days):
    """A day and the Friday of its week: one period, and so one request."""
    given = [date.fromisoformat(day) for day in days]
    friday = next(f for f in given if f.isoweekday() == valmont.REFUSED_ON and f - timedelta(days=1) in given)
    return str(friday - timedelta(days=1)), str(friday)


def requests_of(person):
    return {each["id"]: each for each in person.get("/requests")["data"]}


def test_guide_1_shows_each_wallet_with_what_is_owed_and_the_total(stack, owing):
    person = Person.logged_in(stack.gateway_url, owing.guardians[0].login)
    page = person.get("/wallets")
    owed = {each["name"]: cents(each["balance"]) for each in page["data"] if cents(each["balance"])}
    assert owed == {"Accueil périscolaire": -1353, "Restauration": -7160}
    assert cents(page["amount_due"]) == 8513
    assert cents(page["estimated_balance"]) == -8513 - cents(page["bookings"])


def test_guide_1_mornings_cost_the_wallet_once_they_are_consumed_and_nothing_at_once(stack, owing):
    person = Person.logged_in(stack.gateway_url, owing.guardians[0].login)
    child, morning, day = next(
        (child, each, days[0])
        for child in person.children()
        for each in person.get("/activities")["data"]
        if each["name"].startswith("Accueil du matin") and (days := person.free_days(child, each))
    )
    before = cents(person.get("/wallets", until=day)["bookings"])
    review = person.review(person.movement(child, morning, day))
    assert (review["next"], cents(review["totals"]["amount_due"])) == ("ok", 0)
    [line] = person.confirm(review)["lines"]
    assert line["verdict"] == "accepted"
    eventually(lambda: cents(person.get("/wallets", until=day)["bookings"]) == before + cents(line["cost"]))
    assert cents(line["cost"]) > 0


def test_both_guardians_of_a_family_log_in_and_see_the_same_bookings(stack, owing):
    one, other = (Person.logged_in(stack.gateway_url, each.login) for each in owing.guardians)
    assert one.session()["account_id"] != other.session()["account_id"]
    assert [each["id"] for each in one.bookings()] == [each["id"] for each in other.bookings()]


def test_who_has_an_issued_identifier_logs_in_with_it_however_it_is_typed(stack):
    families = carteville.TOWN.families(datetime.now(UTC).date())
    login = next(f.guardians[0].login for f in families if "@" not in f.guardians[0].login)
    assert Person.logged_in(stack.gateway_url, f" {login.upper()} ").children()


def test_guide_2_a_request_gets_a_number_and_waits_then_is_answered(stack, mails):
    person = of_valmont(stack)
    child = person.children()[0]
    evening = person.activity(ASKING)
    other, friday = in_one_week(person.free_days(child, evening))
    confirmation = person.book(*(person.movement(child, evening, day) for day in (other, friday)))
    assert {line["verdict"] for line in confirmation["lines"]} == {"requested"}
    [request] = confirmation["requests"]
    assert request["number"]
    assert requests_of(person)[request["id"]]["state"] == "requested"
    eventually(lambda: any("demande" in mail["text"].lower() for mail in mails(person.login)))

    assert "1 refused" in answered(stack)
    said = {line["day"]: line["booking_id"] for line in confirmation["lines"]}
    eventually(lambda: person.state(said[other]) in {"accepted", "waitlisted"})
    eventually(lambda: person.state(said[friday]) == "refused")
    assert requests_of(person)[request["id"]]["state"] in {"partly_accepted", "waitlisted"}


def test_guide_2_a_cancellation_is_a_request_too_and_is_answered(stack):
    person = of_valmont(stack)
    child, evening = person.children()[-1], person.activity(ASKING)
    monday_to_thursday = [
        day
        for day in person.free_days(child, evening)
        if date.fromisoformat(day).isoweekday() != valmont.REFUSED_ON
    ]
    [line] = person.book(person.movement(child, evening, monday_to_thursday[-1]))["lines"]
    answered(stack)
    eventually(lambda: person.state(line["booking_id"]) == "accepted")

    leaving = person.cancel(line["booking_id"])
    assert [each["verdict"] for each in leaving["lines"]] == ["cancellation_requested"]
    assert leaving["requests"][0]["number"]
    answered(stack)
    eventually(lambda: person.state(line["booking_id"]) == "cancelled")
