"""Migrations on a real database: once, in order, one copy at a time, and on after a kill."""

import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
import eventlet
import migrating
import pytest
from click.testing import CliRunner

from chassis.storage import migrations
from chassis.storage.migrations import Busy, Migration, Plan, migrate, run, update_some

ROOMS = 35


@pytest.fixture
def lamps(mongo_database):
    mongo_database["lamps"].insert_many([{"room": f"room-{number}"} for number in range(ROOMS)])
    return mongo_database["lamps"]


@pytest.fixture
def command():
    main = click.Group(commands={each.name: each for each in migrations.migration_commands(migrating.PLAN)})
    return lambda *arguments: CliRunner().invoke(main, arguments)


def _held_by_another(database):
    until = datetime(2099, 1, 1, tzinfo=UTC)
    database[run.COLLECTION].insert_one({"_id": run.LEASE, "holder": "another", "until": until})


def test_migrations_run_in_order_each_to_its_end(mongo_database, lamps):
    done = migrate(mongo_database, migrating.PLAN)
    assert [(record.number, record.documents) for record in done] == [(1, ROOMS), (2, ROOMS)]
    assert lamps.find_one({"room": "room-7"}, {"_id": 0}) == {
        "room": "room-7",
        "floor": 0,
        "maker": "M-room-7",
    }


def test_what_was_run_is_not_run_again(mongo_database, lamps):
    migrate(mongo_database, migrating.PLAN)
    lamps.insert_one({"room": "made by the new release, which says more or less as it likes"})
    assert migrate(mongo_database, migrating.PLAN) == []
    assert lamps.count_documents({"floor": {"$exists": False}}) == 1


def test_a_plan_that_grew_runs_what_was_added(mongo_database, lamps):
    migrate(mongo_database, Plan("lamps", migrating.PLAN.migrations[:1]))
    assert [record.number for record in migrate(mongo_database, migrating.PLAN)] == [2]


def test_a_release_that_went_back_leaves_later_migrations_alone(mongo_database, lamps):
    migrate(mongo_database, migrating.PLAN)
    assert migrate(mongo_database, Plan("lamps", migrating.PLAN.migrations[:1])) == []


def test_two_copies_at_once_migrate_one_after_the_other(mongo_database, lamps):
    inside, most = 0, 0

    def step(database):
        nonlocal inside, most
        inside, most = inside + 1, max(most, inside + 1)
        eventlet.sleep(0.02)
        changed = migrating.number_rooms(database)
        inside -= 1
        return changed

    plan = Plan("lamps", (Migration(1, "Lamps have a floor", step),))
    copies = [eventlet.spawn(migrate, mongo_database, plan, wait_s=10) for _ in range(2)]
    assert sorted(len(copy.wait()) for copy in copies) == [0, 1]
    assert most == 1


def test_while_another_copy_migrates_nothing_is_run(mongo_database, lamps):
    _held_by_another(mongo_database)
    with pytest.raises(Busy):
        migrate(mongo_database, migrating.PLAN)
    assert lamps.count_documents({"floor": {"$exists": True}}) == 0


def test_a_copy_that_stood_still_past_its_lease_leaves_the_rest_to_its_successor(mongo_database, lamps):
    def step(database):
        changed = migrating.number_rooms(database)
        theirs = {"$set": {"holder": "another", "until": datetime(2099, 1, 1, tzinfo=UTC)}}
        database[run.COLLECTION].update_one({"_id": run.LEASE}, theirs)
        eventlet.sleep(run.LEASE_S / 3)
        return changed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "LEASE_S", 0.3)
        with pytest.raises(Busy, match="took over"):
            migrate(mongo_database, Plan("lamps", (Migration(1, "Lamps have a floor", step),)))
    assert migrations.records(mongo_database) == {}


def test_a_migration_that_was_killed_goes_on_where_it_was(mongo_database, lamps):
    program = Path(migrating.__file__)
    killed = subprocess.run([sys.executable, program], cwd=program.parent, check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL
    assert lamps.count_documents({"floor": 0}) == 20
    assert migrations.records(mongo_database) == {}
    with pytest.raises(Busy):
        migrate(mongo_database, migrating.PLAN)

    expired = datetime(1970, 1, 1, tzinfo=UTC)
    mongo_database[run.COLLECTION].update_one({"_id": run.LEASE}, {"$set": {"until": expired}})
    done = migrate(mongo_database, migrating.PLAN)
    assert [(record.number, record.documents) for record in done] == [(1, ROOMS - 20), (2, ROOMS)]
    assert lamps.count_documents({"floor": 0, "maker": {"$exists": True}}) == ROOMS


def test_a_step_that_breaks_leaves_its_migration_due_and_the_lease_free(mongo_database, lamps):
    plan = Plan("lamps", (Migration(1, "Breaks", lambda _database: 1 // 0),))
    with pytest.raises(ZeroDivisionError):
        migrate(mongo_database, plan)
    assert [record.number for record in migrate(mongo_database, migrating.PLAN)] == [1, 2]


def test_an_update_that_changes_nothing_would_never_end_and_is_refused(mongo_database, lamps):
    with pytest.raises(RuntimeError, match="lamps"):
        update_some(lamps, {"floor": {"$exists": False}}, {"$set": {"flor": 0}})


@pytest.mark.parametrize("numbers", [(2,), (1, 3), (1, 1), (2, 1)])
def test_migrations_are_numbered_from_one_without_a_gap(numbers):
    with pytest.raises(ValueError, match="lamps"):
        Plan("lamps", tuple(Migration(number, "Anything", migrating.name_makers) for number in numbers))


def test_the_listing_says_what_is_due_and_changes_nothing(mongo_database, lamps, command):
    listed = command("migrations")
    assert listed.exit_code == 1
    assert listed.output.splitlines() == ["1  due  Lamps have a floor", "2  due  Makers"]
    assert mongo_database.list_collection_names() == ["lamps"]


def test_the_command_says_what_it_did_and_the_listing_when(mongo_database, lamps, command):
    ran = command("migrate")
    assert ran.exit_code == 0, ran.output
    assert f"1  {ROOMS} documents  Lamps have a floor" in ran.output
    assert "2 migrations run" in ran.output
    listed = command("migrations")
    assert listed.exit_code == 0
    assert [line.split("  ")[0::2] for line in listed.output.splitlines()] == [
        ["1", "Lamps have a floor"],
        ["2", "Makers"],
    ]


def test_the_listing_names_what_a_later_release_ran(mongo_database, lamps):
    migrate(mongo_database, migrating.PLAN)
    _, show = migrations.migration_commands(Plan("lamps", migrating.PLAN.migrations[:1]))
    listed = CliRunner().invoke(show)
    assert (listed.exit_code, listed.output.splitlines()[1]) == (0, "2  run by a later release  Makers")


def test_a_command_that_finds_another_copy_at_it_says_so(mongo_database, lamps, command):
    _held_by_another(mongo_database)
    refused = command("migrate", "--wait", "0")
    assert refused.exit_code == 1
    assert "another copy is migrating" in refused.output
