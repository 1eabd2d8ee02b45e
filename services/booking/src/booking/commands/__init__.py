"""What an operator runs beside the service, in the same environment: `python -m booking.commands COMMAND`.

Events wait in the documents that they tell of, from which the running service sends them.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from booking.commands.importing import Import
from booking.commands.opening import open_seats
from booking.seats import store as seats
from booking.seats.model import Occasion
from booking.store import Store
from chassis.storage.mongo import open_database
from chassis.values.clock import Clock
from chassis.values.context import Context, service_context
from chassis.values.ids import named_id, new_id


@contextmanager
def _memory() -> Iterator[Store]:
    with open_database("booking") as database:
        Store.ensure_indexes(database)
        yield Store(database)


def _context(organisation: str) -> Context:
    return service_context("booking", named_id("", "organisation", organisation), new_id())


@click.group()
def main() -> None:
    """Run a command of the booking service."""


@main.command("import")
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--organisation", required=True, help="The slug of the organisation whose files these are.")
@click.option("--wait", default=30.0, show_default=True, help="Seconds to wait for what other services tell.")
def import_(directory: Path, organisation: str, wait: float) -> None:
    """Import the offer and bookings made elsewhere (.csv), open the seats; a second run changes nothing."""
    with _memory() as store:
        run = Import(store, _context(organisation), directory, Clock().now(), wait)
        if not run.may_start():
            raise click.ClickException("The organisation is not known here yet: import it in identity first.")
        run.offer()
        opened = open_seats(store, run.context, run.now)
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
    with _memory() as store:
        click.echo(f"{open_seats(store, _context(organisation), Clock().now())} days with seats")


@main.command("sweep")
def sweep() -> None:
    """Free the seats whose time to pay is over; the running service does the same every half second."""
    with _memory() as store:
        now, freed = Clock().now(), 0
        while overdue := store.seats.overdue(now, store.seats.organisation_ids()):
            store.seats.apply(seats.tick(*found, Occasion(now)) for found in overdue)
            freed += len(overdue)
        click.echo(f"{freed} days freed of overdue holds")


@main.command("replay-projection")
def replay_projection() -> None:
    """Fold the list of bookings anew from each booking's history."""
    with _memory() as store:
        click.echo(f"{store.bookings.replay()} bookings put right")
