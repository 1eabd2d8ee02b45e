"""From an event to queued messages, decided in milliseconds: stores in memory."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chassis.doors.call import call_of_event
from chassis.testing.doors import tools
from chassis.values.errors import Refused
from chassis.values.event import Event
from notify.copies.store import CopyStore
from notify.letters import doors
from notify.outgoing.store import MessageStore
from notify.ports import Ports
from notify.vocabulary import Contact, Family, Organisation, Sender

TOWN = Organisation("o", "Carteville", "carteville", "Europe/Paris")
ROY = Family("f1", "Roy", "fr", (Contact("Ana", "ana@x.example"), Contact("Bo", "bo@x.example")))
EXPIRED = {
    "booking_id": "b1",
    "family_id": "f1",
    "child_name": "Zoé",
    "activity_name": "Repas",
    "day": "2026-11-16",
}


class Copies:
    """What was heard of others."""

    def __init__(self, organisation=TOWN, family=ROY):
        self.known, self.heard = organisation, family

    def organisation(self, scope):
        return self.known

    def family(self, scope, family_id):
        return self.heard


class Queue:
    """What was queued, by its dedupe key; a letter that was written is not written again."""

    def __init__(self):
        self.queued = {}

    def keep_letter(self, scope, about, messages):
        if not any(key.startswith(about) for key in self.queued):
            self.queued |= {message.dedupe_key: message for message in messages}


def hear(queue, copies=None, enabled=True):
    event = Event("e1", "hold_expired", 1, "o", "b1", 1, datetime.now(UTC), None, "r", EXPIRED)
    ports = Ports(lambda: None, Sender("", "portail@x.example"), "https://portail.example", enabled)
    by = tools("notify", stores={CopyStore: copies or Copies(), MessageStore: queue}, ports=ports)
    doors.on_hold_expired(call_of_event(by, event), event)


def test_each_contact_of_a_family_gets_one_mail_however_often_it_is_told():
    queue = Queue()
    hear(queue)
    hear(queue)
    assert [message.recipient.email for message in queue.queued.values()] == ["ana@x.example", "bo@x.example"]
    assert len({message.id for message in queue.queued.values()}) == 2


def test_what_was_written_is_not_written_again_to_an_address_that_is_new_since():
    queue = Queue()
    hear(queue)
    hear(queue, Copies(family=replace(ROY, contacts=(*ROY.contacts, Contact("Cy", "cy@x.example")))))
    assert [message.recipient.name for message in queue.queued.values()] == ["Ana", "Bo"]


def test_a_family_of_whom_nothing_was_heard_yet_is_told_later():
    with pytest.raises(Refused) as refused:
        hear(Queue(), Copies(family=None))
    assert refused.value.code == "not_found"


def test_where_mail_is_switched_off_nothing_is_written():
    queue = Queue()
    hear(queue, enabled=False)
    assert queue.queued == {}
