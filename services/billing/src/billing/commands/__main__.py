"""`python -m billing.commands import | fsck | quarantined | resolve | republish | migrate | migrations`.

In the same environment as the service. Events wait in the outbox, from which the running service sends them.
"""

import sys
from pathlib import Path

import click

from billing.attempts.model import Checked, Resolution
from billing.attempts.store.quarantines import QuarantinesStore
from billing.commands.imports import Import
from billing.commands.migrations import MIGRATIONS
from billing.commands.store import STORES, check, waiting_for_a_cashier
from billing.ledger.store.transactions import Stamp
from chassis.process.imports import end_import, import_options, imported_into
from chassis.storage.migrations import migration_commands
from chassis.storage.mongo import Stores, open_database
from chassis.storage.outbox import republish_command
from chassis.values.actor import Actor
from chassis.values.clock import Clock
from chassis.values.ids import named_id
from chassis.values.scope import Scope


@click.group()
def main() -> None:
    """Billing's commands."""


@main.command("import")
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--organisation", required=True, help="The slug of the organisation that the files belong to.")
@import_options
def import_(directory: Path, organisation: str, errors: Path | None, *, dry_run: bool) -> None:
    """Import cash_offices, wallets, tariffs, wallet_entries and paid_bookings (.csv), whichever are there."""
    town = named_id("", "organisation", organisation)
    with open_database("billing") as kept, imported_into(kept, town, dry_run=dry_run) as database:
        Stores(STORES).ensure_indexes(database)
        done = Import(database, town, directory)
        with done.progress:
            done.run()
    for file, count in done.counts.items():
        click.echo(f"{file}: {count} lines kept")
    end_import(directory, done.faults, errors, dry_run=dry_run)


@main.command()
def fsck() -> None:
    """Check the invariants of money; exit code 1 when one does not hold."""
    with open_database("billing") as database:
        found, waiting = check(database), waiting_for_a_cashier(database)
    for finding in found:
        click.echo(finding, err=True)
    for sentence in waiting:
        click.echo(f"for a cashier: {sentence}")
    click.echo(f"billing: {len(found)} findings")
    sys.exit(1 if found else 0)


@main.command()
def quarantined() -> None:
    """List the payments that a cashier has to look into, with what the provider said."""
    with open_database("billing") as database:
        waiting = waiting_for_a_cashier(database)
        count = QuarantinesStore(database).count_quarantined()
    for sentence in waiting:
        click.echo(sentence)
    click.echo(f"{count} payments wait for a cashier")


@main.command()
@click.argument("payment_id")
@click.option("--organisation", required=True, help="The slug of the payment's organisation.")
@click.option("--came-cents", type=click.IntRange(0), required=True, help="What came; 0: nothing did.")
def resolve(payment_id: str, organisation: str, came_cents: int) -> None:
    """Keep what was found out about a quarantined payment: what came becomes a credit note of the family."""
    stamp = Stamp(Clock().now(), Actor("operator"))
    outcome = Checked.CREDITED if came_cents else Checked.NOTHING_CAME
    found_out = Resolution(outcome, came_cents, stamp.at, stamp.actor.as_document())
    scope = Scope(named_id("", "organisation", organisation))
    with open_database("billing") as database:
        after = QuarantinesStore(database).resolve(scope, payment_id, found_out, stamp)
    if isinstance(after, str):
        raise click.ClickException(f"{payment_id}: {after}")
    click.echo(f"{payment_id}: {outcome}")


for command in (republish_command("billing"), *migration_commands(MIGRATIONS)):
    main.add_command(command)


if __name__ == "__main__":
    main()
