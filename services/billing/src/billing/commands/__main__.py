"""`python -m billing.commands import | fsck | republish | migrate | migrations`.

In the same environment as the service. Events wait in the outbox, from which the running service sends them.
"""

import sys
from pathlib import Path

import click

from billing.commands.imports import Import
from billing.commands.migrations import MIGRATIONS
from billing.commands.store import STORES, check
from chassis.storage.migrations import migration_commands
from chassis.storage.mongo import Stores, open_database
from chassis.storage.outbox import republish_command
from chassis.values.ids import named_id


@click.group()
def main() -> None:
    """Billing's commands."""


@main.command("import")
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--organisation", required=True, help="The slug of the organisation that the files belong to.")
def import_(directory: Path, organisation: str) -> None:
    """Import cash_offices.csv, wallets.csv, tariffs.csv, paid_bookings.csv, whichever are there."""
    with open_database("billing") as database:
        Stores(STORES).ensure_indexes(database)
        done = Import(database, named_id("", "organisation", organisation), directory)
        done.run()
    for file, count in done.counts.items():
        click.echo(f"{file}: {count} lines kept")
    for fault in done.faults:
        click.echo(str(fault), err=True)
    sys.exit(1 if done.faults else 0)


@main.command()
def fsck() -> None:
    """Check the invariants of money; exit code 1 when one does not hold."""
    with open_database("billing") as database:
        found = check(database)
    for finding in found:
        click.echo(finding, err=True)
    click.echo(f"billing: {len(found)} findings")
    sys.exit(1 if found else 0)


for command in (republish_command("billing"), *migration_commands(MIGRATIONS)):
    main.add_command(command)


if __name__ == "__main__":
    main()
