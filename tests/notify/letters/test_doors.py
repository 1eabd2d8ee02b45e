import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pymongo.errors import AutoReconnect

from chassis.testing import Caller, eventually, person, running
from chassis.values.event import Event
from chassis.values.ids import new_id
from chassis.wire.publisher import Message as Publication
from chassis.wire.publisher import Publisher
from notify.outgoing.store import MessageStore
from notify.ports.postman import Postman
from notify.service import Notify

ORGANISATION, FAMILY = new_id(), new_id()


@pytest.fixture
def mail_server():
    program = [sys.executable, str(Path(__file__).parents[1] / "mail_server.py")]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
        yield process, int(process.stdout.readline())
        process.kill()


@pytest.fixture
def notify(broker, mongo_database, mail_server, monkeypatch):
    monkeypatch.setenv("NOTIFY_SMTP_URL", f"smtp+plain://127.0.0.1:{mail_server[1]}")
    monkeypatch.setenv("NOTIFY_PUBLIC_URL", "https://portail.example")
    monkeypatch.setenv("NOTIFY_GATHER_S", "0.2")
    with running(Notify, AMQP_URI=broker, MONGODB_DATABASE=mongo_database.name):
        yield mongo_database


@pytest.fixture
def tell(broker):
    publisher = Publisher(broker)

    def publish(producer, name, data, sequence=1, event_id=None):
        event = Event(
            id=event_id or new_id(),
            name=name,
            version=1,
            organisation_id=ORGANISATION,
            aggregate_id=FAMILY,
            sequence=sequence,
            occurred_at=datetime.now(UTC),
            causation_id=None,
            correlation_id="r1",
            data=data,
        )
        assert publisher.publish([Publication(f"{producer}.events", name, event.encode(), event.id, {})]) == [
            True
        ]

    yield publish
    publisher.close()


def introduce(tell, *emails):
    town = {
        "organisation_id": ORGANISATION,
        "slug": "c",
        "name": "Carteville",
        "time_zone": "Europe/Paris",
        "language": "fr",
    }
    contacts = [{"guardian_id": new_id(), "name": "Côme Orsel", "email": email} for email in emails]
    tell("identity", "organisation_changed", town)
    tell(
        "family",
        "family_changed",
        {"family_id": FAMILY, "name": "Orsel", "language": "fr", "contacts": contacts},
    )


def promotion():
    return {
        "booking_id": new_id(),
        "family_id": FAMILY,
        "to": "accepted",
        "child_name": "Solène",
        "activity_name": "Mercredi",
        "centre_name": "Cabanes",
        "day": "2026-11-18",
    }


def states(database):
    return {row["recipient"]["email"]: row["state"] for row in database["messages"].find()}


def test_a_promotion_reaches_every_guardian_who_has_an_address(notify, tell, mail_server):
    introduce(tell, "come@x.example", None, "zoe@x.example")
    tell("booking", "seat_promoted", promotion())
    mails = [json.loads(mail_server[0].stdout.readline()) for _ in range(2)]
    assert {mail["rcpt"] for mail in mails} == {"come@x.example", "zoe@x.example"}
    assert "Solène" in mails[0]["body"]["text/plain"]
    assert "Solène" in mails[0]["body"]["text/html"]


def test_an_event_heard_twice_is_one_mail(notify, tell):
    introduce(tell, "come@x.example")
    event_id, data = new_id(), promotion()
    tell("booking", "seat_promoted", data, event_id=event_id)
    tell("booking", "seat_promoted", data, event_id=event_id)
    tell("booking", "hold_expired", {**data, "to": None})
    eventually(lambda: notify["messages"].count_documents({"state": "sent"}) == 2)
    assert notify["messages"].count_documents({}) == 2


def test_a_mail_that_was_refused_for_now_goes_out_later_and_one_refused_for_good_does_not(notify, tell):
    introduce(tell, "busy@x.example", "gone@x.example")
    tell("booking", "seat_promoted", promotion())
    wanted = {"busy@x.example": "sent", "gone@x.example": "failed"}
    eventually(lambda: states(notify) == wanted)
    attempts = {row["recipient"]["email"]: row["attempts"] for row in notify["messages"].find()}
    assert attempts == {"busy@x.example": 2, "gone@x.example": 1}


def test_an_outage_of_the_mail_server_costs_no_mail_an_attempt(notify, tell, mail_server, monkeypatch):
    """Nor is every mail tried in vain: who finds nobody leaves the others alone."""
    process, _ = mail_server
    process.kill()
    process.wait()
    calls, send = [], Postman.send
    monkeypatch.setattr(Postman, "send", lambda *given: calls.append(given) or send(*given))
    introduce(tell, *(f"come{number}@x.example" for number in range(9)))
    tell("booking", "seat_promoted", promotion())
    eventually(lambda: len(calls) >= 4)
    assert {row["state"] for row in notify["messages"].find()} == {"queued"}
    tried = list(notify["messages"].find({"reason": "away"}))
    assert 3 <= len(tried) <= len(calls)
    assert {row["attempts"] for row in tried} <= {0, 1}  # 1: in hand just now
    assert len({id(postman) for postman, _ in calls}) == len(calls)


def test_a_mail_that_left_while_the_database_went_away_is_not_sent_again(
    notify, tell, mail_server, monkeypatch
):
    outages, settle = iter([AutoReconnect("the database is away")] * 2), MessageStore.settle

    def settle_at_the_third_attempt(*arguments):
        for outage in outages:
            raise outage
        settle(*arguments)

    monkeypatch.setattr(MessageStore, "settle", settle_at_the_third_attempt)
    introduce(tell, "come@x.example")
    tell("booking", "seat_promoted", promotion())
    eventually(lambda: states(notify) == {"come@x.example": "sent"})
    assert [row["attempts"] for row in notify["messages"].find()] == [1]


def test_an_event_heard_before_its_family_waits_for_it(notify, tell):
    tell("booking", "seat_promoted", promotion())
    introduce(tell, "come@x.example")
    eventually(lambda: states(notify) == {"come@x.example": "sent"})
    assert notify["messages"].count_documents({}) == 1


def test_a_family_reads_its_own_messages_and_no_other(notify, tell, broker):
    introduce(tell, "come@x.example")
    tell("booking", "seat_promoted", promotion())
    eventually(lambda: states(notify) == {"come@x.example": "sent"})
    with Caller(amqp_uri=broker) as caller:
        own = person(organisation_id=ORGANISATION, family_id=FAMILY)
        other = person(organisation_id=ORGANISATION, family_id=new_id())
        assert [m["kind"] for m in caller.call("notify", "list_messages", own)["data"]] == ["promotion"]
        assert caller.call("notify", "list_messages", other) == {"data": []}
