"""What an operator runs beside the service: `python -m family.commands import DIRECTORY --organisation SLUG`.

The same environment as the service. Events wait in the outbox, from which the running service sends them.
"""

from collections import Counter
from pathlib import Path

import click

from chassis.process.imports import end_import, import_options, imported_into
from chassis.storage.migrations import Migration, Plan, migration_commands
from chassis.storage.mongo import Db, open_database
from chassis.storage.outbox import republish_command
from chassis.values.actor import Actor
from chassis.values.clock import Clock
from chassis.values.ids import named_id, new_id
from chassis.values.scope import Scope
from family.children.render import child_changed
from family.children.store import ChildStore
from family.enrolments.imports import import_enrolments
from family.enrolments.render import enrolment_changed
from family.enrolments.store import EnrolmentStore
from family.files.imports import Import
from family.files.rules import merge_fault
from family.files.store import FileStore
from family.files.store.keeping import Stamp
from family.guardianships.imports import import_children
from family.guardianships.store import GuardianshipStore, follow_files_of_some
from family.people.imports import import_families
from family.people.render import family_changed
from family.people.store import PeopleStore

MIGRATIONS = Plan(
    "family", (Migration(1, "Guardianships follow from the files there are", follow_files_of_some),)
)
ORGANISATION = click.option("--organisation", required=True, help="The slug of the organisation.")


@click.group()
def main() -> None:
    """Run a command of the family service."""


@main.command("import")
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@ORGANISATION
@import_options
def import_(directory: Path, organisation: str, errors: Path | None, *, dry_run: bool) -> None:
    """Import families, guardians, children, guardianships and enrolments (.csv); again changes nothing."""
    scope = _scope(organisation)
    with imported_into(_open(), scope.organisation_id, dry_run=dry_run) as database:
        for store in (FileStore, PeopleStore, ChildStore, GuardianshipStore, EnrolmentStore):
            store.ensure_indexes(database)
        run = Import(database, directory, scope, _stamp())
        with run.progress:
            # in the order in which the files name one another
            for step in (import_families, import_children, import_enrolments):
                step(run)
    click.echo(", ".join(f"{count} lines of {file}" for file, count in run.read.items()))
    click.echo(", ".join(f"{count} {kind} changed" for kind, count in run.changed.items()))
    end_import(directory, run.faults, errors, dry_run=dry_run)


def tell_what_stands(database: Db, organisation_id: str | None) -> str:
    """Tell the others all that stands here, of one organisation or of all; returns how much, in words."""
    stamp, told = _stamp(), Counter[str]()
    for each in FileStore(database).organisation_ids() if organisation_id is None else [organisation_id]:
        scope = Scope(each)
        told["families"] += PeopleStore(database).republish(scope, stamp, family_changed)
        told["children"] += ChildStore(database).republish(scope, stamp, child_changed)
        told["enrolments"] += EnrolmentStore(database).republish(scope, stamp, enrolment_changed)
    return ", ".join(f"{told[kind]} {kind} told" for kind in ("families", "children", "enrolments"))


republish = republish_command("family", tell_what_stands)
main.add_command(republish)
main.add_command(republish, "tell-again")  # as the runbook of the release before calls it


@main.command("merge-files")
@click.argument("double")
@click.argument("into", required=False)
@ORGANISATION
def merge_files(double: str, into: str | None, organisation: str) -> None:
    """Have the file DOUBLE be read as part of INTO; without INTO undo that. Both are references."""
    database, scope = _open(), _scope(organisation)
    ids = [named_id(scope.organisation_id, "family", each) for each in (double, into) if each]
    if FileStore(database).known_ids(scope, set(ids)) != set(ids):
        raise click.ClickException("No file has this reference.")
    if into and (fault := merge_fault(ids[0], ids[1], FileStore(database).aliases(scope))):
        raise click.ClickException(fault)
    PeopleStore(database).merge(scope, _stamp(), ids[0], ids[1] if into else None, family_changed)
    click.echo("merged" if into else "the merge is undone")


for command in migration_commands(MIGRATIONS):
    main.add_command(command)


def _open() -> Db:
    database: Db = click.get_current_context().with_resource(open_database("family"))
    return database


def _scope(organisation: str) -> Scope:
    return Scope(named_id("", "organisation", organisation))


def _stamp() -> Stamp:
    return Stamp(Clock().now(), Actor("operator"), new_id())


if __name__ == "__main__":
    main()
