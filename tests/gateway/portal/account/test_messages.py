"""Messages: by subject, and every one can be read."""

import pytest

from gateway.clients.asking import read as reply
from gateway.clients.notify import Message
from gateway.portal.account import messages
from tests.gateway import samples
from tests.gateway.portal.reading import read

TOWN = "Carteville"


def mail(number, subject):
    return {**samples.MESSAGE, "id": f"m-{number}", "subject": subject}


def test_messages_of_one_subject_stand_together_and_each_can_be_read(parent, town):
    town.messages = [
        mail(1, "Carteville : Ticket de paiement n° R-ENFANCE-2026-000002"),
        mail(2, "Carteville : Une place s\u2019est libérée"),
        mail(3, "Carteville : Ticket de paiement n° R-ENFANCE-2026-000001"),
    ]
    first, second = read(parent.get("/messages")).select("#messages a")
    assert first.strong.text == "Ticket de paiement (2)"
    assert second.strong.text == "Une place s\u2019est libérée"
    page = read(parent.get(first["href"]))
    assert page.h1.text == "Ticket de paiement"
    assert "Votre paiement de 12,60 € est arrivé" in page.select_one("#letter").text
    assert [link["href"] for link in page.select(".inbox a")] == ["/messages/m-3"]


def test_what_is_unread_is_said_in_words_and_opened_first(parent, town):
    town.messages = [
        {**mail(3, "Carteville : Avoir A-ENFANCE-2026-000003"), "read": False},
        {**mail(2, "Carteville : Avoir A-ENFANCE-2026-000002"), "read": False},
        mail(1, "Carteville : Avoir A-ENFANCE-2026-000001"),
        mail(0, "Carteville : Ticket"),
    ]
    unread, read_before = read(parent.get("/messages")).select("#messages li")
    assert "2 non lus" in unread.text
    assert unread.a["href"] == "/messages/m-2"
    assert samples.MESSAGE["excerpt"] in unread.select_one(".words").text
    assert "non lu" not in read_before.text
    others = read(parent.get("/messages/m-2")).select(".inbox li")
    assert ["non lu" in other.text for other in others] == [True, False]


def test_a_notify_of_an_earlier_release_leaves_nothing_unread(parent, town):
    town.messages = [{key: samples.MESSAGE[key] for key in samples.MESSAGE if key not in {"read", "excerpt"}}]
    page = read(parent.get("/messages"))
    assert page.select_one(".unread, .words") is None


def test_a_letter_is_text_and_leads_into_this_portal_alone(parent):
    letter = read(parent.get("/messages/m-1")).select_one("#letter")
    assert "<b>merci</b>" in letter.text
    assert [link["href"] for link in letter.select("a")] == ["/bookings"]
    assert "Ville de Carteville." not in letter.text


def test_another_familys_message_is_not_found(parent):
    assert parent.get("/messages/m-9").status_code == 404


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        ("Carteville : Avoir A-ENFANCE-2026-000005", "Avoir"),
        ("Carteville : 2026-000005", "2026-000005"),
        ("Autre : chose", "Autre : chose"),
    ],
)
def test_a_subject_is_told_without_who_writes_and_without_a_number(subject, shown):
    assert messages.subject_of(reply(Message, mail(1, subject)), TOWN) == shown


@pytest.mark.parametrize(
    "text", ["http://portal.example.evil.example/x", "http://elsewhere.example/bookings"]
)
def test_other_addresses_are_no_links(text):
    (shown,) = messages.paragraphs(text, "http://portal.example")
    assert "<a" not in shown
