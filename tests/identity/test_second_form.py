"""Accounts and sessions as the next release keeps them are read, gone on with and written over."""

from hashlib import sha256

import pytest
from bson import json_util

from chassis.testing import person
from deploy.fsck import sessions as fsck
from identity.accounts.store import account_from
from identity.accounts.store import upgraded as upgraded_account
from identity.memberships.model import Grant, Membership
from identity.organisations.imports import organisation_id
from identity.sessions.store import session_from
from identity.sessions.store import upgraded as upgraded_session
from tests.identity.conftest import ACCOUNTS

SECOND = {
    "accounts": (upgraded_account, {"more_memberships"}),
    "sessions": (upgraded_session, {"standings", "organisation_id", "more_memberships"}),
}
ANA = {"login": "ana.roy@example.org", "password": "soleil-marelle-42"}
LISTED = json_util.loads("""[
  {"id": "m1", "organisation_id": "town", "family_id": "f1", "guardian_id": "g1"},
  {"id": "m2", "organisation_id": "town", "family_id": "f2"},
  {"id": "m3", "organisation_id": "town", "grants": [
    {"role": "desk", "centre_id": "c1"}, {"role": "cashier", "cash_office_id": "o1"}]}
]""")
MEMBERSHIPS = (
    Membership("m1", "town", "f1", "g1"),
    Membership("m2", "town", "f2"),
    Membership("m3", "town", grants=(Grant("desk", "c1"), Grant("cashier", None, "o1"))),
)


def bring_to_second_form(database):
    """Have all that is stored be as the next release writes it."""
    for collection, (upgraded, gone) in SECOND.items():
        for document in list(database[collection].find({"schema_version": {"$ne": 2}})):
            kept = {name: value for name, value in upgraded(document).items() if name not in gone}
            database[collection].replace_one({"_id": document["_id"]}, {**kept, "schema_version": 2})


def test_an_account_lists_its_memberships_one_by_one():
    names = {"_id": "a1", "login": "ana", "first_name": "Ana", "last_name": "Roy", "language": "fr"}
    kept = {**names, "password_hash": "hash", "memberships": LISTED, "schema_version": 2}
    assert account_from(kept).memberships == MEMBERSHIPS


def test_a_session_lists_its_affiliations_one_by_one():
    shown = {"slug": "town", "name": "Town", "time_zone": "Europe/Paris"}
    names = {"id": "s1", "account_id": "a1", "login": "ana", "display_name": "Ana Roy", "language": "fr"}
    seen = {"user_agent": "Firefox", "created_at": None, "last_seen_at": None, "membership_id": "m3"}
    listed = [{"membership": each, **shown} for each in LISTED]
    session = session_from({**names, **seen, "affiliations": listed, "schema_version": 2})
    assert tuple(each.membership for each in session.affiliations) == MEMBERSHIPS
    assert (session.consulted.membership, session.consulted.name) == (MEMBERSHIPS[2], "Town")


def test_who_is_kept_in_the_second_form_logs_in_is_known_switches_and_logs_out(identity):
    bring_to_second_form(identity.store.database)
    opened = identity.ask("log_in", ANA)
    bring_to_second_form(identity.store.database)
    token = {"token_sha256": sha256(opened["token"].encode()).hexdigest()}
    identity.clock.advance(minutes=2)
    here = identity.ask("resolve_session", token)["session"]
    assert here["memberships"] == opened["session"]["memberships"]
    me = person(
        organisation_id=here["organisation"]["id"], account_id=here["account_id"], session_id=here["id"]
    )
    there = {"organisation_id": organisation_id("saint-elme")}
    assert identity.ask("switch_organisation", there, me)["session"]["organisation"]["slug"] == "saint-elme"
    assert identity.ask("resolve_session", token)["session"]["organisation"]["slug"] == "saint-elme"
    assert [each["current"] for each in identity.ask("list_sessions", {}, me)["data"]] == [True]
    assert identity.ask("log_out", {}, me) == {"closed": 1}


def test_an_import_leaves_the_second_form_alone_where_it_says_the_same(store, import_files):
    bring_to_second_form(store.database)
    assert "accounts: 2 read, 0 changed" in import_files().output
    assert store.database.accounts.count_documents({"schema_version": 2}) == 2


def test_an_import_writes_over_the_second_form_and_loses_nothing_of_what_it_does_not_tell(
    store, import_files
):
    bring_to_second_form(store.database)
    before = store.accounts.account_by_login("ana.roy@example.org")
    moved = ACCOUNTS.splitlines()[0] + "\nana.roy@example.org;;Anna;Roy;fr;saint-elme;F8;G8;;\n"
    assert "accounts: 1 read, 1 changed" in import_files(accounts=moved).output
    account = store.accounts.account_by_login("ana.roy@example.org")
    assert account.first_name == "Anna"
    assert account.memberships[0] == before.memberships[0]
    assert account.memberships[1] != before.memberships[1]
    assert account.password_hash == before.password_hash


def test_an_organisation_that_is_renamed_is_renamed_in_sessions_of_the_second_form(identity, import_files):
    token = identity.ask("log_in", ANA)["token"]
    bring_to_second_form(identity.store.database)
    import_files(organisations="slug,name,time_zone\nsaint-elme,Port-Elme,Indian/Reunion\n")
    session = identity.store.sessions.session_by_token(sha256(token.encode()).hexdigest())
    assert [each.name for each in session.affiliations] == ["Mairie de Carteville", "Port-Elme"]


@pytest.mark.parametrize("brought", [(), ("accounts",), ("sessions",), ("accounts", "sessions")])
def test_fsck_compares_accounts_and_sessions_in_either_form(identity, brought, monkeypatch):
    identity.ask("log_in", ANA)
    database = identity.store.database
    with monkeypatch.context() as patched:
        for kind in SECOND.keys() - set(brought):
            patched.delitem(SECOND, kind)
        bring_to_second_form(database)
    assert list(fsck.check(database)) == []
    database.accounts.update_one({"login": ANA["login"]}, {"$set": {"memberships": []}})
    assert len(list(fsck.check(database))) == 1
