"""What an organisation decides about its money, on a real database."""

import pytest

from billing.offices import doors
from billing.offices.contract import ROLES, GetSettings
from billing.offices.model import BillingSettings
from billing.offices.store import BillingSettingsStore
from chassis.testing import FrozenClock, person
from chassis.testing.doors import call, tools
from chassis.values.actor import Grant
from chassis.values.errors import Refused
from tests.billing.town import ORGANISATION, SCOPE

READ, WRITE = (doors.may(f"settings.{act}") for act in ("read", "write"))


def asked(store, needs, role="admin"):
    stores = {BillingSettingsStore: store}
    by = tools("billing", stores=stores, clock=FrozenClock("2026-11-16T08:00:00Z"))
    who = person(organisation_id=ORGANISATION, account_id="a", grants=(Grant(role),))
    return call(by, who, needs, ROLES)


def test_what_nobody_decided_is_as_it_always_was(store):
    shown = doors.get_settings(asked(store.settings, READ, "manager"), GetSettings())["settings"]
    minutes = {"quote_minutes": 30, "payment_page_minutes": 15}
    assert shown == {"version": 0, **minutes, "estimated_days": 31}


def test_a_change_counts_at_once_is_told_and_says_who_made_it(store):
    kept = doors.put_settings(asked(store.settings, WRITE), BillingSettings(quote_minutes=10))["settings"]
    assert (kept["version"], kept["quote_minutes"]) == (1, 10)
    assert store.settings.read(SCOPE) == BillingSettings(1, quote_minutes=10)
    (event,) = store.database.outbox.find()
    assert (event["name"], event["sequence"]) == ("billing_settings_changed", 1)
    assert event["data"] == {"organisation_id": ORGANISATION, **kept}
    (change,) = store.database.settings_changes.find()
    assert (change["actor"]["account_id"], change["version"]) == ("a", 1)


def test_of_two_changes_of_one_version_the_second_is_a_conflict(store):
    doors.put_settings(asked(store.settings, WRITE), BillingSettings(quote_minutes=10))
    with pytest.raises(Refused, match="conflict"):
        doors.put_settings(asked(store.settings, WRITE), BillingSettings(quote_minutes=20))


@pytest.mark.parametrize(("role", "needs"), [("reader", READ), ("manager", WRITE), ("desk", WRITE)])
def test_who_has_no_such_grant_neither_reads_nor_changes_them(role, needs):
    with pytest.raises(Refused, match="forbidden"):
        asked(None, needs, role)
