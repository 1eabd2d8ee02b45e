"""What an operator runs beside the service: `python -m billing.commands import | fsck`.

The same environment as the service. Events wait in the outbox, from which the running service sends them.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from billing.commands.imports import Import
from billing.commands.rules import findings
from billing.commands.store import Store
from chassis.storage.mongo import open_database
from chassis.values.ids import named_id


@contextmanager
def opened() -> Iterator[Store]:
    """Open the store that the environment names, and close its connections afterwards."""
    with open_database("billing") as database:
        yield Store(database)


def check(store: Store) -> list[str]:
    """Check billing's invariants in all organisations; what does not hold, one sentence each."""
    return [
        f"{organisation_id}: {finding}"
        for organisation_id in store.checks.organisations()
        for finding in findings(store.checks.picture(organisation_id))
    ]


@click.group()
def main() -> None:
    """Billing's commands."""


@main.command("import")
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--organisation", required=True, help="The slug of the organisation that the files belong to.")
def import_(directory: Path, organisation: str) -> None:
    """Import cash_offices.csv, wallets.csv, tariffs.csv, paid_bookings.csv, whichever are there."""
    with opened() as store:
        Store.ensure_indexes(store.database)
        done = Import(store, named_id("", "organisation", organisation), directory)
        done.run()
    for file, count in done.counts.items():
        click.echo(f"{file}: {count} lines kept")
    for fault in done.faults:
        click.echo(str(fault), err=True)
    sys.exit(1 if done.faults else 0)


@main.command()
def fsck() -> None:
    """Check the invariants of money; exit code 1 when one does not hold."""
    with opened() as store:
        found = check(store)
    for finding in found:
        click.echo(finding, err=True)
    click.echo(f"billing: {len(found)} findings")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
