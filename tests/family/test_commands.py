"""Importing family files."""

from click.testing import CliRunner

from chassis.values.ids import named_id
from family import commands
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
    assert "0 families and guardians changed, 0 children changed, 0 enrolments changed" in result.output
    assert store.database.outbox.count_documents({}) == said


def test_all_that_stands_is_told_again_word_for_word_under_the_sequences_it_has(store, import_files):
    import_files(children=FILES["children"].replace("CE1", "CE2"))
    import_files(organisation="valmont", **FILES)
    latest = {row["aggregate_id"]: said(row) for row in store.database.outbox.find(OURS).sort("sequence", 1)}
    before = store.database.outbox.distinct("_id")
    arguments = ["tell-again", "--organisation", "carteville"]
    result = CliRunner().invoke(commands.main, arguments, catch_exceptions=False)
    assert result.output == "2 families told, 3 children told, 3 enrolments told\n"
    again = list(store.database.outbox.find({"_id": {"$nin": before}}))
    assert {row["aggregate_id"]: said(row) for row in again} == latest
    assert len(again) == len(latest)
    assert all("pending" in row for row in again)


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
        "C1,F1,Zoé,Roy,2019-05-02\nC2,F1|F9,Léo,Roy,2019-05-02\nC3,F1,Max,Roy,02/05/2019\nC4,F1,Old,Roy,1950-01-01\n",
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
