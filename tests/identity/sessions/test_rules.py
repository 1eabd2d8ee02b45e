"""The rules of identity; the tables are those of docs/rules/sessions.md and passwords.md."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.accounts import rules as accounts
from identity.passwords import rules as passwords
from identity.sessions import rules as sessions
from identity.sessions.model import (
    Account,
    Announcement,
    Membership,
    Organisation,
    Session,
    SessionKind,
    Standing,
)
from identity.throttle import rules as attempts
from tests.booking.rule_tables import rows

EIGHT = datetime(2026, 11, 16, 8, tzinfo=UTC)


def a_standing(organisation_id="town", roles=()):
    return Standing(Membership(organisation_id, "f1", "g1", roles), organisation_id, "Town", "Europe/Paris")


def a_session(roles=(), last_seen_at=EIGHT, others=()):
    return Session(
        id="s1",
        account_id="a1",
        login="ana@example.org",
        display_name="Ana Roy",
        language="fr",
        standings=(a_standing(roles=roles), *others),
        organisation_id="town",
        user_agent="",
        created_at=EIGHT,
        last_seen_at=last_seen_at,
    )


def an_account(*memberships, **fields):
    return Account(
        **{
            "id": "a1",
            "login": "ana",
            "first_name": "Ana",
            "last_name": "Roy",
            "language": "fr",
            "password_hash": "hash",
            "memberships": memberships,
            **fields,
        }
    )


@pytest.mark.parametrize("row", rows("sessions.md", "## When a session is over"), ids=str)
def test_a_session_ends_when_idle_and_in_any_case_after_its_longest_time(row):
    last_call, now = (
        datetime.fromisoformat(f"2026-11-16T{row[name]}:00+00:00") for name in ("last call", "now")
    )
    session = a_session(("desk",) if row["who"] == "staff" else (), last_call)
    assert sessions.is_live(session, now) is (row["session"] == "open")


def test_only_one_call_a_minute_is_written_down():
    session = a_session()
    assert not sessions.is_touch_due(session, EIGHT + timedelta(seconds=59))
    assert sessions.is_touch_due(session, EIGHT + timedelta(seconds=60))
    assert sessions.touched(session, EIGHT + timedelta(minutes=1)).last_seen_at.minute == 1


def test_a_person_with_roles_is_staff_where_the_roles_are():
    session = a_session(others=(a_standing("county", ("admin",)),))
    assert session.kind is SessionKind.FAMILY
    assert sessions.consulting(session, "county").kind is SessionKind.STAFF
    assert sessions.consulting(session, "nowhere") is None


@pytest.mark.parametrize(
    ("changed", "outdated"),
    [
        ({}, False),
        ({"password_hash": "another"}, False),  # it is not shown
        ({"last_name": "Roy-Lenoir"}, True),
        ({"language": "en"}, True),
        ({"login": "ana@example.net"}, True),
        ({"memberships": ()}, True),
        ({"memberships": (Membership("town", "f1", "g1", ("desk",)),)}, True),
    ],
)
def test_a_session_is_outdated_once_its_account_would_show_otherwise(changed, outdated):
    account = an_account(Membership("town", "f1", "g1"), login="ana@example.org", first_name="Ana")
    assert sessions.is_outdated(a_session(), replace(account, **changed)) is outdated


@pytest.mark.parametrize(("asked", "chosen"), [("county", "county"), ("nowhere", "town"), (None, "town")])
def test_a_session_begins_with_the_organisation_of_the_login_page(asked, chosen):
    assert sessions.first_organisation([a_standing(), a_standing("county")], asked) == chosen


def test_who_belongs_nowhere_consults_nothing():
    assert sessions.first_organisation([], "town") is None


@pytest.mark.parametrize("row", rows("passwords.md", "## When two logins are one"), ids=str)
def test_a_login_is_the_same_however_it_is_typed(row):
    assert accounts.normalised_login(f" {row['typed']} ") == row["kept"]


def test_a_login_is_the_same_in_both_forms_of_its_accents():
    assert accounts.normalised_login("E\u0301lodie") == accounts.normalised_login("\u00e9lodie")


@given(st.text())
def test_a_normalised_login_has_no_white_space(typed):
    assert not any(sign.isspace() for sign in accounts.normalised_login(typed))


@pytest.mark.parametrize("row", rows("passwords.md", "## Which passwords are taken"), ids=str)
def test_a_password_has_twelve_characters_or_more_and_not_the_login(row):
    assert (passwords.password_faults(row["password"], "ana") == []) is (row["taken"] == "yes")


@pytest.mark.parametrize(
    ("password", "taken"), [("x" * 128, True), ("x" * 129, False), ("e\u0301" * 6, False)]
)
def test_characters_are_counted_however_they_are_written(password, taken):
    assert (passwords.password_faults(password, "ana") == []) is taken


def test_without_a_login_only_the_length_counts():
    assert passwords.password_faults("soleil-marelle", "") == []


@pytest.mark.parametrize("row", rows("passwords.md", "## How long to wait after failures"), ids=str)
def test_five_failures_are_free_then_the_wait_doubles_up_to_a_quarter_of_an_hour(row):
    assert attempts.wait_s(int(row["failures"]), attempts.FREE_FAILURES) == int(row["wait in s"])


@given(st.integers(0, 100_000), st.integers(0, 100))
def test_a_wait_never_shrinks_and_never_locks_for_good(failures, free):
    assert attempts.wait_s(failures, free) <= attempts.wait_s(failures + 1, free) <= attempts.WAIT_MAX_S


@given(st.integers(0, 200), st.integers(0, 60))
def test_the_list_of_waits_is_the_rule(failures, free):
    waits = attempts.waits_s(free)
    assert waits[min(failures, len(waits) - 1)] == attempts.wait_s(failures, free)


def test_a_known_device_has_a_bucket_that_a_stranger_can_not_fill():
    home = attempts.device("ana", "Firefox", "192.0.2.1")
    away = attempts.device("ana", "Firefox", "198.51.100.7")
    at_home = attempts.buckets("ana", home, "192.0.2.1", (home,))
    stranger = attempts.buckets("ana", away, "198.51.100.7", (home,))
    assert {bucket.key for bucket in at_home}.isdisjoint(bucket.key for bucket in stranger)
    assert [bucket.free_failures for bucket in stranger] == [5, 50]


def test_an_unknown_login_is_counted_like_a_known_one():
    device = attempts.device("ana", "Firefox", "")
    assert attempts.buckets("ana", device, "", ()) == attempts.buckets("ana", device, "", ("elsewhere",))
    assert len(attempts.buckets("ana", device, "", ())) == 1


def test_ten_devices_are_remembered_the_latest_last():
    devices = tuple(str(number) for number in range(10))
    assert attempts.devices_with(devices, "new") == (*devices[1:], "new")
    assert attempts.devices_with(("a", "b"), "a") == ("b", "a")


def test_a_family_and_its_roles_may_come_from_two_rows():
    family = Membership("town", "f1", "g1")
    both = accounts.with_membership([family], Membership("town", roles=("desk",), centre_ids=("c1",)))
    assert both == (Membership("town", "f1", "g1", ("desk",), ("c1",)),)
    assert len(accounts.with_membership(both, Membership("county", "f9"))) == 2


def test_an_import_keeps_the_password_the_devices_and_the_other_memberships():
    stored = an_account(Membership("town", "f1"), Membership("county", "f9"), known_devices=("home",))
    wanted = an_account(Membership("town", "f2"), Membership("coast"), password_hash="", last_name="Rey")
    assert accounts.imported_account(stored, wanted) == replace(
        stored,
        last_name="Rey",
        memberships=(Membership("town", "f2"), Membership("county", "f9"), Membership("coast")),
    )


def test_an_imported_organisation_is_kept_only_if_it_changed():
    town = Organisation("o1", "town", "Town", "Europe/Paris", "fr", (Announcement("Hello", "Welcome."),))
    first = accounts.imported_organisation(None, town)
    assert first.sequence == 1
    assert accounts.imported_organisation(first, town) is None
    assert accounts.imported_organisation(first, replace(town, name="City")).sequence == 2


def test_a_membership_of_an_unknown_organisation_gives_no_standing():
    town = Organisation("o1", "town", "Town", "Europe/Paris", "fr")
    account = an_account(Membership("o1", "f1"), Membership("o2", "f2"))
    standings = accounts.standings_of(account, {"o1": town})
    assert [standing.slug for standing in standings] == ["town"]
    assert account.display_name == "Ana Roy"
