"""The rules of identity; the tables are those of docs/rules/sessions.md and passwords.md."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.model import Account, Announcement, Membership, Organisation, Session, SessionKind, Standing
from identity.rules import accounts, attempts, passwords, sessions

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


@pytest.mark.parametrize(
    ("roles", "last_call", "now", "live"),
    [
        ((), "08:00", "08:29", True),
        ((), "08:00", "08:30", False),
        (("desk",), "08:00", "08:14", True),
        (("desk",), "08:00", "08:15", False),
        ((), "19:50", "19:59", True),
        ((), "19:50", "20:00", False),
        (("desk",), "15:50", "15:59", True),
        (("desk",), "15:50", "16:00", False),
    ],
)
def test_a_session_ends_when_idle_and_in_any_case_after_its_longest_time(roles, last_call, now, live):
    at = lambda text: datetime.fromisoformat(f"2026-11-16T{text}:00+00:00")  # noqa: E731
    assert sessions.is_live(a_session(roles, at(last_call)), at(now)) is live


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


@pytest.mark.parametrize(("asked", "chosen"), [("county", "county"), ("nowhere", "town"), (None, "town")])
def test_a_session_begins_with_the_organisation_of_the_login_page(asked, chosen):
    assert sessions.first_organisation([a_standing(), a_standing("county")], asked) == chosen


def test_who_belongs_nowhere_consults_nothing():
    assert sessions.first_organisation([], "town") is None


@pytest.mark.parametrize(
    ("typed", "login"),
    [
        (" Ana.Roy@Example.org ", "ana.roy@example.org"),
        ("CARTEVILLE 00 42", "carteville0042"),
        ("E\u0301lodie@example.org", "\u00e9lodie@example.org"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
    ],
)
def test_a_login_is_the_same_however_it_is_typed(typed, login):
    assert accounts.normalised_login(typed) == login


@given(st.text())
def test_a_normalised_login_has_no_white_space(typed):
    assert not any(sign.isspace() for sign in accounts.normalised_login(typed))


@pytest.mark.parametrize(
    ("password", "faults"),
    [
        ("soleil-marelle", 0),
        ("court", 1),
        ("x" * 129, 1),
        ("é" * 12, 0),
        ("e\u0301" * 6, 1),  # six letters, however they are written
        ("Ana-et-le-soleil", 1),
        ("ana", 2),
    ],
)
def test_a_password_has_twelve_characters_or_more_and_not_the_login(password, faults):
    assert len(passwords.password_faults(password, "ana")) == faults


def test_without_a_login_only_the_length_counts():
    assert passwords.password_faults("soleil-marelle", "") == []


@pytest.mark.parametrize(
    ("failures", "wait_s"),
    [(0, 0), (1, 0), (5, 0), (6, 15), (7, 30), (8, 60), (9, 120), (10, 240), (11, 480), (12, 900), (99, 900)],
)
def test_five_failures_are_free_then_the_wait_doubles_up_to_a_quarter_of_an_hour(failures, wait_s):
    assert attempts.wait_s(failures, attempts.FREE_FAILURES) == wait_s


@given(st.integers(0, 100_000), st.integers(0, 100))
def test_a_wait_never_shrinks_and_never_locks_for_good(failures, free):
    assert attempts.wait_s(failures, free) <= attempts.wait_s(failures + 1, free) <= attempts.WAIT_MAX_S


@given(st.integers(0, 200), st.integers(0, 60))
def test_the_list_of_waits_is_the_rule(failures, free):
    waits = attempts.waits_s(free)
    assert waits[min(failures, len(waits) - 1)] == attempts.wait_s(failures, free)


def test_a_known_device_has_a_bucket_that_a_stranger_can_not_fill():
    home = attempts.place("ana", "Firefox", "192.0.2.1")
    away = attempts.place("ana", "Firefox", "198.51.100.7")
    at_home = attempts.buckets("ana", home, "192.0.2.1", (home,))
    stranger = attempts.buckets("ana", away, "198.51.100.7", (home,))
    assert {bucket.key for bucket in at_home}.isdisjoint(bucket.key for bucket in stranger)
    assert [bucket.free_failures for bucket in stranger] == [5, 50]


def test_an_unknown_login_is_counted_like_a_known_one():
    place = attempts.place("ana", "Firefox", "")
    assert attempts.buckets("ana", place, "", ()) == attempts.buckets("ana", place, "", ("elsewhere",))
    assert len(attempts.buckets("ana", place, "", ())) == 1


def test_ten_places_are_remembered_the_latest_last():
    places = tuple(str(number) for number in range(10))
    assert attempts.places_with(places, "new") == (*places[1:], "new")
    assert attempts.places_with(("a", "b"), "a") == ("b", "a")


def test_a_family_and_its_roles_may_come_from_two_rows():
    family = Membership("town", "f1", "g1")
    both = accounts.with_membership([family], Membership("town", roles=("desk",), centre_ids=("c1",)))
    assert both == (Membership("town", "f1", "g1", ("desk",), ("c1",)),)
    assert len(accounts.with_membership(both, Membership("county", "f9"))) == 2


def test_an_import_keeps_the_password_the_places_and_the_other_memberships():
    stored = an_account(Membership("town", "f1"), Membership("county", "f9"), known_places=("home",))
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
