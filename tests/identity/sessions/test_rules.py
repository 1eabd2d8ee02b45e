"""How long a session lives and what it shows; the table is in docs/rules/sessions.md."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from identity.organisations.model import IdentitySettings, Organisation
from identity.sessions import rules as sessions
from identity.sessions.model import Affiliation, Session, SessionKind
from tests.booking.rule_tables import rows
from tests.identity.conftest import a_guardian, an_account, staff

EIGHT = datetime(2026, 11, 16, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def shown(membership):
    return Affiliation(membership, membership.organisation_id, "Town", "Europe/Paris")


def a_session(membership=None, last_seen_at=EIGHT, others=()):
    consulted = membership or a_guardian()
    return Session(
        id="s1",
        account_id="a1",
        login="ana@example.org",
        display_name="Ana Roy",
        language="fr",
        affiliations=tuple(map(shown, (consulted, *others))),
        membership_id=consulted.id,
        user_agent="",
        created_at=EIGHT,
        last_seen_at=last_seen_at,
    )


@pytest.mark.parametrize("row", rows("sessions.md", "## When a session is over"), ids=str)
def test_a_session_ends_when_idle_and_in_any_case_after_its_longest_time(row):
    last_call, now = (
        datetime.fromisoformat(f"2026-11-16T{row[name]}:00+00:00") for name in ("last call", "now")
    )
    session = a_session(staff() if row["who"] == "staff" else a_guardian(), last_call)
    assert sessions.is_live(session, IdentitySettings(), now) is (row["session"] == "open")


def test_only_one_call_a_minute_is_written_down():
    session = a_session()
    assert not sessions.is_touch_due(session, EIGHT + timedelta(seconds=59))
    assert sessions.is_touch_due(session, EIGHT + timedelta(seconds=60))
    assert sessions.touched(session, EIGHT + timedelta(minutes=1)).last_seen_at.minute == 1


@pytest.mark.parametrize("row", rows("sessions.md", "## A session that nobody claims"), ids=str)
def test_a_session_whose_token_is_not_used_at_first_is_soon_over(row):
    used, now = (
        row[name] and datetime.fromisoformat(f"2026-11-16T{row[name]}+00:00")
        for name in ("first call", "now")
    )
    session = replace(a_session(), is_claimed=False)
    if used:
        assert sessions.is_touch_due(session, used)
        session = sessions.touched(session, used)
    assert sessions.is_live(session, IdentitySettings(), now) is (row["session"] == "open")


def test_a_session_that_the_release_before_saw_in_use_is_claimed():
    assert sessions.is_unclaimed(replace(a_session(), is_claimed=False))
    assert not sessions.is_unclaimed(replace(a_session(last_seen_at=EIGHT + MINUTE), is_claimed=False))


def test_sessions_that_nobody_claimed_end_before_the_oldest_of_the_others():
    standing = {
        str(number): replace(a_session(), created_at=EIGHT - number * MINUTE, is_claimed=number != 5)
        for number in range(11)
    }
    standing["5"] = replace(standing["5"], last_seen_at=standing["5"].created_at)
    assert sessions.surplus(standing, EIGHT) == ["5"]
    standing["11"] = replace(standing["0"], created_at=EIGHT - 11 * MINUTE)
    assert sessions.surplus(standing, EIGHT) == ["5", "11"]
    assert sessions.surplus({"5": replace(standing["5"], created_at=EIGHT)}, EIGHT) == []


def test_a_person_is_staff_while_a_membership_with_grants_is_consulted():
    session = a_session(others=(staff("county", ("admin",)),))
    assert session.kind is SessionKind.FAMILY
    assert sessions.consulting(session, "county", None).kind is SessionKind.STAFF
    assert sessions.consulting(session, "nowhere", None) is None


def test_of_two_memberships_in_one_organisation_a_session_consults_the_one_that_was_asked_for():
    session = a_session(others=(staff("town"),))
    assert sessions.consulting(session, "town", None) == session
    assert sessions.consulting(session, "town", "town/staff").kind is SessionKind.STAFF
    assert sessions.consulting(session, "town", "county/staff") is None


@pytest.mark.parametrize(
    ("changed", "outdated"),
    [
        ({}, False),
        ({"password_hash": "another"}, False),  # it is not shown
        ({"last_name": "Roy-Lenoir"}, True),
        ({"language": "en"}, True),
        ({"login": "ana@example.net"}, True),
        ({"memberships": ()}, True),
        ({"memberships": (a_guardian(), staff())}, True),
    ],
)
def test_a_session_is_outdated_once_its_account_would_show_otherwise(changed, outdated):
    account = an_account(a_guardian(), login="ana@example.org", first_name="Ana")
    assert sessions.is_outdated(a_session(), replace(account, **changed)) is outdated


@pytest.mark.parametrize(
    ("asked", "chosen"), [("county", "county/f1"), ("nowhere", "town/f1"), (None, "town/f1")]
)
def test_a_session_begins_with_the_organisation_of_the_login_page(asked, chosen):
    assert sessions.first_membership([shown(a_guardian()), shown(a_guardian("county"))], asked) == chosen


def test_who_belongs_nowhere_consults_nothing():
    assert sessions.first_membership([], "town") is None


def test_a_membership_of_an_unknown_organisation_is_not_shown():
    town = Organisation("o1", "town", "Town", "Europe/Paris", "fr")
    account = an_account(a_guardian("o1"), a_guardian("o2"))
    assert [each.slug for each in sessions.affiliations_of(account, {"o1": town})] == ["town"]
    assert account.display_name == "Ana Roy"


def test_an_organisation_may_have_sessions_end_earlier():
    short = IdentitySettings(family_idle_minutes=10, staff_absolute_hours=1)
    assert sessions.idle_expires_at(a_session(), short) == EIGHT + timedelta(minutes=10)
    assert sessions.expires_at(a_session(staff()), short) == EIGHT + timedelta(hours=1)
