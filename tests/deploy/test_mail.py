from email.message import EmailMessage

import pytest

from deploy.simulators.mail.faults import Fault, Faults
from deploy.simulators.mail.mailbox import Mailbox
from deploy.simulators.mail.page import create_app


def a_mail(subject="Réservation", html="<p>Réservé</p>"):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "mairie@x.example", "lea@x.example", subject
    message.set_content("Réservé : https://x.example/pay\n")
    message.add_alternative(html, subtype="html")
    return message.as_bytes()


@pytest.fixture
def mailbox():
    return Mailbox()


@pytest.fixture
def faults():
    return Faults()


@pytest.fixture
def browser(mailbox, faults):
    return create_app(mailbox, faults).test_client()


def test_mails_are_listed_newest_first_and_by_address(mailbox, browser):
    for number, address in enumerate(["lea@x.example", "sam@x.example", "Lea@x.example"], start=1):
        mailbox.keep("mairie@x.example", [address], a_mail(f"Mail {number}"))
    every = browser.get("/api/messages").json["data"]
    assert [mail["subject"] for mail in every] == ["Mail 3", "Mail 2", "Mail 1"]
    hers = browser.get("/api/messages?to=LEA@x.example").json["data"]
    assert [mail["id"] for mail in hers] == [3, 1]


def test_a_mail_is_told_whole(mailbox, browser):
    mailbox.keep("mairie@x.example", ["lea@x.example"], a_mail())
    mail = browser.get("/api/messages/1").json
    assert (mail["from"], mail["to"], mail["subject"]) == (
        "mairie@x.example",
        ["lea@x.example"],
        "Réservation",
    )
    assert "https://x.example/pay" in mail["text"]
    assert mail["html"].strip() == "<p>Réservé</p>"
    assert ["Subject", "Réservation"] in mail["headers"]


def test_a_mails_own_html_runs_nothing_and_asks_nobody(mailbox, browser):
    mailbox.keep("a@x.example", ["b@x.example"], a_mail(html="<script>alert(1)</script>"))
    policy = browser.get("/messages/1/html").headers["Content-Security-Policy"]
    assert policy.startswith("sandbox ")
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy
    assert "alert" not in browser.get("/messages/1").text


def test_a_subject_is_shown_as_text(mailbox, browser):
    mailbox.keep("a@x.example", ["b@x.example"], a_mail(subject="<b>bold</b>"))
    page = browser.get("/")
    assert "&lt;b&gt;bold" in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_mails_are_forgotten_on_demand_and_an_unknown_one_is_not_found(mailbox, browser):
    mailbox.keep("a@x.example", ["b@x.example"], a_mail())
    assert browser.delete("/api/messages").status_code == 204
    assert browser.get("/api/messages").json["data"] == []
    assert browser.get("/api/messages/1").status_code == 404


def test_the_oldest_mails_go_when_there_are_too_many():
    mailbox = Mailbox(kept_max=2)
    for number in range(3):
        mailbox.keep("a@x.example", ["b@x.example"], a_mail(f"Mail {number}"))
    assert [mail.subject for mail in mailbox.newest_first()] == ["Mail 2", "Mail 1"]


def test_a_fault_strikes_whom_it_names_before_everybody_and_is_counted(faults, browser):
    assert browser.post("/api/faults", json={"to": "Lea@x.example", "code": 550}).status_code == 204
    assert (
        browser.post("/api/faults", json={"code": 451, "words": "later", "latency_s": 2}).status_code == 204
    )
    assert faults.strike(["sam@x.example", "LEA@x.example"]).code == 550
    assert [faults.strike(["sam@x.example"]).answer for _ in range(2)] == ["451 later"] * 2
    told = browser.get("/api/faults").json["data"]
    assert [(each["to"], each["struck"]) for each in told] == [("lea@x.example", 1), ("*", 2)]


def test_healed_faults_strike_nobody(faults, browser):
    browser.post("/api/faults", json={"code": 451})
    assert browser.delete("/api/faults").status_code == 204
    assert faults.strike(["sam@x.example"]) == Fault()
    assert browser.get("/api/faults").json["data"] == []


@pytest.mark.parametrize("wrong", [{"code": 250}, {"colour": "red"}])
def test_a_fault_that_means_nothing_is_not_armed(browser, wrong):
    assert browser.post("/api/faults", json=wrong).status_code == 400
    assert browser.get("/api/faults").json["data"] == []
