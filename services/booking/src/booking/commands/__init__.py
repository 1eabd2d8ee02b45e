"""What an operator runs beside the service, in the same environment: `python -m booking.commands COMMAND`.

Events wait in the documents that they tell of, from which the running service sends them.
"""

import sys
from pathlib import Path

import click

from booking.commands.importing import Import, offer_known_within
from booking.commands.opening import open_seats
from booking.store import Store
from chassis.clock import Clock
from chassis.context import Context, service_context
from chassis.ids import named_id, new_id
from chassis.mongo import open_database


def _at_work(organisation: str) -> tuple[Store, Context]:
    database = open_database("booking")
    Store.ensure_indexes(database)
    context = service_context("booking", named_id("", "organisation", organisation), new_id())
    return Store(database), context


@click.group()
def main() -> None:
    """Run a command of the booking service."""


@main.command("import")
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--organisation", required=True, help="The slug of the organisation whose files these are.")
@click.option("--wait", default=30.0, show_default=True, help="Seconds to wait for what other services tell.")
def import_(directory: Path, organisation: str, wait: float) -> None:
    """Import the offer and the bookings made elsewhere (.csv), and open the seats; a second run changes nothing."""
    store, context = _at_work(organisation)
    if offer_known_within(store, context, wait) is None:
        raise click.ClickException("The organisation is not known here yet: import it in identity first.")
    run = Import(store, context, directory, Clock().now(), wait)
    run.offer()
    opened = open_seats(store, context, Clock().now())
    run.bookings()
    for fault in run.faults:
        click.echo(str(fault), err=True)
    click.echo(", ".join(f"{count} lines of {file}" for file, count in run.read.items()))
    click.echo(f"{opened} days with seats")
    sys.exit(1 if run.faults else 0)


@main.command("open-seats")
@click.option("--organisation", required=True, help="The slug of the organisation.")
def open_seats_(organisation: str) -> None:
    """Make and bring up to date the seats of every day that the offer opens; nobody is evicted."""
    store, context = _at_work(organisation)
    click.echo(f"{open_seats(store, context, Clock().now())} days with seats")


@main.command("replay-projection")
def replay_projection() -> None:
    """Fold the list of bookings anew from each booking's history."""
    database = open_database("booking")
    Store.ensure_indexes(database)
    click.echo(f"{Store(database).bookings.replay()} bookings put right")
