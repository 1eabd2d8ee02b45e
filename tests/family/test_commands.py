"""Importing family files."""

from datetime import UTC, date, datetime

import pytest
from click.testing import CliRunner

from chassis.values.actor import Actor
from chassis.values.ids import named_id
from chassis.values.scope import Scope
from family import commands
from family.children.store import ChildStore
from family.files.model import FamilySettings
from family.files.store import FamilySettingsStore, FileStore
from family.guardianships.store import follow_files_of_some
from family.people.model import Pivot, Sex
from family.people.store import PeopleStore
from tests.family.conftest import FILES, TOWN, an_id

FAMILIES = "reference,name\n"


OURS = {"organisation_id": TOWN}


def said(row):
    return row["name"], row["version"], row["sequence"], row["data"]


def events(database, name):
    rows = database.outbox.find({"name": name}).sort("_id")
    return [(row["aggregate_id"], row["sequence"], row["data"]) for row in rows]


def test_a_new_family_is_told_once_with_its_contacts_payers_first(store):
    told = {
        aggregate: (sequence, data) for aggregate, sequence, data in events(store.database, "family_changed")
    }
    assert len(told) == store.database.outbox.count_documents({"name": "family_changed"}) == 2
    sequence, data = told[an_id("family", "F1")]
    assert sequence == 1
    assert [contact["email"] for contact in data["contacts"]] == ["bo@example.org", "ana@example.org"]
    assert told[an_id("family", "F2")][1]["contacts"] == []


def test_children_and_enrolments_are_told_with_the_ids_that_others_derive_too(store):
    told = {aggregate: data for aggregate, _, data in events(store.database, "child_changed")}
    assert told[an_id("child", "C2")]["family_ids"] == [an_id("family", "F1"), an_id("family", "F2")]
    enrolled = [data for _, _, data in events(store.database, "enrolment_changed")]
    assert {data["activity_id"] for data in enrolled} == {named_id(TOWN, "activity", "cantine")}
    assert sorted(data["state"] for data in enrolled) == ["accepted", "refused", "requested"]


def test_importing_again_changes_nothing_and_says_nothing(store, import_files):
    said = store.database.outbox.count_documents({})
    result = import_files(**FILES)
    assert result.exit_code == 0
    assert (
        "0 families and guardians changed, 0 children changed, 0 guardianships changed, 0 enrolments changed"
        in result.output
    )
    assert store.database.outbox.count_documents({}) == said


STATED = "guardian_reference;child_reference;sees;to_on\n"


def files_of_leo(database):
    kept = database.children.find_one({"_id": an_id("child", "C2")})
    return kept["family_ids"], kept.get("named_family_ids"), kept["sequence"]


def test_a_child_leaves_the_file_of_an_adult_who_does_not_see_it_and_is_told_once(store, import_files):
    f1, f2 = an_id("family", "F1"), an_id("family", "F2")
    assert "\n1 children changed" in import_files(guardianships=f"{STATED}G3;C2;no;\n").output
    assert files_of_leo(store.database) == ([f1], [f1, f2], 2)
    assert " 0 children changed, 0 guardianships changed" in import_files(**FILES).output
    assert files_of_leo(store.database) == ([f1], [f1, f2], 2)
    told = events(store.database, "child_changed")[-1]
    assert (told[0], told[2]["family_ids"]) == (an_id("child", "C2"), [f1])


def test_a_child_comes_back_into_a_file_where_somebody_sees_it_again(store, import_files):
    f1, f2 = an_id("family", "F1"), an_id("family", "F2")
    import_files(guardianships=f"{STATED}G3;C2;yes;2020-01-01\n")
    assert files_of_leo(store.database)[0] == [f1]
    import_files(guardianships=f"{STATED}G3;C2;yes;\n")
    assert files_of_leo(store.database) == ([f1, f2], [f1, f2], 3)


def test_a_stated_adult_of_another_file_brings_the_child_there_and_nobody_else_of_that_file(
    store, import_files
):
    f1, f2 = an_id("family", "F1"), an_id("family", "F2")
    assert (
        "\n1 children changed, 1 guardianships changed"
        in import_files(guardianships=f"{STATED}G1;C3;yes;\n").output
    )
    kept = store.database.children.find_one({"_id": an_id("child", "C3")})
    assert (kept["family_ids"], kept["named_family_ids"]) == ([f2, f1], [f2])
    assert store.database.guardianships.count_documents({"child_id": kept["_id"]}) == 2


def test_what_is_stated_of_a_child_counts_in_the_import_that_brings_it(import_files, mongo_database):
    import_files(**FILES, guardianships=f"{STATED}G3;C2;no;\n")
    assert files_of_leo(mongo_database)[::2] == ([an_id("family", "F1")], 1)


@pytest.mark.parametrize("command", ["republish", "tell-again"])
def test_all_that_stands_is_republished_word_for_word_under_the_sequences_it_has(
    store, import_files, command
):
    import_files(children=FILES["children"].replace("CE1", "CE2"))
    import_files(organisation="valmont", **FILES)
    latest = {row["aggregate_id"]: said(row) for row in store.database.outbox.find(OURS).sort("sequence", 1)}
    before = store.database.outbox.distinct("_id")
    arguments = [command, "--organisation", "carteville"]
    result = CliRunner().invoke(commands.main, arguments, catch_exceptions=False)
    assert result.output == "2 families told, 3 children told, 3 enrolments told\n"
    again = list(store.database.outbox.find({"_id": {"$nin": before}}))
    assert {row["aggregate_id"]: said(row) for row in again} == latest
    assert len(again) == len(latest)
    assert all("pending" in row for row in again)


def test_all_organisations_are_republished_at_once(store, import_files):
    import_files(organisation="valmont", **FILES)
    result = CliRunner().invoke(commands.main, ["republish", "--organisation", "all"], catch_exceptions=False)
    assert result.output == "4 families told, 6 children told, 6 enrolments told\n"


def test_only_what_changed_is_told_with_the_next_sequence(store, import_files):
    changed = FILES["children"].replace("CE1", "CE2")
    import_files(children=changed, enrolments=FILES["enrolments"].replace("requested", "accepted"))
    sequences = {
        (aggregate, sequence)
        for aggregate, sequence, _ in events(store.database, "child_changed")
        if sequence > 1
    }
    assert sequences == {(an_id("child", "C1"), 2)}
    assert [each[1] for each in events(store.database, "enrolment_changed")].count(2) == 1


def test_a_guardian_who_changes_families_is_told_of_both(store, import_files):
    moved = "reference;family_reference;first_name;last_name;email\nG1;F2;Ana;Roy;ana@example.org\n"
    assert import_files(guardians=moved).exit_code == 0
    contacts = {
        aggregate: [contact["guardian_id"] for contact in data["contacts"]]
        for aggregate, sequence, data in events(store.database, "family_changed")
        if sequence == 2
    }
    assert contacts == {
        an_id("family", "F1"): [an_id("guardian", "G2")],
        an_id("family", "F2"): [an_id("guardian", "G1")],
    }


def test_bad_lines_are_named_and_the_good_ones_are_kept(import_files, mongo_database):
    result = import_files(
        families="reference,name,language\nF1,Roy,fr\nF2,,fr\nF3,Bad\x07Bell,fr\nF1,Roi,fr\nF4,Li,de\n",
        guardians="reference,family_reference,first_name,last_name,email,payer\n"
        "G1,F1,Ana,Roy,ana@example.org,yes\nG2,F9,Bo,Roy,,\nG3,F1,Cy,Roy,no address,\nG4,F1,Di,Roy,,maybe\n",
        children="reference,family_references,first_name,last_name,birth_on\n"
        "C1,F1,Zoé,Roy,2019-05-02\nC2,F1|F9,Léo,Roy,2019-05-02\nC3,F1,Max,Roy,31/02/2019\nC4,F1,Old,Roy,1950-01-01\n",
        enrolments="child_reference,activity_reference,school_year,state\n"
        "C1,cantine,2026-2027,accepted\nC2,cantine,2026-2027,accepted\nC1,cantine,2026,accepted\n"
        "C1,matin,2026-2027,maybe\nC1,cantine,2026-2027,refused\n",
    )
    assert result.exit_code == 1
    assert {line.split(": ")[0] for line in result.output.splitlines() if "line " in line} == {
        "families.csv, line 3, name",
        "families.csv, line 4, name",
        "families.csv, line 5, row",
        "families.csv, line 6, language",
        "guardians.csv, line 3, family_reference",
        "guardians.csv, line 4, email",
        "guardians.csv, line 5, payer",
        "children.csv, line 3, family_references",
        "children.csv, line 4, birth_on",
        "children.csv, line 5, birth_on",
        "enrolments.csv, line 3, child_reference",
        "enrolments.csv, line 4, school_year",
        "enrolments.csv, line 5, state",
        "enrolments.csv, line 6, row",
    }
    counts = {name: mongo_database[name].count_documents({}) for name in FILES}
    assert counts == {"families": 1, "guardians": 1, "children": 1, "enrolments": 1}


def test_two_organisations_may_call_their_families_alike(store, import_files):
    assert import_files(organisation="saint-elme", **FILES).exit_code == 0
    assert store.database.families.count_documents({}) == 4
    assert len(store.database.families.distinct("organisation_id")) == 2


def test_thousands_of_lines_are_imported_and_each_new_child_is_told(import_files, mongo_database):
    count = 3_000
    families = FAMILIES + "".join(f"F{n},Roy\n" for n in range(count))
    children = "reference,family_references,first_name,last_name,birth_on\n" + "".join(
        f"C{n},F{n},Zoé,Roy,2019-05-02\n" for n in range(count)
    )
    assert import_files(families=families, children=children).exit_code == 0
    assert mongo_database.children.count_documents({}) == count
    assert mongo_database.outbox.count_documents({"name": "child_changed", "sequence": 1}) == count


def guardianships(store, child):
    adults = {an_id("guardian", reference): reference for reference in ("G1", "G2", "G3")}
    found = store.guardianships.of_children(Scope(TOWN), [an_id("child", child)])
    return {adults[each.adult_id]: each for each in found}


def test_the_adults_of_a_childs_files_book_see_and_collect_it_and_who_pays_the_bills_pays(store):
    shared = guardianships(store, "C2")
    assert {adult: each.pays for adult, each in shared.items()} == {"G1": False, "G2": True, "G3": True}
    assert all(each.books and each.sees and each.collects for each in shared.values())


def test_a_child_that_leaves_a_file_leaves_its_adults_but_not_who_was_stated(store, import_files):
    import_files(
        children=FILES["children"].replace("F1|F2", "F1"),
        guardianships="guardian_reference;child_reference;books;to_on\nG3;C3;no;2027-08-31\n",
    )
    assert guardianships(store, "C2").keys() == {"G1", "G2"}
    stated = guardianships(store, "C3")["G3"]
    assert (stated.books, stated.sees, stated.to_on.year, stated.stated) == (False, True, 2027, True)
    import_files(children=FILES["children"])
    assert guardianships(store, "C3")["G3"] == stated


def test_what_the_release_before_imported_gets_its_guardianships_by_a_migration(store):
    wanted = guardianships(store, "C2")
    store.database.guardianships.drop()
    while follow_files_of_some(store.database):
        pass
    assert guardianships(store, "C2") == wanted
    assert store.database.guardianships.count_documents({}) == 6


def test_a_bad_guardianship_is_named(store, import_files):
    lines = "guardian_reference;child_reference\nG9;C1\nG1;C9\n"
    result = import_files(guardianships=lines)
    assert [line.split(": ")[0] for line in result.output.splitlines() if "line " in line] == [
        "guardianships.csv, line 2, guardian_reference",
        "guardianships.csv, line 3, child_reference",
    ]
    assert store.database.guardianships.count_documents({"stated": True}) == 0


def test_what_a_file_does_not_say_of_a_person_stays_known(store, import_files):
    columns = "reference;family_reference;first_name;last_name;email;payer"
    known = f"{columns};birth_name;first_names;sex;born_on;birth_place;birth_country\n"
    person = "G1;F1;Ana;Roy;ana@example.org;no;Petit;Ana|Lise;female;1986-04-01;2A004;99100\n"
    assert import_files(guardians=known + person).exit_code == 0
    said = store.database.outbox.count_documents({})
    import_files(**FILES)
    (ana, _) = store.people.guardians(Scope(TOWN, an_id("family", "F1")))
    assert ana.pivot == Pivot("Petit", ("Ana", "Lise"), Sex.FEMALE, date(1986, 4, 1), "2A004", "99100")
    assert store.database.outbox.count_documents({}) == said


def run(*arguments):
    return CliRunner().invoke(commands.main, [*arguments, "--organisation", "carteville"])


def test_a_merged_file_is_read_as_part_of_the_other_until_the_merge_is_undone(store):
    version = store.files.family(Scope(TOWN, an_id("family", "F2"))).version
    assert run("merge-files", "F2", "F1").output == "merged\n"
    merged = FileStore(store.database)
    of_either = [Scope(TOWN, an_id("family", each)) for each in ("F1", "F2")]
    assert [merged.family(scope).reference for scope in of_either] == ["F1", "F1"]
    assert [child.reference for child in ChildStore(store.database).children(of_either[1])] == [
        "C2",
        "C1",
        "C3",
    ]
    assert len(PeopleStore(store.database).guardians(of_either[0])) == 3
    assert run("merge-files", "F1", "F2").output == "Error: A file can't be merged into itself.\n"
    assert run("merge-files", "F2", "F1").output == "Error: This file is merged already.\n"
    assert run("merge-files", "F2").output == "the merge is undone\n"
    alone = FileStore(store.database).family(of_either[1])
    assert (alone.reference, alone.merged_into, alone.version) == ("F2", None, version + 2)


def test_a_file_that_nobody_knows_is_not_merged(store):
    assert run("merge-files", "F9", "F1").output == "Error: No file has this reference.\n"


def test_an_organisation_decides_from_which_age_on_a_birth_date_is_a_mistake(import_files, mongo_database):
    wanted = FamilySettings(child_age_max_years=5)
    actor, at = Actor("person", account_id="a"), datetime(2026, 11, 16, tzinfo=UTC)
    FamilySettingsStore.ensure_indexes(mongo_database)
    kept = FamilySettingsStore(mongo_database)
    kept.put(Scope(TOWN), wanted, actor=actor, at=at, request_id="r")
    assert "children.csv, line 3, birth_on" in import_files(**FILES).output
    assert kept.put(Scope(TOWN), wanted, actor=actor, at=at, request_id="r") is None
