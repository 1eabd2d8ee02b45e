"""How long a session lives and what it shows; the table is in docs/rules/sessions.md."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from identity.memberships.model import Membership
from identity.organisations.model import Organisation
from identity.sessions import rules as sessions
from identity.sessions.model import Session, SessionKind, Standing
from tests.booking.rule_tables import rows
from tests.identity.conftest import an_account

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


def test_a_membership_of_an_unknown_organisation_gives_no_standing():
    town = Organisation("o1", "town", "Town", "Europe/Paris", "fr")
    account = an_account(Membership("o1", "f1"), Membership("o2", "f2"))
    standings = sessions.standings_of(account, {"o1": town})
    assert [standing.slug for standing in standings] == ["town"]
    assert account.display_name == "Ana Roy"
