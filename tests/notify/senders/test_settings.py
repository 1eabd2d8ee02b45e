"""What an organisation decides about the sender of its mails, on a real database."""

import pytest

from chassis.testing import FrozenClock, person
from chassis.testing.doors import call, tools
from chassis.values.actor import Grant
from chassis.values.errors import Refused
from chassis.values.scope import Scope
from notify.senders import doors
from notify.senders.contract import GetSettings
from notify.senders.model import NotifySettings
from notify.senders.store import NotifySettingsStore
from notify.vocabulary import ROLES

TOWN = Scope("o")
READ, WRITE = (doors.may(f"settings.{act}") for act in ("read", "write"))


@pytest.fixture
def database(mongo_database):
    NotifySettingsStore.ensure_indexes(mongo_database)
    return mongo_database


def asked(database, needs, role="admin"):
    stores = {NotifySettingsStore: NotifySettingsStore(database)}
    by = tools("notify", stores=stores, clock=FrozenClock("2026-11-16T08:00:00Z"))
    who = person(organisation_id="o", account_id="a", grants=(Grant(role),))
    return call(by, who, needs, ROLES)


def test_what_nobody_decided_is_as_the_defaults_say(database):
    shown = doors.get_settings(asked(database, READ, "manager"), GetSettings())["settings"]
    assert NotifySettings(**shown) == NotifySettings()


def test_a_change_counts_at_once_and_is_told(database):
    wanted = NotifySettings(sender_address="familles@carteville.example")
    kept = doors.put_settings(asked(database, WRITE), wanted)["settings"]
    assert (kept["version"], kept["sender_address"]) == (1, "familles@carteville.example")
    assert doors.get_settings(asked(database, READ), GetSettings())["settings"] == kept
    (event,) = database.outbox.find()
    assert (event["name"], event["sequence"]) == ("notify_settings_changed", 1)
    assert event["data"] == {"organisation_id": "o", **kept}


def test_of_two_changes_of_one_version_the_second_is_a_conflict(database):
    doors.put_settings(asked(database, WRITE), NotifySettings(sender_name="Ville"))
    with pytest.raises(Refused) as refused:
        doors.put_settings(asked(database, WRITE), NotifySettings(sender_name="Cité"))
    assert refused.value.code == "conflict"
    assert NotifySettingsStore(database).read(TOWN) == NotifySettings(1, sender_name="Ville")
