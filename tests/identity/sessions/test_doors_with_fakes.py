"""Logging in and switching, decided in milliseconds: stores in memory, and a queue that hashes nothing."""

import itertools
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from chassis.doors import call as call_module
from chassis.testing import FrozenClock, person
from chassis.testing.doors import call, tools
from chassis.values.context import Context
from chassis.values.errors import Refused
from identity.accounts.store import AccountStore
from identity.copies.store import FamilyStore
from identity.organisations.model import IdentitySettings, Organisation
from identity.organisations.store import IdentitySettingsStore, OrganisationStore
from identity.ports import Ports
from identity.ports.hashing import Verdict
from identity.sessions import doors
from identity.sessions.contract import CloseSession, LogIn, Nothing, ResolveSession, SwitchOrganisation
from identity.sessions.store import SessionStore
from identity.throttle.rules import NETWORK
from identity.throttle.store import AttemptStore
from tests.identity.conftest import a_guardian, an_account, staff

ANA = an_account(a_guardian(), staff(), a_guardian("county", "f9"))
RIGHT = LogIn(" ANA", "right", "Firefox", "192.0.2.1")
WRONG = replace(RIGHT, password="wrong")


class InMemory:
    """All stores of identity at once, for one account; every further attempt has to `wait_s`."""

    def __init__(self, account=ANA, wait_s=0, changes=False):
        self.account, self.wait_s, self.changes = account, wait_s, changes
        self.attempts, self.kept, self.settings = [], {}, IdentitySettings()

    def organisations(self, ids):
        return {each: Organisation(each, each, each.title(), "Europe/Paris", "fr") for each in ids}

    def family_names(self, family_ids):
        return {each: each.title() for each in family_ids}

    def also_called(self, scope):
        return ("double",) if scope.family_id == "f9" else ()

    def account_by_login(self, login, former=None):
        return self.account if login == self.account.login else None

    def remember_device(self, account, device):
        self.account = replace(self.account, devices=(device,))

    def count_attempt(self, bucket, now):
        self.attempts.append(bucket)
        return self.wait_s if len(self.attempts) > 1 else 0

    def forgive_attempt(self, bucket):
        self.attempts.remove(bucket)

    def forget_attempts(self, bucket):
        self.attempts = [each for each in self.attempts if each != bucket]

    def open_session(self, session, token_sha256, account, forget_at):
        self.kept[token_sha256] = session
        return not self.changes

    def touch_session(self, token_sha256, session, now):
        self.kept[token_sha256] = replace(session, last_seen_at=now, is_claimed=True)

    def session_by_token(self, token_sha256):
        return self.kept.get(token_sha256)

    def sessions(self, account_id):
        return [each for each in self.kept.values() if each.account_id == account_id]

    def close_session(self, account_id, session_id):
        found = [
            key for key, each in self.kept.items() if (each.account_id, each.id) == (account_id, session_id)
        ]
        return sum(self.kept.pop(key) is not None for key in found)

    def read(self, scope):
        return self.settings

    def consult(self, account_id, session, forget_at):
        self.kept = dict.fromkeys(self.kept, session)
        return True


def check(password, stored_hash):
    return Verdict(matches=password == "right" and stored_hash is not None)


def a_queue(check):
    """Give a queue in which everybody has a place; it says of an address what was asked of it."""
    return SimpleNamespace(
        place=lambda _left_s: nullcontext(check), pseudonym=lambda text, day: f"{text} on {day}"
    )


class House:
    """The doors of identity over one memory and one clock."""

    def __init__(self, memory=None, queue=None):
        self.memory, self.clock = memory or InMemory(), FrozenClock("2026-11-16T08:00:00Z")
        queue = queue or a_queue(check)
        kinds = (
            FamilyStore,
            OrganisationStore,
            IdentitySettingsStore,
            AccountStore,
            AttemptStore,
            SessionStore,
        )
        self.tools = tools(
            "identity", stores=dict.fromkeys(kinds, self.memory), ports=Ports(queue), clock=self.clock
        )

    def unknown(self, organisation_id=None, deadline=None):
        return call(self.tools, Context("anonymous", "gateway", organisation_id, deadline=deadline))

    def ana(self, session_id):
        return call(self.tools, person(account_id="a1", session_id=session_id))

    def log_in(self, organisation_id=None):
        return doors.log_in(self.unknown(organisation_id), RIGHT)["session"]


def refused(door, asked, request):
    with pytest.raises(Refused) as refusal:
        door(asked, request)
    return refusal.value.code


def test_a_session_begins_with_the_family_of_the_organisation_of_the_login_page():
    session = House().log_in("town")
    assert (session["organisation"]["slug"], session["family_id"], session["roles"]) == ("town", "f1", [])
    assert [each["organisation_id"] for each in session["memberships"]] == ["town", "town", "county"]
    assert House().log_in("county")["family_id"] == "f9"


def test_families_are_named_where_the_organisation_alone_does_not_tell_memberships_apart():
    session = House().log_in("town")
    assert [each["family_name"] for each in session["memberships"]] == ["F1", None, None]


def test_a_session_tells_by_which_other_ids_its_family_is_known():
    house = House()
    assert house.log_in("town")["merged_family_ids"] == []
    assert house.log_in("county")["merged_family_ids"] == ["double"]


def test_a_right_password_takes_its_attempts_back_and_a_wrong_one_does_not():
    house = House()
    house.log_in()
    assert house.memory.attempts == []
    assert refused(doors.log_in, house.unknown(), WRONG) == "invalid_credentials"
    assert len(house.memory.attempts) == 2


def test_a_right_password_forgets_the_failures_of_its_account_and_not_those_of_its_address():
    house = House()
    for _ in range(2):
        assert refused(doors.log_in, house.unknown(), WRONG) == "invalid_credentials"
    house.log_in()
    assert [bucket.allowance for bucket in house.memory.attempts] == [NETWORK] * 2


@pytest.mark.parametrize(
    ("memory", "code", "attempts"),
    [
        (InMemory(an_account(a_guardian(), login="bo")), "invalid_credentials", 2),
        (InMemory(an_account()), "invalid_credentials", 0),
        (InMemory(wait_s=15), "too_many_attempts", 1),
        (InMemory(changes=True), "unavailable", 0),
    ],
    ids=["unknown login", "belongs nowhere", "too many attempts", "the account changes meanwhile"],
)
def test_who_may_not_log_in_is_refused_and_only_a_failure_stays_counted(memory, code, attempts):
    assert refused(doors.log_in, House(memory).unknown(), RIGHT) == code
    assert len(memory.attempts) == attempts


@pytest.mark.parametrize("listens", ["no more", "until it is opened"])
def test_no_session_is_opened_for_a_caller_that_has_gone(monkeypatch, listens):
    house, now_s = House(), itertools.count(1000)
    deadline = datetime.fromtimestamp(1000 if listens == "no more" else 1001, UTC)
    monkeypatch.setattr(call_module, "epoch_s", lambda: next(now_s))
    assert refused(doors.log_in, house.unknown(deadline=deadline), RIGHT) == "unavailable"
    assert house.memory.kept == {}
    assert house.memory.attempts == []


def test_an_attempt_whose_turn_comes_too_late_is_not_counted():
    def too_late(_password, _stored_hash):
        raise Refused("overloaded", retry_after_s=1)

    house = House(queue=a_queue(too_late))
    assert refused(doors.log_in, house.unknown(), WRONG) == "overloaded"
    assert house.memory.attempts == []


def test_a_session_that_nobody_claims_is_over_after_two_minutes():
    house = House()
    lost, used = house.log_in()["id"], house.log_in()["id"]
    tokens = {session.id: token for token, session in house.memory.kept.items()}
    house.clock.advance(seconds=119)
    doors.resolve_session(house.unknown(), ResolveSession(tokens[used]))
    house.clock.advance(seconds=1)
    assert refused(doors.resolve_session, house.unknown(), ResolveSession(tokens[lost])) == "session_expired"
    house.clock.advance(minutes=20)
    assert doors.resolve_session(house.unknown(), ResolveSession(tokens[used]))["session"]["id"] == used


def test_of_two_memberships_in_one_organisation_a_session_consults_the_one_that_is_asked_for():
    house = House()
    ana = house.ana(house.log_in("town")["id"])
    there = doors.switch_organisation(ana, SwitchOrganisation("town", "town/staff"))["session"]
    assert (there["kind"], there["membership_id"], there["family_id"]) == ("staff", "town/staff", None)
    assert there["grants"] == [{"role": "desk", "centre_id": None, "cash_office_id": None}]
    assert refused(doors.switch_organisation, ana, SwitchOrganisation("coast")) == "not_found"


def test_a_session_that_is_too_old_for_staff_goes_on_as_the_familys():
    house = House()
    ana = house.ana(house.log_in("town")["id"])
    (token,) = house.memory.kept
    doors.resolve_session(house.unknown(), ResolveSession(token))
    house.clock.advance(minutes=20)
    assert (
        refused(doors.switch_organisation, ana, SwitchOrganisation("town", "town/staff")) == "session_expired"
    )
    assert len(doors.list_sessions(ana, Nothing())["data"]) == 1
    assert doors.switch_organisation(ana, SwitchOrganisation("county"))["session"]["family_id"] == "f9"


def test_a_session_that_is_over_opens_nothing_and_is_not_listed():
    house = House()
    session_id = house.log_in()["id"]
    (token,) = house.memory.kept
    assert doors.resolve_session(house.unknown(), ResolveSession(token))["session"]["id"] == session_id
    house.clock.advance(minutes=30)
    ana = house.ana(session_id)
    assert refused(doors.resolve_session, house.unknown(), ResolveSession(token)) == "session_expired"
    assert refused(doors.switch_organisation, ana, SwitchOrganisation("county")) == "session_expired"
    assert doors.list_sessions(ana, Nothing()) == {"data": []}


def test_a_person_ends_only_sessions_of_their_own():
    house = House()
    ana = house.ana(house.log_in()["id"])
    assert doors.close_session(ana, CloseSession(ana.context.session_id)) == {"closed": 1}
    assert refused(doors.close_session, ana, CloseSession("another")) == "not_found"
    assert doors.log_out(house.ana(house.log_in()["id"]), Nothing()) == {"closed": 1}
