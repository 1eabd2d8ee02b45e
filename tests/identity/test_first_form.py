"""Accounts and sessions as the release before keeps them are read, gone on with and migrated."""

from hashlib import sha256

import pytest

from chassis.storage.migrations import migrate
from chassis.testing import person
from deploy.fsck import sessions as fsck
from identity.accounts import store as accounts
from identity.accounts.store import upgrade_some, upgraded
from identity.commands import MIGRATIONS
from identity.organisations.imports import organisation_id
from tests.identity.conftest import ACCOUNTS

ANA = {"login": "ana.roy@example.org", "password": "soleil-marelle-42"}


def entry_of(memberships):
    """One organisation's memberships as the release before keeps them: in one entry."""
    family = next((each for each in memberships if "family_id" in each), {})
    staff = next((each for each in memberships if "grants" in each), {"grants": []})
    return {
        "organisation_id": memberships[0]["organisation_id"],
        "family_id": family.get("family_id"),
        "guardian_id": family.get("guardian_id"),
        "roles": list(dict.fromkeys(each["role"] for each in staff["grants"])),
        "centre_ids": list(dict.fromkeys(each["centre_id"] for each in staff["grants"])),
    }


def entries_of(memberships):
    organisations = dict.fromkeys(each["organisation_id"] for each in memberships)
    return [
        entry_of([each for each in memberships if each["organisation_id"] == one]) for one in organisations
    ]


def take_back(database, *collections):
    """Have what is stored be as the release before writes it."""
    for document in list(database.accounts.find() if "accounts" in collections else ()):
        first = {**document, "memberships": entries_of(document["memberships"])}
        database.accounts.replace_one({"_id": document["_id"]}, without(first, "schema_version"))
    for document in list(database.sessions.find() if "sessions" in collections else ()):
        listed = {each["membership"]["organisation_id"]: each for each in document["affiliations"]}
        entries = entries_of([each["membership"] for each in document["affiliations"]])
        standings = [{**listed[each["organisation_id"]], "membership": each} for each in entries]
        consulted = next(
            each["membership"]
            for each in document["affiliations"]
            if each["membership"]["id"] == document["membership_id"]
        )
        first = {**document, "standings": standings, "organisation_id": consulted["organisation_id"]}
        database.sessions.replace_one(
            {"_id": document["_id"]}, without(first, "schema_version", "affiliations", "is_claimed")
        )


def without(document, *gone):
    return {name: value for name, value in document.items() if name not in gone}


def test_who_is_kept_in_the_first_form_logs_in_is_known_switches_and_logs_out(identity):
    take_back(identity.store.database, "accounts")
    opened = identity.ask("log_in", ANA)
    take_back(identity.store.database, "sessions")
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


def test_an_import_leaves_the_first_form_alone_where_it_says_the_same_and_else_writes_the_second(
    store, import_files
):
    take_back(store.database, "accounts")
    before = store.accounts.account_by_login(ANA["login"])
    assert "accounts: 2 read, 0 changed" in import_files().output
    moved = ACCOUNTS.splitlines()[0] + "\nana.roy@example.org;;Anna;Roy;fr;saint-elme;F8;G8;;\n"
    assert "accounts: 1 read, 1 changed" in import_files(accounts=moved).output
    account = store.accounts.account_by_login(ANA["login"])
    assert (account.first_name, account.password_hash) == ("Anna", before.password_hash)
    assert account.memberships[0] == before.memberships[0]
    assert account.memberships[1] != before.memberships[1]
    assert store.database.accounts.count_documents({"schema_version": 2}) == 1


def test_an_organisation_that_is_renamed_is_renamed_in_sessions_of_the_first_form(identity, import_files):
    token = identity.ask("log_in", ANA)["token"]
    take_back(identity.store.database, "sessions")
    import_files(organisations="slug,name,time_zone\nsaint-elme,Port-Elme,Indian/Reunion\n")
    session = identity.store.sessions.session_by_token(sha256(token.encode()).hexdigest())
    assert [each.name for each in session.affiliations] == ["Mairie de Carteville", "Port-Elme"]


def test_a_session_goes_on_where_the_release_before_had_it_switch(identity):
    token = identity.ask("log_in", ANA)["token"]
    database, found = identity.store.database, {"_id": sha256(token.encode()).hexdigest()}
    take_back(database, "sessions")
    elsewhere = organisation_id("saint-elme")
    database.sessions.update_one(found, {"$set": {"organisation_id": elsewhere}})
    switched = identity.store.sessions.session_by_token(found["_id"])
    assert switched.consulted.membership.organisation_id == elsewhere
    database.sessions.update_one(found, {"$unset": {"membership_id": ""}})
    assert identity.store.sessions.session_by_token(found["_id"]) == switched


def test_a_migration_brings_accounts_to_the_second_form_and_takes_nothing_away(store):
    written = list(store.database.accounts.find())
    take_back(store.database, "accounts")
    store.database.accounts.update_many({}, {"$set": {"more_memberships": []}})
    migrate(store.database, MIGRATIONS)
    assert list(store.database.accounts.find()) == [{**each, "more_memberships": []} for each in written]
    assert upgrade_some(store.database) == 0


def test_an_account_that_an_import_changes_while_it_is_migrated_is_left_for_the_next_step(store, monkeypatch):
    take_back(store.database, "accounts")

    def changed_meanwhile(document):
        store.database.accounts.update_one({"_id": document["_id"]}, {"$set": {"memberships": []}})
        return upgraded(document)

    monkeypatch.setattr(accounts, "upgraded", changed_meanwhile)
    assert upgrade_some(store.database) == 2
    assert store.database.accounts.count_documents({"memberships": [], "schema_version": 2}) == 0
    monkeypatch.undo()
    assert (upgrade_some(store.database), upgrade_some(store.database)) == (2, 0)
    assert store.database.accounts.count_documents({"memberships": [], "schema_version": 2}) == 2


@pytest.mark.parametrize("first", [(), ("accounts",), ("sessions",), ("accounts", "sessions")])
def test_fsck_compares_accounts_and_sessions_in_either_form(identity, first):
    identity.ask("log_in", ANA)
    database = identity.store.database
    take_back(database, *first)
    assert list(fsck.check(database)) == []
    database.accounts.update_one({"login": ANA["login"]}, {"$set": {"memberships": []}})
    assert len(list(fsck.check(database))) == 1
