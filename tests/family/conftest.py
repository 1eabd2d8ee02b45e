"""A few family files, imported as an operator would."""

from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from chassis.testing import Caller, person, running
from chassis.values.ids import named_id
from family import commands
from family.children.store import ChildStore
from family.enrolments.store import EnrolmentStore
from family.files.store import FileStore
from family.guardianships.store import GuardianshipStore
from family.people.store import PeopleStore
from family.service import Family

TOWN = named_id("", "organisation", "carteville")
FILES = {
    "families": """reference;name;language;address_line_1;address_line_2;postcode;town;phone
F1;Roy;fr;12 rue des Tilleuls;;99150;Carteville;05 00 00 00 01
F2;Martin;en;;;;;
""",
    "guardians": """reference;family_reference;first_name;last_name;email;phone;payer
G1;F1;Ana;Roy;ana@example.org;;no
G2;F1;Bo;Roy;bo@example.org;06 00 00 00 02;yes
G3;F2;Cy;Martin;;;yes
""",
    "children": """reference;family_references;first_name;last_name;birth_on;school;school_class
C1;F1;Zoé;Roy;2019-05-02;jules-verne;CE1
C2;F1|F2;Léo;Roy;2017-05-02;jules-verne;CM1
C3;F2;Max;Martin;2020-05-02;;
""",
    "enrolments": """child_reference;activity_reference;school_year;state
C1;cantine;2026-2027;accepted
C2;cantine;2026-2027;requested
C3;cantine;2026-2027;refused
""",
}


def an_id(kind, reference):
    return named_id(TOWN, kind, reference)


def of_family(reference, **fields):
    return person(organisation_id=TOWN, family_id=an_id("family", reference), **fields)


@pytest.fixture
def import_files(mongo_database, tmp_path):
    """Import what is given; a file that is not given is absent."""

    def run(organisation="carteville", **files):
        for path in tmp_path.iterdir():
            path.unlink()
        for name, content in files.items():
            (tmp_path / f"{name}.csv").write_text(content, encoding="utf-8")
        arguments = ["import", str(tmp_path), "--organisation", organisation]
        return CliRunner().invoke(commands.main, arguments, catch_exceptions=False)

    return run


@pytest.fixture
def store(import_files, mongo_database):
    result = import_files(**FILES)
    assert result.exit_code == 0, result.output
    return SimpleNamespace(
        database=mongo_database,
        files=FileStore(mongo_database),
        people=PeopleStore(mongo_database),
        children=ChildStore(mongo_database),
        guardianships=GuardianshipStore(mongo_database),
        enrolments=EnrolmentStore(mongo_database),
    )


@pytest.fixture
def family(broker, store):
    """The running service: `ask(method, context)`."""
    with running(Family, MONGODB_DATABASE=store.database.name), Caller() as caller:

        def ask(method, context, request=None):
            return caller.call("family", method, context, request or {})

        yield SimpleNamespace(ask=ask, store=store)
