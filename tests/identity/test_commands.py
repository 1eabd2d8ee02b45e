"""Importing organisations and accounts."""

from collections import Counter

import pytest
from click.testing import CliRunner

from chassis.values.ids import named_id
from identity import commands
from identity.organisations.imports import organisation_id
from identity.ports.hashing import Passwords


def republish(slug, command="republish"):
    arguments = [command, "--organisation", slug]
    return CliRunner().invoke(commands.main, arguments, catch_exceptions=False)


def hashes(store):
    return {each["login"]: each["password_hash"] for each in store.database.accounts.find()}


def test_rows_with_one_login_are_one_account_with_several_memberships(store):
    account = store.accounts.account_by_login("ana.roy@example.org")
    town = organisation_id("carteville")
    assert [membership.organisation_id for membership in account.memberships] == [
        town,
        organisation_id("saint-elme"),
    ]
    assert account.memberships[0].family_id == named_id(town, "family", "F1")
    assert account.memberships[0].guardian_id == named_id(town, "guardian", "G1")


def test_staff_have_roles_and_centres(store):
    (membership,) = store.accounts.account_by_login("desk@example.org").memberships
    assert membership.roles == ("desk", "carer")
    assert len(membership.grants) == 4
    assert len(membership.centre_ids) == 2


def test_importing_again_changes_nothing_and_says_nothing(store, import_files):
    before, said = hashes(store), store.database.outbox.count_documents({})
    result = import_files()
    assert result.exit_code == 0
    assert "accounts: 2 read, 0 changed" in result.output
    assert hashes(store) == before
    assert said == store.database.outbox.count_documents({}) == 4


@pytest.mark.parametrize("command", ["republish", "tell-again"])
def test_an_organisation_is_republished_word_for_word_under_the_sequence_it_has(store, command):
    first = store.database.outbox.find_one({"aggregate_id": organisation_id("carteville")})
    result = republish("carteville", command)
    assert (result.exit_code, result.output) == (0, "1 organisation and 1 language told\n")
    again = store.database.outbox.find_one(
        {"aggregate_id": organisation_id("carteville"), "_id": {"$ne": first["_id"]}}
    )
    for name in ("name", "version", "sequence", "data", "organisation_id"):
        assert again[name] == first[name]


def test_all_organisations_are_republished_at_once(store):
    assert republish("all").output == "2 organisations and 2 languages told\n"
    told = Counter((row["name"], row["sequence"]) for row in store.database.outbox.find())
    assert told == {("organisation_changed", 1): 4, ("language_chosen", 0): 4}


def test_an_organisation_that_nobody_knows_is_not_told(store):
    result = republish("nowhere")
    assert (result.exit_code, result.output) == (1, "Error: No organisation is called so.\n")
    assert store.database.outbox.count_documents({}) == 4


def test_a_password_in_a_file_is_not_for_an_account_that_stands(store, import_files):
    before = hashes(store)
    accounts = """login;password;first_name;last_name;organisation;family_reference
ana.roy@example.org;another-password-1;Anna;Roy;carteville;F1
"""
    assert import_files(accounts=accounts).exit_code == 0
    assert hashes(store) == before
    assert store.accounts.account_by_login("ana.roy@example.org").first_name == "Anna"
    assert len(store.accounts.account_by_login("ana.roy@example.org").memberships) == 2


def test_a_second_family_of_an_account_that_stands_is_imported_and_leaves_with_its_row(store, import_files):
    head = "login;password;first_name;last_name;organisation;family_reference\n"
    one, two = (f"ana.roy@example.org;;Ana;Roy;carteville;{family}\n" for family in ("F1", "F2"))
    for rows, families in ((one + two, ("F1", "F2")), (one, ("F1",))):
        assert import_files(accounts=head + rows).exit_code == 0
        account = store.accounts.account_by_login("ana.roy@example.org")
        town = organisation_id("carteville")
        here = [each.family_id for each in account.memberships if each.organisation_id == town]
        assert here == [named_id(town, "family", each) for each in families]


def test_an_organisation_that_changed_is_told_with_the_next_sequence(store, import_files):
    import_files(organisations="slug,name,time_zone\ncarteville,Ville de Carteville,Europe/Paris\n")
    rows = store.database.outbox.find({"aggregate_id": organisation_id("carteville")}).sort("sequence")
    assert [(row["sequence"], row["data"]["name"]) for row in rows] == [
        (1, "Mairie de Carteville"),
        (2, "Ville de Carteville"),
    ]


def test_bad_lines_are_named_and_the_good_ones_are_kept(import_files, mongo_database):
    organisations = (
        "slug,name,time_zone\nBig Town,X,Europe/Paris\nport,Port,Mars/Base\nbay,Bay,Europe/Paris\n"
    )
    accounts = """login;password;first_name;last_name;organisation;family_reference;roles
a@example.org;soleil-marelle-42;A;A;bay;F1;
b@example.org;court;B;B;bay;F1;
c@example.org;soleil-marelle-42;C;C;atlantis;F1;
d@example.org;soleil-marelle-42;D;D;bay;;
e@example.org;soleil-marelle-42;E;E;bay;;king
f@example.org;;F;F;bay;F1;
"""
    result = import_files(organisations, accounts)
    assert result.exit_code == 1
    assert [line.split(": ")[0] for line in result.output.splitlines() if "line" in line] == [
        "organisations.csv, line 2, slug",
        "organisations.csv, line 3, time_zone",
        "accounts.csv, line 6, roles",
        "accounts.csv, line 4, organisation",
        "accounts.csv, line 5, family_reference",
        "accounts.csv, line 3, password",
        "accounts.csv, line 7, password",
    ]
    assert [each["login"] for each in mongo_database.accounts.find()] == ["a@example.org"]


def test_imported_passwords_are_checked_with_the_pepper(store):
    account = store.accounts.account_by_login("desk@example.org")
    right = Passwords(b"a pepper for the tests only", memory_kib=8, time_cost=1)
    wrong = Passwords(b"another pepper for tests", memory_kib=8, time_cost=1)
    assert right.check("soleil-marelle-43", account.password_hash).matches
    assert not wrong.check("soleil-marelle-43", account.password_hash).matches


def test_a_language_in_a_file_is_told_to_each_organisation_and_is_not_for_an_account_that_stands(
    store, import_files
):
    told = list(store.database.outbox.find({"name": "language_chosen"}))
    towns = [organisation_id(slug) for slug in ("carteville", "saint-elme")]
    assert sorted(row["organisation_id"] for row in told) == sorted(towns)
    assert {row["data"]["guardian_id"] for row in told} == {
        named_id(town, "guardian", guardian) for town, guardian in zip(towns, ("G1", "G7"), strict=True)
    }
    assert {row["data"]["language"] for row in told} == {"fr"}
    accounts = """login;first_name;last_name;language;organisation;family_reference;guardian_reference
ana.roy@example.org;Ana;Roy;en;carteville;F1;G1
"""
    import_files(accounts=accounts)
    assert store.accounts.account_by_login("ana.roy@example.org").language == "fr"
