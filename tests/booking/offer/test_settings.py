"""How long seats are held: what an organisation may decide, by the table of the rules, and who decides it."""

import pytest

from booking.offer import doors
from booking.offer.contract import ROLES, GetSettings, PutSettingsRequest
from booking.offer.model import BookingSettings
from booking.offer.store import BookingSettingsStore
from booking.settings import Settings
from chassis.testing import FrozenClock, person
from chassis.testing.doors import call, tools
from chassis.values.actor import Grant
from chassis.values.errors import Refused
from chassis.values.scope import Scope
from tests.booking.rule_tables import rows

TOWN = Scope("o")
READ, WRITE = (doors.may(f"settings.{act}") for act in ("read", "write"))
TABLE = [
    (row["setting"].strip("`"), int(row["else"]), int(row["at least"]), int(row["at most"]))
    for row in rows("seats.md", "## How long a seat is held")
]
DEFAULTS = {"version": 0, "hold_s": 1_500, "promoted_hold_s": 86_400, "school_year_starts_on": "09-01"}


@pytest.mark.parametrize(("setting", "otherwise", "least", "most"), TABLE)
def test_an_organisation_decides_within_the_bounds_of_the_table(setting, otherwise, least, most):
    assert getattr(BookingSettings(), setting) == getattr(Settings(), setting) == otherwise
    for seconds, taken in ((least - 1, False), (least, True), (most, True), (most + 1, False)):
        faults = PutSettingsRequest().validate({**DEFAULTS, setting: seconds})
        assert (not faults) is taken, seconds


@pytest.fixture
def database(mongo_database):
    BookingSettingsStore.ensure_indexes(mongo_database)
    return mongo_database


def asked(database, needs, role="admin"):
    stores = {BookingSettingsStore: BookingSettingsStore(database)}
    by = tools("booking", stores=stores, clock=FrozenClock("2026-11-16T08:00:00Z"))
    who = person(organisation_id="o", account_id="a", grants=(Grant(role),))
    return call(by, who, needs, ROLES)


def test_a_change_counts_at_once_is_told_and_says_who_made_it(database):
    kept = doors.put_settings(asked(database, WRITE), BookingSettings(hold_s=1_800))["settings"]
    assert kept == {**DEFAULTS, "version": 1, "hold_s": 1_800}
    assert doors.get_settings(asked(database, READ, "manager"), GetSettings())["settings"] == kept
    (event,) = database.outbox.find()
    assert (event["name"], event["sequence"]) == ("booking_settings_changed", 1)
    assert event["data"] == {"organisation_id": "o", **kept}
    (change,) = database.settings_changes.find()
    assert (change["actor"]["account_id"], change["version"]) == ("a", 1)


def test_of_two_changes_of_one_version_the_second_is_a_conflict_and_changes_nothing(database):
    doors.put_settings(asked(database, WRITE), BookingSettings(hold_s=1_800))
    with pytest.raises(Refused) as refused:
        doors.put_settings(asked(database, WRITE), BookingSettings(hold_s=1_900))
    assert refused.value.code == "conflict"
    assert BookingSettingsStore(database).read(TOWN).hold_s == 1_800


def test_who_decided_nothing_has_what_the_operator_says_and_who_decided_has_that(database, monkeypatch):
    monkeypatch.setattr("booking.offer.store.settings", lambda: Settings(hold_s=2_000, promoted_hold_s=5_000))
    doors.put_settings(asked(database, WRITE), BookingSettings(hold_s=1_800, promoted_hold_s=7_200))
    assert BookingSettingsStore(database).read(TOWN) == BookingSettings(1, 1_800, 7_200)
    assert BookingSettingsStore(database).read(Scope("elsewhere")) == BookingSettings(0, 2_000, 5_000)


@pytest.mark.parametrize(("role", "needs"), [("reader", READ), ("manager", WRITE), ("desk", WRITE)])
def test_who_has_no_such_grant_neither_reads_nor_changes_them(role, needs):
    with pytest.raises(Refused) as refused:
        asked(None, needs, role)
    assert refused.value.code == "forbidden"
