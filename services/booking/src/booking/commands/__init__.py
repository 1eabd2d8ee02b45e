"""What an operator runs beside the service, in the same environment: `python -m booking.commands COMMAND`.

Events wait in the documents that they tell of, or in the outbox where they are told anew, from which the
running service sends them.
"""

import threading
from pathlib import Path

import click

from booking.bookings.store import Bookings
from booking.commands.answering import answer_requests
from booking.commands.bookings import BookingsImport
from booking.commands.closures import keep_closings
from booking.commands.opening import open_seats
from booking.commands.running import OPERATOR, everywhere, within
from booking.offer.imports import OfferImport
from booking.seats.model import Stamp
from booking.seats.store import Seats, tick
from booking.seats.store.ends import add_ends
from chassis.process.imports import end_import, import_options
from chassis.storage.migrations import Migration, Plan, migration_commands
from chassis.storage.outbox import organisation_chosen
from chassis.values.clock import Clock
from chassis.values.ids import new_id
from chassis.values.scope import Scope

MIGRATIONS = Plan("booking", (Migration(1, "Slots know when care ends", add_ends),))
"""The steps that bring what is stored to the newest form; they stand with the stores of their nouns."""


@click.group()
def main() -> None:
    """Run a command of the booking service."""


@main.command("import")
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--organisation", required=True, help="The slug of the organisation whose files these are.")
@click.option("--wait", default=30.0, show_default=True, help="Seconds to wait for what other services tell.")
@import_options
def import_(directory: Path, organisation: str, wait: float, errors: Path | None, *, dry_run: bool) -> None:
    """Import the offer and bookings made elsewhere (.csv), open the seats; a second run changes nothing."""
    wait = 0 if dry_run else wait  # a copy hears of nothing
    with within(organisation, Clock(), dry_run=dry_run) as call:
        offer, bookings = OfferImport(call, directory, wait), BookingsImport(call, directory, wait)
        if not offer.may_start():
            raise click.ClickException("The organisation is not known here yet: import it in identity first.")
        offer.run()
        closed = keep_closings(call, offer)
        opened = open_seats(call)
        bookings.run()
    read = {**offer.read, **bookings.read}
    click.echo(", ".join(f"{count} lines of {file}" for file, count in read.items()))
    click.echo(f"{opened} days with seats, {closed} closures that the service carries on")
    end_import(directory, [*offer.faults, *bookings.faults], errors, dry_run=dry_run)


@main.command("open-seats")
@click.option("--organisation", required=True, help="The slug of the organisation.")
def open_seats_(organisation: str) -> None:
    """Make and bring up to date the seats of every day that the offer opens; nobody is evicted."""
    with within(organisation, Clock()) as call:
        click.echo(f"{open_seats(call)} days with seats")


@main.command("answer")
@click.option("--organisation", required=True, help="The slug of the organisation.")
@click.option(
    "--refuse-on",
    type=click.IntRange(1, 7),
    multiple=True,
    help="A weekday (1: Monday) of which all is refused; may be given several times.",
)
@click.option("--every", type=click.FloatRange(min=1), help="Go on, and look again after so many seconds.")
def answer(organisation: str, refuse_on: tuple[int, ...], every: float | None) -> None:
    """Answer all that families ask of staff: yes as far as there is room, then the waiting list, then no."""
    never = threading.Event()
    with within(organisation, Clock()) as call:
        while True:
            given = answer_requests(call, frozenset(refuse_on))
            if given or every is None:
                told = ", ".join(f"{count} {state}" for state, count in sorted(given.items()))
                click.echo(f"{given.total()} answers" + (f": {told}" if told else ""))
            if every is None or never.wait(every):
                return


@main.command("sweep")
def sweep() -> None:
    """Free the seats whose time to pay is over; the running service does the same every half second."""
    with everywhere(Clock()) as call:
        seats, now, freed = call.store(Seats), call.now(), 0
        while overdue := seats.overdue(now, seats.organisation_ids()):
            seats.apply(tick(Scope(town), seats_id, Stamp(now)) for town, seats_id in overdue)
            freed += len(overdue)
        click.echo(f"{freed} days freed of overdue holds")


@main.command("replay-projection")
def replay_projection() -> None:
    """Fold the list of bookings anew from each booking's history."""
    with everywhere(Clock()) as call:
        click.echo(f"{call.store(Bookings).replay()} bookings put right")


@main.command("republish")
@click.option("--organisation", required=True, help="The slug of the organisation, or all.")
def republish(organisation: str) -> None:
    """Tell billing anew how each booking stands; what it knows it lets pass, and no mail is sent twice."""
    organisation_id, told = organisation_chosen(organisation), 0
    with everywhere(Clock()) as call:
        for each in call.store(Seats).organisation_ids() if organisation_id is None else [organisation_id]:
            told += call.store(Bookings).republish(Scope(each), new_id(), OPERATOR)
    click.echo(f"events about bookings to be sent: {told}")


for command in migration_commands(MIGRATIONS):
    main.add_command(command)
