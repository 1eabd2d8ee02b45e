"""What an organisation decides about sessions, on a real database."""

import pytest

from chassis.testing import FrozenClock, person
from chassis.testing.doors import call, tools
from chassis.values.actor import Grant
from chassis.values.errors import Refused
from chassis.values.scope import Scope
from identity.organisations import doors
from identity.organisations.contract import ROLES, GetSettings
from identity.organisations.model import IdentitySettings
from identity.organisations.store import IdentitySettingsStore

TOWN = Scope("o")
READ, WRITE = (doors.may(f"settings.{act}") for act in ("read", "write"))


@pytest.fixture
def database(mongo_database):
    IdentitySettingsStore.ensure_indexes(mongo_database)
    return mongo_database


def asked(database, needs, role="admin", organisation_id="o"):
    stores = {IdentitySettingsStore: IdentitySettingsStore(database)}
    by = tools("identity", stores=stores, clock=FrozenClock("2026-11-16T08:00:00Z"))
    who = person(organisation_id=organisation_id, account_id="a", grants=(Grant(role),))
    return call(by, who, needs, ROLES)


def test_what_nobody_decided_is_as_the_defaults_say(database):
    shown = doors.get_settings(asked(database, READ, "manager"), GetSettings())["settings"]
    assert IdentitySettings(**shown) == IdentitySettings()


def test_a_change_counts_at_once_is_told_and_says_who_made_it(database):
    wanted = IdentitySettings(family_idle_minutes=10)
    kept = doors.put_settings(asked(database, WRITE), wanted)["settings"]
    assert (kept["version"], kept["family_idle_minutes"]) == (1, 10)
    assert doors.get_settings(asked(database, READ), GetSettings())["settings"] == kept
    (event,) = database.outbox.find()
    assert (event["name"], event["sequence"]) == ("identity_settings_changed", 1)
    assert event["data"] == {"organisation_id": "o", **kept}
    (change,) = database.settings_changes.find()
    assert (change["actor"]["account_id"], change["version"]) == ("a", 1)


def test_of_two_changes_of_one_version_the_second_is_a_conflict_and_changes_nothing(database):
    doors.put_settings(asked(database, WRITE), IdentitySettings(staff_idle_minutes=5))
    with pytest.raises(Refused) as refused:
        doors.put_settings(asked(database, WRITE), IdentitySettings(staff_idle_minutes=6))
    assert refused.value.code == "conflict"
    assert IdentitySettingsStore(database).read(TOWN) == IdentitySettings(1, staff_idle_minutes=5)
    assert database.outbox.count_documents({}) == database.settings_changes.count_documents({}) == 1


def test_another_organisation_has_settings_of_its_own(database):
    doors.put_settings(asked(database, WRITE), IdentitySettings(staff_idle_minutes=5))
    assert IdentitySettingsStore(database).read(Scope("elsewhere")) == IdentitySettings()


@pytest.mark.parametrize(("role", "needs"), [("reader", READ), ("manager", WRITE), ("desk", WRITE)])
def test_who_has_no_such_grant_neither_reads_nor_changes_them(role, needs):
    with pytest.raises(Refused) as refused:
        asked(None, needs, role)
    assert refused.value.code == "forbidden"
