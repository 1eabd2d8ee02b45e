"""What families are told, and when they want to be told."""

from chassis.testing.waiting import eventually
from tests.journeys.people import Person

WORKSHOP = "Atelier 1 place"


def test_who_wants_one_mail_a_day_gets_none_at_once(stack, seats, households, family, mails):
    others = [next(households).guardians[0].email for _ in range(2)]
    other_family, third_family = (Person.logged_in(stack.gateway_url, login) for login in others)
    assert family.ask("PUT", "/messages/preferences", json={"telling": "daily"}).ok
    everybody = [(each, each.children()[0]) for each in (other_family, family, third_family)]
    workshop = family.activity(WORKSHOP)
    day = seats.claim(workshop, *everybody)
    verdicts = [
        line["verdict"]
        for each, child in everybody
        for line in each.book(each.movement(child, workshop, day))["lines"]
    ]
    assert verdicts == ["held", "waitlisted", "waitlisted"]
    eventually(lambda: mails(third_family.login))  # who was answered after the one who is told once a day
    assert mails(family.login) == []
