"""From an event to queued messages and news, decided in milliseconds: stores in memory."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chassis.doors.call import call_of_event, call_of_timer
from chassis.testing import FrozenClock
from chassis.testing.doors import tools
from chassis.values.errors import Refused
from chassis.values.event import Event
from notify.copies.store import CopyStore
from notify.letters import doors
from notify.news.store import NewsStore
from notify.ports import Ports
from notify.preferences.model import Preferences, Telling
from notify.preferences.store import PreferencesStore
from notify.senders.model import NotifySettings
from notify.senders.store import NotifySettingsStore
from notify.vocabulary import Contact, Family, MessageKind, Organisation, Sender

TOWN = Organisation("o", "Carteville", "carteville", "Europe/Paris")
ANA, BO = Contact("Ana", "ana@x.example", "g1"), Contact("Bo", "bo@x.example", "g2")
ROY = Family("f1", "Roy", "fr", (ANA, BO))
NOW = datetime(2026, 11, 16, 8, tzinfo=UTC)
DAY = {
    "booking_id": "b1",
    "family_id": "f1",
    "child_name": "Zoé",
    "activity_name": "Repas",
    "day": "2026-11-16",
}
ASKED = {"settlement_id": "s1", "family_id": "f1", "amount_cents": 376, "held_until": "2026-11-16T09:00:00Z"}
ASKED |= {"facts": DAY}
LINE = {**DAY, "action": "cancel", "verdict": "cancelled"}
AVOIR = {"number": "A-1", "amount_cents": 376, "booking_id": "b1"}
CONFIRMED = {"confirmation_id": "c1", "family_id": "f1", "lines": [LINE]}
CONFIRMED |= {"payment": {"state": "settled", "credit_notes": [AVOIR]}}


class Copies:
    """What was heard of others."""

    def __init__(self, organisation=TOWN, family=ROY, chosen_languages=()):
        self.known, self.heard, self.spoken = organisation, family, dict(chosen_languages)
        self.seats = {}

    def organisation(self, scope):
        return self.known

    def family(self, scope, family_id):
        return self.heard

    def chosen_languages(self, scope, guardian_ids):
        return {each: self.spoken[each] for each in guardian_ids if each in self.spoken}

    def keep_held(self, scope, seats, now):
        self.seats |= {each.booking_id: each for each in seats}

    def give_up(self, scope, booking_ids):
        known = self.seats.keys() & set(booking_ids)
        self.seats |= {each: replace(self.seats[each], given_up=True) for each in known}

    def held(self, scope, booking_ids):
        return {each: self.seats[each] for each in booking_ids if each in self.seats}


class Decided:
    """What people and the organisation decided."""

    def __init__(self, *daily):
        self.daily = daily

    def of(self, scope, guardian_ids):
        return {each: Preferences(Telling.DAILY) for each in guardian_ids if each in self.daily}

    def read(self, scope):
        return NotifySettings(digest_at="18:00")


class Kept:
    """What was queued and what waits; what was kept is not kept again."""

    def __init__(self):
        self.keys, self.queued, self.waiting, self.elsewhere = set(), [], [], []

    def keep(self, scope, thing, messages, news):
        if thing.key not in self.keys:
            self.keys |= {thing.key}
            self.queued += messages
            self.waiting += news

    def tell_elsewhere(self, scope, aliases, now):
        self.elsewhere += aliases

    def next_waiting(self, now):
        return next((each for each in self.waiting if each.due_at <= now), None)

    def next_due(self, after):
        return min((each.due_at for each in self.waiting), default=None)

    def tell(self, first, now, later, write):
        self.later = later
        beside = [
            each for each in self.waiting if (each.recipient, each.about) == (first.recipient, first.about)
        ]
        self.waiting = [each for each in self.waiting if each not in beside]
        message = write(beside)
        self.queued += [message] if message else []
        return message is not None


def made(kept, copies=None, decided=None, now=NOW, enabled=True):
    ports = Ports(lambda: None, Sender("", "portail@x.example"), "https://portail.example", enabled, 20.0)
    decided = decided or Decided()
    stores = {CopyStore: copies or Copies(), NewsStore: kept, PreferencesStore: decided}
    stores |= {NotifySettingsStore: decided}
    return tools("notify", stores=stores, ports=ports, clock=FrozenClock(now))


def hear(kept, name="payment_asked", data=ASKED, **town):
    event = Event(f"{name}-1", name, 1, "o", "b1", 1, NOW, None, "r", data)
    getattr(doors, f"on_{name}")(call_of_event(made(kept, **town), event), event)


def tell(kept, now, **town):
    return doors.tell_news(call_of_timer(made(kept, now=now, **town)))


def test_each_contact_of_a_family_gets_one_mail_however_often_it_is_told():
    kept = Kept()
    hear(kept)
    hear(kept)
    assert [message.recipient for message in kept.queued] == [ANA, BO]
    assert len({message.id for message in kept.queued}) == 2


def test_what_was_written_is_not_written_again_to_an_address_that_is_new_since():
    kept = Kept()
    hear(kept)
    hear(kept, copies=Copies(family=replace(ROY, contacts=(*ROY.contacts, Contact("Cy", "cy@x.example")))))
    assert [message.recipient.name for message in kept.queued] == ["Ana", "Bo"]


def test_a_family_of_whom_nothing_was_heard_yet_is_told_later():
    with pytest.raises(Refused) as refused:
        hear(Kept(), copies=Copies(family=None))
    assert refused.value.code == "not_found"


def test_where_mail_is_switched_off_nothing_is_written():
    kept = Kept()
    hear(kept, enabled=False)
    assert kept.queued == kept.waiting == []


def test_what_one_act_caused_is_gathered_and_told_in_one_mail_to_each():
    kept = Kept()
    for number in range(3):
        hear(kept, "hold_expired", {**DAY, "booking_id": f"b{number}"})
    assert (len(kept.waiting), kept.queued) == (6, [])
    assert tell(kept, NOW + timedelta(seconds=19)) == timedelta(seconds=1)
    assert kept.queued == []
    assert tell(kept, NOW + timedelta(seconds=20)) is None
    assert [(one.kind, one.recipient) for one in kept.queued] == [
        (MessageKind.HOLD_EXPIRED, ANA),
        (MessageKind.HOLD_EXPIRED, BO),
    ]


def test_an_avoir_is_told_by_the_mail_of_its_cancellation():
    kept = Kept()
    hear(kept, "confirmation_answered", CONFIRMED)
    assert [message.kind for message in kept.queued] == [MessageKind.CONFIRMATION] * 2
    assert kept.elsewhere == ["avoir:A-1"]
    assert "A-1" in kept.queued[0].content.text


def test_who_wants_a_digest_has_one_at_the_hour_of_the_organisation_and_the_other_a_mail_at_once():
    kept, decided = Kept(), Decided("g1")
    hear(kept, "confirmation_answered", CONFIRMED, decided=decided)
    hear(kept, decided=decided)
    assert [(one.kind, one.recipient) for one in kept.queued] == [
        (MessageKind.CONFIRMATION, BO),
        (MessageKind.PAYMENT_ASKED, ANA),  # what must be paid in time does not wait
        (MessageKind.PAYMENT_ASKED, BO),
    ]
    [waits] = kept.waiting
    assert (waits.recipient, waits.about) == (ANA, MessageKind.DIGEST)
    assert waits.due_at == datetime(2026, 11, 16, 17, tzinfo=UTC)
    tell(kept, waits.due_at, decided=decided)
    digest = kept.queued[-1]
    assert (digest.kind, digest.recipient) == (MessageKind.DIGEST, ANA)
    assert digest.dedupe_key == "digest:f1:2026-11-16:ana@x.example"
    assert "réservation a été annulée" in digest.content.text
    assert kept.later == datetime(2026, 11, 17, 17, tzinfo=UTC)


def test_what_a_family_did_itself_is_told_once():
    kept = Kept()
    hear(kept, "booking_accepted", {**DAY, "how": "booked"})
    hear(kept, "booking_cancelled", {**DAY, "was": "accepted"})
    assert kept.keys == set()


def test_each_reads_in_the_language_that_they_chose_and_else_in_that_of_the_family():
    kept, spoken = Kept(), Copies(chosen_languages={"g1": "en"})
    hear(kept, copies=spoken)
    assert ["Pay now" in each.content.text for each in kept.queued] == [True, False]


def test_what_waited_is_told_in_the_language_that_its_reader_chose_meanwhile():
    kept = Kept()
    hear(kept, "booking_refused", DAY)
    tell(kept, NOW + timedelta(seconds=21), copies=Copies(chosen_languages={"g2": "en"}))
    tell(kept, NOW + timedelta(seconds=21), copies=Copies(chosen_languages={"g2": "en"}))
    said = {each.recipient: "Bonjour" in each.content.text for each in kept.queued}
    assert said == {ANA: True, BO: False}


PAID = {"settlement_id": "b1", "family_id": "f1", "lines": [{"booking_id": "b1"}], "amount_cents": 0}
PAID |= {"credits_used_cents": 376, "receipt_number": None, "paid_at": "2026-11-16T08:00:00Z"}


def test_a_receipt_lists_the_days_that_it_pays():
    kept, copies = Kept(), Copies()
    hear(kept, "seat_promoted", DAY | {"to": "held", "cost_cents": 376}, copies=copies)
    hear(kept, "payment_settled", PAID | {"receipt_number": "R-1", "amount_cents": 376}, copies=copies)
    assert all("lundi 16 novembre, Repas" in each.content.text for each in kept.queued)
    assert len(kept.queued) == 2


def test_a_seat_paid_by_avoirs_is_told_once_it_was_heard_of_and_not_long_after():
    kept, copies = Kept(), Copies()
    with pytest.raises(Refused):
        hear(kept, "payment_settled", PAID, copies=copies)
    hear(kept, "payment_settled", PAID, copies=copies, now=NOW + doors.HEARD_WITHIN)
    assert kept.waiting == []
    kept = Kept()
    hear(kept, "seat_promoted", DAY | {"to": "held"}, copies=copies)
    hear(kept, "payment_settled", PAID, copies=copies)
    assert [each.about for each in kept.waiting] == [MessageKind.PROMOTION, MessageKind.PROMOTION]
    tell(kept, NOW + timedelta(seconds=21), copies=copies)
    tell(kept, NOW + timedelta(seconds=21), copies=copies)
    assert all("Payé par vos avoirs" in each.content.text for each in kept.queued)


@pytest.mark.parametrize("cancelled_first", [True, False])
def test_who_paid_and_cancelled_at_once_is_told_of_the_cancellation_alone(cancelled_first):
    kept, copies = Kept(), Copies()
    hear(kept, "seat_promoted", DAY | {"to": "held"}, copies=copies)
    told = [("confirmation_answered", CONFIRMED), ("seat_lost", DAY)]
    for name, data in told if cancelled_first else reversed(told):
        hear(kept, name, data, copies=copies)
    for _ in range(2):
        tell(kept, NOW + timedelta(seconds=21), copies=copies)
    assert [each.kind for each in kept.queued] == [MessageKind.CONFIRMATION] * 2
