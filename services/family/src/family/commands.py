"""What an operator runs beside the service: `python -m family.commands import DIRECTORY --organisation SLUG`.

The same environment as the service. Events wait in the outbox, from which the running service sends them.
"""

import sys
from pathlib import Path

import click

from chassis.storage.mongo import open_database
from chassis.values.clock import Clock
from chassis.values.ids import named_id, new_id
from family.children.imports import import_children
from family.children.render import child_changed
from family.children.store import ChildStore
from family.enrolments.imports import import_enrolments
from family.enrolments.render import enrolment_changed
from family.enrolments.store import EnrolmentStore
from family.files.imports import Import
from family.files.store import FileStore
from family.people.imports import import_families
from family.people.render import family_changed
from family.people.store import PeopleStore
from family.vocabulary import Occasion


@click.group()
def main() -> None:
    """Run a command of the family service."""


@main.command("import")
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--organisation", required=True, help="The slug of the organisation whose files these are.")
def import_(directory: Path, organisation: str) -> None:
    """Import families, guardians, children and enrolments (.csv); a second run changes nothing."""
    database = click.get_current_context().with_resource(open_database("family"))
    for store in (FileStore, PeopleStore, ChildStore, EnrolmentStore):
        store.ensure_indexes(database)
    occasion = Occasion(named_id("", "organisation", organisation), Clock().now(), new_id())
    run = Import(database, directory, occasion)
    # in the order in which the files name one another
    import_families(run)
    import_children(run)
    import_enrolments(run)
    for fault in run.faults:
        click.echo(str(fault), err=True)
    click.echo(", ".join(f"{count} lines of {file}" for file, count in run.read.items()))
    click.echo(", ".join(f"{count} {kind} changed" for kind, count in run.changed.items()))
    sys.exit(1 if run.faults else 0)


@main.command("tell-again")
@click.option("--organisation", required=True, help="The slug of the organisation whose files are told.")
def tell_again(organisation: str) -> None:
    """Tell the other services again all that stands here: for one whose copy is behind, or new."""
    database = click.get_current_context().with_resource(open_database("family"))
    occasion = Occasion(named_id("", "organisation", organisation), Clock().now(), new_id())
    told = {
        "families": PeopleStore(database).tell_families_again(occasion, family_changed),
        "children": ChildStore(database).tell_children_again(occasion, child_changed),
        "enrolments": EnrolmentStore(database).tell_enrolments_again(occasion, enrolment_changed),
    }
    click.echo(", ".join(f"{count} {kind} told" for kind, count in told.items()))


if __name__ == "__main__":
    main()
