"""What families do before a dump is made: one of everything, so that every stored form is in it.

`live` ends with everything at rest. `begin_without_end` then leaves things in hand, as a machine has them
that loses its power: events that were not sent, a confirmation that was not answered, a letter that waits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import requests

from chassis.testing.waiting import eventually
from deploy.local.layout import SERVICES
from deploy.local.stack import Stack
from tests.chaos.families import FREE, HOT, INVOICED, KINDS, PREPAID, Family, Patient, click_pay
from tests.journeys.people import TIMEOUT_S, Person
from tests.releases.asked import consult
from tests.releases.small_towns import CARTEVILLE, VALMONT
from tests.releases.stored import Databases

WITHIN_S = 30
HOLD_S = 2
"""How long seats are held for those whose hold runs out."""
NEEDED = 8
NOT_SENT = {service: f"{service}.relay.before_publish=raise@1+" for service in ("booking", "billing")}
NOT_ANSWERED = "booking.confirm.after_seats=raise@2"
"""The first one that is confirmed then is answered; its events are what is not sent."""


@dataclass(frozen=True)
class InHand:
    """What a machine had in hand when it was switched off: three bookings, and the login of their families.

    Nobody was told of the first; the second was paid, and only billing knows; the third took its seat, and
    its family has no answer.
    """

    not_told: tuple[str, str]
    paid: tuple[str, str]
    not_answered: tuple[str, str]


def entered(stack: Stack, today: date) -> list[Family]:
    """Log in the families of Carteville alone whose first child may book everything that is booked here."""
    elsewhere = {guardian.email for guardian in VALMONT.newcomers}
    files = [each for each in CARTEVILLE.families(today) if each.children]
    logins = [(each.guardians[0].email, each.reference) for each in files]
    families = [
        Family(Patient.logged_in(stack.gateway_url, login), reference)
        for login, reference in logins
        if login not in elsewhere
    ]
    found = [family for family in families if family.activities.keys() == set(KINDS)]
    assert len(found) >= NEEDED, f"{len(found)} families can book everything, {NEEDED} must"
    return found


def live(stack: Stack, families: Sequence[Family]) -> None:
    """Do one of everything, and wait for what follows from it."""
    first, second, third, fourth, late, *_ = families
    _book_and_pay(first)
    _meet_at_one_seat(first, second, third)
    _give_back_and_book_again(fourth)
    _leave_a_basket(third)
    stack.restart("booking", {"BOOKING_HOLD_S": str(HOLD_S)})
    _let_holds_run_out(late, first)
    stack.restart("booking")


def live_in_both_towns(person: Person) -> None:
    """Have somebody who belongs to two organisations book in each."""
    for membership in person.session()["memberships"]:
        consult(person, membership["organisation_id"])
        child = person.children()[0]
        for activity in person.get("/activities")["data"]:
            if days := person.free_days(child, activity):
                person.book(person.movement(child, activity, days[-1]))


def begin_without_end(stack: Stack, families: Sequence[Family], databases: Databases) -> InHand:
    """Have families act whose acts come to no end as the programs are armed then."""
    first, second, third, *_ = families[5:]
    held, settlement_id = _booked(first, PREPAID, "held")
    stack.stop_program("mail")
    _booked(second, INVOICED, "accepted")
    eventually(lambda: databases["notify"]["messages"].find_one({"state": "queued"}), WITHIN_S)
    stack.restart("billing", {"FAILPOINTS": NOT_SENT["billing"]})
    stack.restart("booking", {"FAILPOINTS": f"{NOT_SENT['booking']},{NOT_ANSWERED}"})
    not_told, _ = _booked(second, INVOICED, "accepted")
    _pay(first, settlement_id)
    not_answered = _ask_in_vain(third, databases)
    logins = [family.person.login for family in (second, first, third)]
    return InHand(*zip((not_told, held, not_answered), logins, strict=True))


def switch_off(stack: Stack) -> None:
    """Stop every program that could end what was begun."""
    for program in ("gateway", *SERVICES):
        stack.stop_program(program)


# ---- one act each


def _book_and_pay(family: Family) -> None:
    """Two days paid before, and days that are free or come on a bill, one of which is given back."""
    for _ in range(2):
        paid, settlement_id = _booked(family, PREPAID, "held")
        _pay(family, settlement_id)
        _becomes(family, paid, "accepted")
    _booked(family, FREE, "accepted")
    for _ in range(2):
        billed, _ = _booked(family, INVOICED, "accepted")
    family.person.cancel(billed)
    _becomes(family, billed, "cancelled")


def _meet_at_one_seat(first: Family, second: Family, third: Family) -> None:
    """One has the seat and gives it back, the next moves up and has a day to pay, the third still waits."""
    won, settlement_id = _booked(first, HOT, "held")
    _pay(first, settlement_id)
    _becomes(first, won, "accepted")
    day = first.person.booking(won)["day"]
    waits = [_booked(family, HOT, "waitlisted", [day])[0] for family in (second, third)]
    _booked(third, INVOICED, "accepted")
    first.person.cancel(won)
    _becomes(second, waits[0], "held")


def _give_back_and_book_again(family: Family) -> None:
    """A payment that is refused and one that is made; an avoir of which a part is used."""
    dear, settlement_id = _booked(family, PREPAID, "held")
    refused = _pay(family, settlement_id, "refuse")
    eventually(lambda: family.person.payment(refused)["state"] == "refused", WITHIN_S)
    _pay(family, settlement_id)
    _becomes(family, dear, "accepted")
    family.person.cancel(dear)
    eventually(lambda: family.person.get("/credit-notes")["data"], WITHIN_S)
    _booked(family, HOT, "accepted", shown="held")


def _leave_a_basket(family: Family) -> None:
    """A basket with a price that was shown, and nothing confirmed."""
    family.about_to_ask_for(PREPAID, family.days[PREPAID], "held")


def _let_holds_run_out(family: Family, rival: Family) -> None:
    """A hold that is not paid; one that is paid too late and is free again; one whose seat another has."""
    _becomes(family, _booked(family, PREPAID, "held")[0], "expired")
    held, page = _runs_out(family, PREPAID)
    click_pay(page)
    _becomes(family, held, "accepted")
    held, page = _runs_out(family, HOT)
    _booked(rival, HOT, "held", [family.person.booking(held)["day"]])
    click_pay(page)
    eventually(lambda: family.person.get("/credit-notes")["data"], WITHIN_S)


def _runs_out(family: Family, name: str) -> tuple[str, str]:
    """Let the hold of a booking run out while its payment page is open; gives both."""
    held, settlement_id = _booked(family, name, "held")
    page = family.person.start_payment(settlement_id)["page_url"]
    _becomes(family, held, "expired")
    return held, page


def _ask_in_vain(family: Family, databases: Databases) -> str:
    """Confirm a basket that is not answered; gives its booking, which is nobody's yet."""
    sent = family.about_to_ask_for(INVOICED, family.days[INVOICED], "accepted")
    key = {"Idempotency-Key": sent.key}
    response = Person.ask(family.person, "POST", sent.path, json=sent.body, headers=key)
    assert response.status_code == 500, response.text
    [confirmation] = databases["booking"]["confirmations"].find({"state": "open"})
    return str(confirmation["lines"][0]["booking_id"])


def _booked(
    family: Family, name: str, verdict: str, days: Sequence[str] = (), *, shown: str | None = None
) -> tuple[str, str]:
    """Book the first of these days that gets this verdict; gives the booking, and what it is settled by.

    `shown` is what the review says, where that is another: only the confirmation takes avoirs.
    """
    sent = family.about_to_ask_for(name, days or family.days[name], shown or verdict)
    confirmation = family.insist(sent)
    assert confirmation is not None
    [line] = confirmation["lines"]
    assert line["verdict"] == verdict
    return line["booking_id"], confirmation["id"]


def _pay(family: Family, settlement_id: str, choice: str = "pay") -> str:
    payment = family.person.start_payment(settlement_id)
    requests.post(payment["page_url"], {"choice": choice}, timeout=TIMEOUT_S, allow_redirects=False)
    return str(payment["id"])


def _becomes(family: Family, booking_id: str, state: str) -> None:
    eventually(lambda: family.person.state(booking_id) == state, WITHIN_S)
