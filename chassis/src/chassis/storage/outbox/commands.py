"""The command `republish` of an operator, which every service that keeps rows adds to its own."""

from collections.abc import Callable
from datetime import datetime, timedelta

import click

from chassis.storage.mongo import Db, open_database
from chassis.storage.outbox.republish import Chosen, republish
from chassis.storage.outbox.sources import REPUBLISHED_S
from chassis.values.clock import Clock
from chassis.values.ids import named_id
from chassis.values.instants import from_text

State = Callable[[Db, str | None], str]
"""(database, an organisation's id or None for all): tells how things stand; returns how many, in words."""
ALL = "all"


def organisation_chosen(slug: str) -> str | None:
    """Return the id of the organisation that is called so, None for `all`."""
    return None if slug == ALL else named_id("", "organisation", slug)


def republish_command(service: str, state: State | None = None) -> click.Command:
    """Return `republish` of a service, on the database that MONGODB_URI and its name tell.

    Without `state` the service can't tell how things stand: then what it kept is always what it sends.
    """

    @click.command("republish")
    @click.option("--organisation", required=True, help="The slug of the organisation, or all.")
    @click.option("--kept", is_flag=True, help="Send again, as they were, the events of the last 30 days.")
    @click.option("--event", help="Of what was kept only the events of this name.")
    @click.option(
        "--since", type=_instant, help="Of what was kept only what was sent since, 2026-11-16T08:00:00Z."
    )
    def command(organisation: str, event: str | None, since: datetime | None, *, kept: bool) -> None:
        """Tell the other services again: for one whose copy is behind or new, or that lost events.

        Things are told as they stand, where the service can, and with --kept, --event or --since as they were
        told at the time. Who is up to date lets it pass. May run beside the service, and again.
        """
        organisation_id = organisation_chosen(organisation)
        with open_database(service) as database:
            if state is not None and not (kept or event or since):
                click.echo(state(database, organisation_id))
                return
            oldest = Clock().now() - timedelta(seconds=REPUBLISHED_S)
            chosen = Chosen(max(since or oldest, oldest), organisation_id, event)
            click.echo(f"events to be sent again: {republish(database, chosen)}")

    return command


def _instant(text: str) -> datetime:
    try:
        return from_text(text)
    except ValueError as error:
        raise click.BadParameter("an instant is written 2026-11-16T08:00:00Z") from error
