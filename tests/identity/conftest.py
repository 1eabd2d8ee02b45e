"""Two small towns, imported as an operator would."""

from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from chassis.testing import Caller, FrozenClock, running
from chassis.values.context import Context
from identity import commands
from identity.accounts.model import Account
from identity.accounts.store import AccountStore
from identity.memberships.model import Membership
from identity.memberships.rules import granted
from identity.organisations.store import OrganisationStore
from identity.service import Identity
from identity.sessions.store import SessionStore
from identity.throttle.store import AttemptStore

ORGANISATIONS = """slug;name;time_zone;language;announcement_title;announcement_text
carteville;Mairie de Carteville;Europe/Paris;fr;Bienvenue;Les inscriptions sont ouvertes.
saint-elme;Saint-Elme;Indian/Reunion;fr;;
"""
ACCOUNTS = (
    "login;password;first_name;last_name;language;organisation;"
    "family_reference;guardian_reference;roles;centre_references"
    """
Ana.Roy@example.org;soleil-marelle-42;Ana;Roy;fr;carteville;F1;G1;;
ana.roy@example.org;;Ana;Roy;fr;saint-elme;F7;G7;;
desk@example.org;soleil-marelle-43;Rémi;Guichet;en;carteville;;;desk|carer;c1|c2
"""
)

CALLERS = 40
"""Calls that the tests may have under way at once."""


def a_guardian(organisation_id="town", family_id="f1", guardian_id="g1"):
    """A membership of a family."""
    return Membership(f"{organisation_id}/{family_id}", organisation_id, family_id, guardian_id)


def staff(organisation_id="town", roles=("desk",), centre_ids=()):
    """A membership of the staff."""
    return Membership(f"{organisation_id}/staff", organisation_id, grants=granted(roles, centre_ids))


def an_account(*memberships, **fields):
    return Account(
        **{
            "id": "a1",
            "login": "ana",
            "first_name": "Ana",
            "last_name": "Roy",
            "language": "fr",
            "password_hash": "hash",
            "memberships": memberships,
            **fields,
        }
    )


@pytest.fixture
def settings(monkeypatch):
    """Hashes as light as argon2 allows: these tests are about what is decided, not how slowly."""
    monkeypatch.setenv("IDENTITY_PEPPER", "a pepper for the tests only")
    monkeypatch.setenv("IDENTITY_ARGON2_MEMORY_KIB", "8")
    monkeypatch.setenv("IDENTITY_ARGON2_TIME_COST", "1")


@pytest.fixture
def import_files(settings, mongo_database, tmp_path):
    def run(organisations=ORGANISATIONS, accounts=ACCOUNTS):
        (tmp_path / "organisations.csv").write_text(organisations, encoding="utf-8")
        (tmp_path / "accounts.csv").write_text(accounts, encoding="utf-8")
        return CliRunner().invoke(commands.main, ["import", str(tmp_path)], catch_exceptions=False)

    return run


@pytest.fixture
def store(import_files, mongo_database):
    assert import_files().exit_code == 0
    return SimpleNamespace(
        database=mongo_database,
        organisations=OrganisationStore(mongo_database),
        accounts=AccountStore(mongo_database),
        attempts=AttemptStore(mongo_database),
        sessions=SessionStore(mongo_database),
    )


@pytest.fixture
def max_workers():
    """How many calls are in work at once; a test that needs more is parametrised with it."""
    return 10


@pytest.fixture
def identity(broker, store, max_workers):
    """The running service: `ask(method, request, context)`, its clock and its container."""
    clock = FrozenClock("2036-11-17T08:00:00Z")  # far ahead: the database drops what is over by its own clock
    settings = {"MONGODB_DATABASE": store.database.name, "max_workers": max_workers}
    with running(Identity, clock=clock, **settings) as container, Caller(size=CALLERS) as caller:

        def ask(method, request=None, context=None, **options):
            context = context or Context(kind="anonymous", issuer="gateway")
            return caller.call("identity", method, context, request or {}, **options)

        yield SimpleNamespace(ask=ask, clock=clock, store=store, container=container)
