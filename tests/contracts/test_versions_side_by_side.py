"""Two releases of one service at the same time, as during every release: on the real broker and database.

Today's notify and billing are the older copies. The newer ones, and a booking that tells a promoted seat in a
second version, are made up here.
"""

import json
from contextlib import ExitStack
from datetime import UTC, datetime
from types import ModuleType, SimpleNamespace
from uuid import uuid4

import pytest
from marshmallow import Schema, fields

from billing.quotes import contract as billing_contract
from booking.ports.billing import Billing
from booking.seats import contract
from chassis.doors.capabilities import from_service
from chassis.doors.events import on_event
from chassis.doors.providers import MadeOnce
from chassis.doors.rpc import rpc
from chassis.doors.service import service
from chassis.storage.mongo import Mongo
from chassis.storage.outbox import EventType, Relay, Rows, row
from chassis.testing import Caller, eventually, person, running
from chassis.values.event import PACK_MAX
from chassis.values.scope import Scope
from chassis.wire import bus
from notify.copies import doors as copies
from notify.copies.store import CopyStore
from notify.letters import doors as letters
from notify.news.store import NewsStore
from notify.outgoing import doors as outgoing
from notify.outgoing.store import MessageStore
from notify.preferences.store import PreferencesStore
from notify.senders.store import NotifySettingsStore
from notify.service import ports
from notify.vocabulary import Contact, Family, Organisation
from tests.contracts import telling
from tests.contracts.test_booking_asks_billing import ANA, BOOKING

TOWN, FAMILY = "town-1", "family-1"
FACTS = 4 * PACK_MAX
"""More than one message, so that both copies get some."""
SEAT = EventType(contract.SeatPromoted(), subscribers=("notify",))


class Child(Schema):
    id = fields.String(required=True)
    name = fields.String(required=True)


class SeatPromoted2(Schema):
    """The next version: what is told of the child stands together, and a day is called so everywhere."""

    booking_id = fields.String(required=True)
    family_id = fields.String(required=True)
    child = fields.Nested(Child, required=True)
    activity_name = fields.String(required=True)
    booked_on = fields.Date(required=True)
    to = fields.String(required=True)


class SeatPromotedMore(contract.SeatPromoted):
    """The same version with one field more."""

    seats_left = fields.Integer(required=True)


IN_BOTH = EventType(SeatPromoted2(), version=2, subscribers=("notify",), earlier={1: SEAT.schema})
IN_THE_NEW_ONE = EventType(SeatPromoted2(), version=2, subscribers=("notify",))
WITH_MORE = EventType(SeatPromotedMore(), subscribers=("notify",))


class Nothing:
    def __init__(self, database):
        self.database = database

    @staticmethod
    def ensure_indexes(database):
        """Keep nothing but events."""


def booking_that_tells(kind):
    """Make the service at the other end: it sends the rows of its outbox and does nothing else."""
    parts = {"name": "booking", "store": Mongo(Nothing), "relay": Relay({"seat_promoted": kind}, [Rows()])}
    return type("Booking", (), parts)


OLDER, NEWER, NEWER_STILL = (1,), (1, 2), (2,)
"""Which versions of a promoted seat a release of notify reads."""


def notify_that_reads(versions):
    """A release of notify; `taken` remembers which facts it told of."""
    taken = []

    @on_event("booking", "seat_promoted", versions=versions)
    def on_seat_promoted(call, event):
        if event.version == 2:
            told = event.data
            told |= {"child_name": told["child"]["name"], "day": told["booked_on"]}
        letters.on_seat_promoted(call, event)
        taken.append(event.data["booking_id"])

    doors = ModuleType("notify.letters.doors")
    on_seat_promoted.__module__ = doors.__name__
    doors.on_seat_promoted = on_seat_promoted
    doors.tell_news = letters.tell_news
    release = service(
        "notify",
        [copies, outgoing, doors],
        stores=[CopyStore, NotifySettingsStore, PreferencesStore, MessageStore, NewsStore],
        events={},
        sources=[],
        providers={"outside": MadeOnce(ports)},
        ports=lambda worker: worker.outside,
    )
    release.taken = taken
    return release


@pytest.fixture
def town(broker, mongo_database, monkeypatch):
    """A family that waits for mail, what is told of it, and who may tell and hear."""
    monkeypatch.setenv("NOTIFY_SMTP_URL", "smtp+plain://127.0.0.1:9")
    monkeypatch.setenv("NOTIFY_PUBLIC_URL", "https://portail.example")
    CopyStore.ensure_indexes(mongo_database)
    store = CopyStore(mongo_database)
    store.keep_organisation(Scope(TOWN), Organisation(TOWN, "Carteville", "carteville", "Europe/Paris"), 1)
    store.keep_family(Scope(TOWN), Family(FAMILY, "Roy", "fr", (Contact("Ana Roy", "ana@x.example"),)), 1)
    told = mongo_database.client[f"test_{uuid4().hex[:16]}"]
    connection = bus.connect(broker, name="test", timeout_s=60)
    with ExitStack() as stack:

        def start(service, database=mongo_database):
            return stack.enter_context(running(service, AMQP_URI=broker, MONGODB_DATABASE=database.name))

        yield SimpleNamespace(
            start=start,
            start_booking=lambda kind: start(booking_that_tells(kind), told),
            tell=told.outbox.insert_many,
            told_of=lambda: [each["key"].split(":")[1] for each in mongo_database.news.find()],
            channel=connection.channel(),
        )
    connection.close()
    told.client.drop_database(told.name)


def first_version(number, **more):
    facts = telling.example("booking", "seat_promoted.event")["data"]
    own = {"booking_id": f"booking-{number}", "family_id": FAMILY, "to": "accepted", "held_until": None}
    return facts | own | more


def second_version(number):
    told = first_version(number)
    kept = {name: told[name] for name in ("booking_id", "family_id", "activity_name", "to")}
    return {**kept, "child": {"id": told["child_id"], "name": told["child_name"]}, "booked_on": told["day"]}


def promoted(number, data, **versions):
    return row(
        "seat_promoted",
        context_or_org=TOWN,
        aggregate_id=f"booking-{number}",
        sequence=1,
        data=data,
        occurred_at=datetime.now(UTC),
        request_id="r-1",
        **versions,
    )


def in_both(numbers):
    return [promoted(each, first_version(each), newer={2: second_version(each)}) for each in numbers]


def names(numbers):
    return [f"booking-{number}" for number in numbers]


def dead(channel):
    return channel.queue_declare("notify.dead", passive=True).message_count


def waiting(channel):
    return channel.queue_declare("notify.booking.seat_promoted", passive=True).message_count


def test_of_two_releases_of_a_consumer_each_fact_reaches_one_once(town):
    older, newer = map(notify_that_reads, (OLDER, NEWER))
    town.start(older)
    town.start(newer)
    town.start_booking(IN_BOTH)
    town.tell(in_both(range(FACTS)))
    eventually(lambda: len(older.taken + newer.taken) >= FACTS)
    assert sorted(older.taken + newer.taken) == sorted(town.told_of()) == sorted(names(range(FACTS)))
    assert older.taken
    assert newer.taken
    assert dead(town.channel) == waiting(town.channel) == 0


def test_what_the_older_producer_told_is_read_by_the_newer_consumer(town):
    newer = notify_that_reads(NEWER)
    town.start_booking(SEAT)
    town.tell([promoted(1, first_version(1))])
    eventually(lambda: waiting(town.channel) == 1)
    town.start(newer)
    eventually(lambda: town.told_of() == ["booking-1"])
    assert dead(town.channel) == 0


def test_once_nobody_reads_the_first_version_it_need_not_be_told(town):
    newer, newer_still = map(notify_that_reads, (NEWER, NEWER_STILL))
    town.start(newer)
    town.start(newer_still)
    town.start_booking(IN_THE_NEW_ONE)
    numbers = range(FACTS)
    town.tell([promoted(each, second_version(each), version=2) for each in numbers])
    eventually(lambda: len(newer.taken + newer_still.taken) >= FACTS)
    assert sorted(town.told_of()) == sorted(names(numbers))
    assert dead(town.channel) == 0


def test_a_version_dropped_too_early_is_lost_to_none_but_kept_among_the_dead(town):
    older = notify_that_reads(OLDER)
    town.start(older)
    town.start_booking(IN_THE_NEW_ONE)
    town.tell([promoted(1, second_version(1), version=2)])
    message = eventually(lambda: town.channel.basic_get("notify.dead", no_ack=True))
    assert json.loads(message.body)["data"] == second_version(1)
    assert older.taken == []


def test_a_new_field_inside_a_version_troubles_no_release(town):
    older, newer = map(notify_that_reads, (OLDER, NEWER))
    town.start(older)
    town.start(newer)
    town.start_booking(WITH_MORE)
    numbers = range(FACTS)
    town.tell([promoted(each, first_version(each, seats_left=3)) for each in numbers])
    eventually(lambda: len(older.taken + newer.taken) >= FACTS)
    assert sorted(older.taken + newer.taken) == sorted(town.told_of()) == sorted(names(numbers))
    assert dead(town.channel) == 0


class QuoteMore(billing_contract.Quote):
    rounding = fields.String(required=True)


def billing_that_answers(reply, schema):
    """Make a billing that answers every request for a quote alike; `asked` counts."""
    asked = []

    @rpc(from_service("booking"), request=billing_contract.QuoteRequest(), reply=schema)
    def quote(self, context, request):
        asked.append(request)
        return reply

    return type("Billing", (), {"name": "billing", "quote": quote}), asked


def test_of_two_releases_of_billing_booking_is_answered_by_either(broker):
    reply = telling.example("billing", "quote.reply")
    older, asked_of_older = billing_that_answers(reply, billing_contract.Quote())
    newer, asked_of_newer = billing_that_answers(reply | {"rounding": "half_up"}, QuoteMore())
    context = person(organisation_id=TOWN, family_id=ANA.family_id).as_service("booking")
    with running(older), running(newer), Caller("booking", broker) as caller:
        billing = Billing(caller, 5.0, 5.0)
        quotes = [billing.quote(context, f"quote-{each}", [BOOKING], []) for each in range(12)]
    assert {quote.prices_cents[0] for quote in quotes} == {reply["lines"][0]["price_cents"]}
    assert len(asked_of_older) + len(asked_of_newer) == 12
    assert asked_of_older
    assert asked_of_newer
