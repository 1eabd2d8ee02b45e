"""All services tell again what they told, and how all stands: nothing changes, nobody gets a second mail."""

from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from eventlet import sleep

from billing.commands.__main__ import main as billing
from booking.commands import main as booking
from chassis.doors.events import EventHandler
from chassis.storage.outbox.relay import LEASES
from chassis.testing import eventually
from chassis.wire import bus, topology
from family.commands import main as family
from identity.commands import main as identity
from tests.contracts.lived_in import SERVICES, LivedIn

COMMANDS = {"identity": identity, "family": family, "booking": booking, "billing": billing}
MOVING = {"outbox", "inbox", LEASES, "messages"}
"""What is on its way, and mails, which are counted: the postman of these tests finds no mail server."""


@pytest.fixture
def in_hand(monkeypatch):
    """The messages that a service has taken from its queues and not dealt with yet."""
    messages, begin, handle = set(), EventHandler._on_message, EventHandler._handle

    def on_message(self, message):
        messages.add(id(message))
        begin(self, message)

    def handle_it(self, message):
        try:
            handle(self, message)
        finally:
            messages.discard(id(message))

    monkeypatch.setattr(EventHandler, "_on_message", on_message)
    monkeypatch.setattr(EventHandler, "_handle", handle_it)
    return messages


@pytest.fixture
def channel(broker):
    connection = bus.connect(broker, name="test", timeout_s=5)
    yield connection.channel()
    connection.close()


@pytest.fixture
def home(broker, store, mongo_database, clock, monkeypatch):
    return SimpleNamespace(uri=broker, databases=(mongo_database, store), clock=clock, patch=monkeypatch)


@pytest.fixture
def town(home, tmp_path_factory, in_hand, channel):
    directory = tmp_path_factory.mktemp("files")
    with LivedIn(home.uri, home.databases, home.clock, directory, home.patch) as lived_in:
        lived_in.quiet = lambda: eventually(lambda: is_quiet(lived_in, in_hand, channel), 20)
        lived_in.quiet()
        yield lived_in


def is_quiet(town, in_hand, channel):
    """Nothing waits to be sent, to be taken or to be dealt with, now and a moment later."""
    for _ in range(2):
        unsent = any(each.outbox.find_one({"pending": {"$exists": True}}) for each in town.databases.values())
        if (
            unsent
            or in_hand
            or any(channel.queue_declare(each, passive=True).message_count for each in queues())
        ):
            return False
        sleep(0.1)
    return True


def queues():
    for producer, service in SERVICES.items():
        for name, event in service.relay.events.items():
            for consumer in event.subscribers:
                yield topology.event_queue(consumer, producer, name)


def republish(town, service, *options):
    with town.monkeypatch.context() as patch:
        patch.setenv("MONGODB_DATABASE", town.databases[service].name)
        arguments = ["republish", "--organisation", "all", *options]
        result = CliRunner().invoke(COMMANDS[service], arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def picture(town):
    return {
        f"{service}.{name}": sorted(map(str, database[name].find()))
        for service, database in town.databases.items()
        for name in database.list_collection_names()
        if name not in MOVING
    }


def mails(town):
    return sorted(row["dedupe_key"] for row in town.databases["notify"]["messages"].find())


def test_all_that_was_told_is_told_again_without_a_change_and_without_a_mail(town):
    before, written = picture(town), mails(town)
    assert len(written) >= 3
    for service in COMMANDS:
        assert not republish(town, service).endswith(": 0\n")
    town.quiet()  # what still waits is not put back once more
    for service in ("identity", "family", "billing"):
        assert not republish(town, service, "--kept").endswith(": 0\n")
    town.quiet()
    assert picture(town) == before
    assert mails(town) == written


def test_a_family_that_has_another_address_since_is_not_written_to_again(town):
    written = mails(town)
    contacts = "contacts.0.email"
    town.databases["notify"]["families"].update_many({}, {"$set": {contacts: "moved@x.example"}})
    republish(town, "billing")
    town.quiet()
    assert mails(town) == written


def test_what_billing_and_notify_lost_is_made_good(town):
    billing, notify = town.databases["billing"], town.databases["notify"]
    known = {row["_id"]: (row["state"], row["sequence"]) for row in billing.consumptions.find()}
    receipts = [key for key in mails(town) if key.startswith("receipt:")]
    assert known
    assert receipts
    billing.consumptions.delete_many({})
    notify.messages.delete_many({"dedupe_key": {"$in": receipts}})
    republish(town, "booking")
    republish(town, "billing", "--event", "payment_settled")
    town.quiet()
    assert {row["_id"]: (row["state"], row["sequence"]) for row in billing.consumptions.find()} == known
    assert [key for key in mails(town) if key.startswith("receipt:")] == receipts
