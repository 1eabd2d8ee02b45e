"""What identity remembers, of whom, and by which index."""

import inspect
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chassis.running import failpoints
from chassis.testing import plans
from identity.accounts.store import AccountStore
from identity.copies.store import FamilyStore
from identity.organisations.store import OrganisationStore
from identity.sessions import rules
from identity.sessions.model import Session
from identity.sessions.store import SessionStore
from identity.throttle.model import Bucket, Device
from identity.throttle.rules import ACCOUNT
from identity.throttle.store import AttemptStore
from tests.identity.conftest import ACCOUNTS

DAY = timedelta(days=1)
NOW = datetime(2026, 11, 16, 8, tzinfo=UTC)
STORES = (FamilyStore, OrganisationStore, AccountStore, AttemptStore, SessionStore)
PUBLIC = {
    "ensure_indexes": "of no person",
    "keep_family": "what another service tells",
    "known_ids": "an operator's import",
    "family_names": "of the families of the account's own memberships",
    "also_called": "of the family that the session consults",
    "organisation_by_slug": "anybody may see an organisation",
    "organisations": "the same",
    "keep_organisation": "an operator's import",
    "show_organisation": "an operator's import",
    "republish": "an operator's command",
    "dress": "of no person, asked of who has the organisation's grant",
    "tell_some_anew": "an operator's command",
    "ids": "the same",
    "account_by_login": "asked before anybody is known",
    "accounts_by_id": "an operator's import",
    "keep_accounts": "an operator's import",
    "end_outdated_sessions": "an operator's import",
    "choose_language": "of the account of the context",
    "guardians": "an operator's command",
    "keep_fresh_hash": "of the account just checked",
    "remember_device": "of the account just checked",
    "count_attempt": "asked before anybody is known",
    "forgive_attempt": "the same",
    "forget_attempts": "the same",
    "open_session": "of the account just checked",
    "session_by_token": "the token is the proof",
    "touch_session": "the same",
}


@pytest.fixture(autouse=True)
def disarmed():
    yield
    failpoints.arm("")


def open_one(store, number=0, login="ana.roy@example.org"):
    account = store.accounts.account_by_login(login)
    organisations = store.organisations.organisations(each.organisation_id for each in account.memberships)
    affiliations = rules.affiliations_of(account, organisations)
    at = NOW + timedelta(minutes=number)
    session = Session(
        id=f"{login}-{number}",
        account_id=account.id,
        login=account.login,
        display_name=account.display_name,
        language=account.language,
        affiliations=affiliations,
        membership_id=affiliations[0].membership.id,
        user_agent="Firefox",
        created_at=at,
        last_seen_at=at,
    )
    assert store.sessions.open_session(session, f"token-{login}-{number}", account, at + DAY)
    return session


def account_of(session):
    return session.account_id


def test_a_session_comes_back_as_it_was_opened(store):
    session = open_one(store)
    assert store.sessions.session_by_token("token-ana.roy@example.org-0") == session
    assert store.sessions.session_by_token("unknown") is None


def test_the_eleventh_session_ends_the_oldest(store):
    opened = [open_one(store, number) for number in range(rules.SESSIONS_MAX + 1)]
    kept = store.sessions.sessions(account_of(opened[0]))
    assert [session.id for session in kept] == [session.id for session in reversed(opened[1:])]


def test_another_persons_context_sees_and_ends_no_session(store):
    session = open_one(store)
    stranger = account_of(open_one(store, login="desk@example.org"))
    moved = rules.consulting(session, session.affiliations[1].membership.organisation_id, None)
    seen_by_strangers = {
        "sessions": [each.id for each in store.sessions.sessions(stranger)] == ["desk@example.org-0"],
        "close_session": store.sessions.close_session(stranger, session.id) == 0,
        "consult": store.sessions.consult(stranger, moved, NOW) is False,
    }
    assert all(seen_by_strangers.values())
    assert store.sessions.session_by_token("token-ana.roy@example.org-0") == session
    methods = {
        name
        for kind in STORES
        for name, _ in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_")
    }
    assert methods == PUBLIC.keys() | seen_by_strangers.keys()


def test_a_role_that_changes_ends_the_sessions_of_its_account(store, import_files):
    session = open_one(store, login="desk@example.org")
    import_files(
        accounts="login,first_name,last_name,organisation,roles\ndesk@example.org,R,G,carteville,reader\n"
    )
    assert store.sessions.sessions(account_of(session)) == []


def test_an_import_that_was_cut_short_and_is_repeated_ends_the_sessions_that_it_had_not_ended(
    store, import_files
):
    untouched, outdated = open_one(store), open_one(store, login="desk@example.org")
    account = store.accounts.account_by_login("desk@example.org")
    failpoints.arm("identity.accounts.after_write=raise")
    changed = ACCOUNTS.replace("desk|carer", "reader")
    with pytest.raises(failpoints.InjectedFault):
        import_files(accounts=changed)
    assert store.accounts.account_by_login("desk@example.org").memberships != account.memberships
    assert store.sessions.sessions(account_of(outdated)) == [outdated]
    import_files(accounts=changed)
    assert store.sessions.sessions(account_of(outdated)) == []
    assert store.sessions.sessions(account_of(untouched)) == [untouched]


def test_a_session_that_comes_just_after_a_change_of_roles_is_not_opened(store):
    account = store.accounts.account_by_login("ana.roy@example.org")
    session = open_one(store)
    stale = replace(account, memberships=account.memberships[:1])
    assert store.sessions.open_session(session, "late", stale, NOW + DAY) is False
    assert store.sessions.session_by_token("late") is None


def test_an_organisation_that_is_renamed_is_renamed_in_open_sessions(store, import_files):
    open_one(store)
    import_files(organisations="slug,name,time_zone\nsaint-elme,Port-Elme,Indian/Reunion\n")
    names = [
        each.name for each in store.sessions.session_by_token("token-ana.roy@example.org-0").affiliations
    ]
    assert names == ["Mairie de Carteville", "Port-Elme"]


def test_only_one_copy_of_the_service_writes_that_a_person_was_seen(store):
    session = open_one(store)
    store.sessions.touch_session("token-ana.roy@example.org-0", session, NOW + timedelta(minutes=2))
    store.sessions.touch_session("token-ana.roy@example.org-0", session, NOW + timedelta(minutes=1))
    assert store.sessions.session_by_token("token-ana.roy@example.org-0").last_seen_at == NOW + timedelta(
        minutes=2
    )


def test_every_query_uses_an_index(store, import_files):
    with plans.recorded(store.database) as found:
        import_files(organisations="slug,name,time_zone\nsaint-elme,Port-Elme,Indian/Reunion\n")
        import_files(
            accounts="login,first_name,last_name,organisation,roles\ndesk@example.org,R,G,carteville,reader\n"
        )
        session, account = open_one(store), store.accounts.account_by_login("ana.roy@example.org")
        store.organisations.organisation_by_slug("carteville")
        store.accounts.keep_fresh_hash(account, "fresh")
        store.accounts.remember_device(account, Device("home", NOW))
        store.attempts.count_attempt(Bucket("b", ACCOUNT), NOW)
        store.attempts.forgive_attempt(Bucket("b", ACCOUNT))
        store.attempts.forget_attempts(Bucket("b", ACCOUNT))
        store.sessions.session_by_token("token-ana.roy@example.org-0")
        store.sessions.touch_session("token-ana.roy@example.org-0", session, NOW)
        store.sessions.consult(account_of(session), session, NOW)
        store.sessions.close_session(account_of(session), session.id)
    assert len(found) > 15
    assert [plan for plan in found if "COLLSCAN" in plan[1]] == []
