"""The way out, decided in milliseconds: a store in memory and a postman who only notes."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from structlog.testing import capture_logs

from chassis.doors.capabilities import may
from chassis.testing import FrozenClock, person
from chassis.testing.doors import call, tools
from chassis.values.actor import Grant
from chassis.values.context import service_context
from chassis.values.errors import Refused
from notify.copies.store import CopyStore
from notify.outgoing import doors
from notify.outgoing.contract import GetMessage, ListMessages, ListOutgoing, OpenedMessage, ReplayOutgoing
from notify.outgoing.model import DeliveryState, MessageState
from notify.outgoing.rules import delivery_state
from notify.outgoing.store import MessageLog, MessageStore
from notify.ports import Ports
from notify.ports.postman import Refusal
from notify.senders.model import NotifySettings
from notify.senders.store import NotifySettingsStore
from notify.vocabulary import ROLES, Organisation, RefusalReason, Sender
from tests.notify.conftest import a_message

AWAY = Refusal(RefusalReason.AWAY, 0, "ConnectionRefusedError")
BUSY, NOBODY = (
    Refusal(RefusalReason.BUSY, 451, "later"),
    Refusal(RefusalReason.REFUSED, 550, "<m@x.example>?"),
)
UNTRUSTED = Refusal(RefusalReason.UNTRUSTED, 0, "self-signed certificate")
TOWN = Organisation("o", "Mairie de Carteville", "carteville", "Europe/Paris")
SHARED = Sender("", "portail@carteville.example")


class InMemory:
    """Messages by id, as the store keeps them."""

    def __init__(self, *messages):
        self.kept = {message.id: message for message in messages}
        self.asked = []

    def claim_due(self, now):
        for message in self.kept.values():
            if message.state is MessageState.QUEUED and message.next_attempt_at <= now:
                return replace(message, attempts=message.attempts + 1)
        return None

    def next_due(self, after):
        waiting = [each for each in self.kept.values() if each.state is MessageState.QUEUED]
        return min((each.next_attempt_at for each in waiting if each.next_attempt_at > after), default=None)

    def settle(self, message):
        self.kept[message.id] = message

    def read(self, scope, message_id, account_id):
        if scope.family_ids != ("f1",) or message_id not in self.kept:
            return None
        self.kept[message_id] = replace(self.kept[message_id], read_by=(account_id,))
        return self.kept[message_id]

    def messages_of(self, scope, limit):
        self.asked.append((scope, limit))
        return list(self.kept.values())


class Copies:
    """What was heard of the organisation."""

    def organisation(self, scope):
        return TOWN if scope.organisation_id == TOWN.id else None


class Decided:
    """What the organisation decided about who its mails are from."""

    def read(self, scope):
        return NotifySettings(1, reply_to="accueil@carteville.example")


AROUND = {CopyStore: Copies(), NotifySettingsStore: Decided()}


def deliver(store, *answers, enabled=True):
    """Let the postman, who gets these answers, take out what is due; the mails that he was given."""
    carried, waiting = [], list(answers)

    def send(mail):
        carried.append(mail)
        return waiting.pop(0) if waiting else None

    postman = nullcontext(SimpleNamespace(send=send))
    ports = Ports(lambda: postman, SHARED, "https://portail.example", enabled)
    clock = FrozenClock("2026-11-09T08:00:00Z")
    by = tools("notify", stores={MessageStore: store, **AROUND}, ports=ports, clock=clock)
    store.again = doors.deliver(call(by, service_context("notify", "o", "r")))
    return carried


@pytest.mark.parametrize(
    ("answers", "states", "attempts"),
    [
        ((), [MessageState.SENT, MessageState.SENT], [1, 1]),
        ((BUSY,), [MessageState.QUEUED, MessageState.SENT], [1, 1]),
        ((NOBODY,), [MessageState.FAILED, MessageState.SENT], [1, 1]),
        ((AWAY,), [MessageState.QUEUED, MessageState.QUEUED], [0, 0]),
        ((UNTRUSTED,), [MessageState.QUEUED, MessageState.QUEUED], [0, 0]),
    ],
    ids=["all taken", "one not now", "one never", "nobody there", "nobody to be trusted"],
)
def test_what_the_mail_server_says_decides_what_becomes_of_each_message(answers, states, attempts):
    store = InMemory(a_message("m1"), a_message("m2"))
    deliver(store, *answers)
    assert [message.state for message in store.kept.values()] == states
    assert [message.attempts for message in store.kept.values()] == attempts


def test_the_postman_comes_again_when_the_next_message_is_to_be_sent():
    store = InMemory(a_message("m1"), a_message("m2"))
    deliver(store, BUSY)
    waits = store.kept["m1"].next_attempt_at - FrozenClock("2026-11-09T08:00:00Z").now()
    assert (store.again, waits > timedelta(0)) == (waits, True)


def test_the_postman_who_had_his_hands_full_comes_again_at_once():
    store = InMemory(*(a_message(f"m{number}") for number in range(doors.BATCH_MAX + 1)))
    assert len(deliver(store)) == doors.BATCH_MAX
    assert store.again == timedelta(0)


def test_the_postman_who_met_nobody_comes_again_on_his_next_round():
    store = InMemory(a_message())
    deliver(store, AWAY)
    assert store.again is None


def test_a_mail_is_from_the_organisation_of_its_family():
    (mail,) = deliver(InMemory(a_message()))
    assert mail.sender == Sender(TOWN.name, SHARED.address, "accueil@carteville.example")


def test_what_became_of_a_mail_is_logged_without_the_address_and_a_wrong_certificate_calls_for_people():
    with capture_logs() as lines:
        deliver(InMemory(a_message("m1"), a_message("m2")), NOBODY, UNTRUSTED)
    assert "@" not in str(lines)
    assert [(line["event"], line["log_level"], line["reason"], line["code"]) for line in lines] == [
        ("mail_refused", "warning", "refused", 550),
        ("mail_refused", "warning", "untrusted", 0),
        ("mail_server_unusable", "error", "untrusted", 0),
    ]


def test_where_mail_is_switched_off_nothing_leaves():
    store = InMemory(a_message())
    assert deliver(store, enabled=False) == []
    assert store.kept["m1"].state is MessageState.QUEUED


class BusyHour:
    """A mail server that refuses everybody for now during the first hour."""

    def __init__(self, clock):
        self.clock, self.ends, self.tried, self.taken = clock, clock.now() + timedelta(hours=1), 0, []

    def send(self, mail):
        self.tried += 1
        if self.clock.now() < self.ends:
            return BUSY
        self.taken.append(mail.id)
        return None


def test_an_hour_in_which_the_mail_server_refuses_all_loses_nothing_and_is_told_truthfully():
    clock = FrozenClock("2026-11-09T08:00:00Z")
    names = [f"m{number}" for number in range(60)]
    server, store = BusyHour(clock), InMemory(*map(a_message, names))
    ports = Ports(lambda: nullcontext(server), SHARED, "https://portail.example", enabled=True)
    by = tools("notify", stores={MessageStore: store, **AROUND}, ports=ports, clock=clock)
    while clock.now() < server.ends + timedelta(hours=1):
        doors.deliver(call(by, service_context("notify", "o", "r")))
        told = {delivery_state(each, clock.now()) for each in store.kept.values()}
        assert clock.now() >= server.ends or told == {DeliveryState.WAITING}
        clock.advance(seconds=10)
    assert sorted(server.taken) == sorted(names)
    assert {each.state for each in store.kept.values()} == {MessageState.SENT}
    assert server.tried <= 13 * len(names)


class Log(InMemory):
    """The log of the same messages, as staff ask for it."""

    def message(self, message_id, scope):
        return self.kept.get(message_id)

    def page(self, scope, state, now, limit, before):
        self.asked.append((scope.organisation_id, state, limit, before))
        return list(self.kept.values())

    def replay(self, message_ids, scope):
        self.asked.append((scope.organisation_id, message_ids))
        return len(message_ids)


def by_staff(log, **place):
    context = person(organisation_id="o", grants=(Grant("admin", **place),))
    return call(tools("notify", stores={MessageLog: log}), context, may("mail.read"), ROLES)


def test_staff_see_why_a_mail_did_not_leave():
    gone = a_message("m1", state=MessageState.FAILED, reason=RefusalReason.ADDRESS, code=553, attempts=1)
    log = Log(gone)
    (line,) = doors.list_outgoing(by_staff(log), ListOutgoing("failed", 10, before="m1"))["data"]
    assert (line["state"], line["reason"], line["code"], line["attempts"]) == ("failed", "address", 553, 1)
    assert log.asked == [("o", DeliveryState.FAILED, 10, gone)]


def test_staff_have_a_mail_sent_again():
    log = Log()
    assert doors.replay_outgoing(by_staff(log), ReplayOutgoing(["m1"])) == {"replayed": 1}
    assert log.asked == [("o", ["m1"])]


def test_a_page_after_a_message_that_is_not_there_is_not_found():
    with pytest.raises(Refused) as refused:
        doors.list_outgoing(by_staff(Log()), ListOutgoing("failed", 10, before="m1"))
    assert refused.value.code == "not_found"


@pytest.mark.parametrize("place", [{"centre_id": "c1"}, {"cash_office_id": "k1"}])
def test_staff_of_one_place_see_no_mails_which_are_of_none(place):
    with pytest.raises(Refused) as refused:
        doors.list_outgoing(by_staff(Log(), **place), ListOutgoing("failed", 10, before=None))
    assert refused.value.code == "forbidden"


def test_a_family_lists_what_was_written_to_it():
    store = InMemory(a_message())
    by = tools("notify", stores={MessageStore: store})
    asked = call(by, person(organisation_id="o", family_id="f1"))
    (line,) = doors.list_messages(asked, ListMessages(limit=10))["data"]
    assert (line["kind"], line["to"], line["sent_at"]) == ("receipt", "come@carteville.example", None)
    assert (line["excerpt"], line["read"]) == ("t", False)
    assert store.asked == [(asked.scope, 10)]


def test_a_family_reads_what_a_message_says_and_no_other_family_does():
    by = tools("notify", stores={MessageStore: InMemory(a_message())})
    asked = call(by, person(organisation_id="o", family_id="f1"))
    told = doors.get_message(asked, GetMessage("m1"))["message"]
    assert (told["id"], told["text"]) == ("m1", "t")
    assert OpenedMessage().validate({"message": told}) == {}
    (line,) = doors.list_messages(asked, ListMessages(limit=10))["data"]
    assert (told["read"], line["read"]) == (True, True)
    somebody = call(by, person(organisation_id="o", family_id="f1", account_id="another"))
    assert [each["read"] for each in doors.list_messages(somebody, ListMessages(limit=10))["data"]] == [False]
    for other, named in (("f2", "m1"), ("f1", "m2")):
        with pytest.raises(Refused) as refused:
            doors.get_message(call(by, person(organisation_id="o", family_id=other)), GetMessage(named))
        assert refused.value.code == "not_found"
