"""Commands of notify: `python -m notify.commands --help`."""

from datetime import UTC, datetime
from pathlib import Path

import click

from chassis.storage.migrations import Plan, migration_commands
from chassis.storage.mongo import open_database
from chassis.values.instants import to_text
from notify.letters.render.preview import write
from notify.outgoing.model import DeliveryState
from notify.outgoing.render import outgoing
from notify.outgoing.store import MessageLog
from notify.vocabulary import RefusalReason

LISTED_MAX = 200
LISTED = [state.value for state in DeliveryState if state is not DeliveryState.SENT]
MIGRATIONS = Plan("notify", ())


@click.group()
def main() -> None:
    """Look after the mail of Marelle."""


@main.command(name="list")
@click.option("--state", type=click.Choice(LISTED), default=DeliveryState.FAILED.value, show_default=True)
def list_messages(state: str) -> None:
    """List messages that did not leave: id, kind, attempts, reason and the server's last words."""
    with open_database("notify") as database:
        for message in MessageLog(database).of_all(DeliveryState(state), datetime.now(UTC), LISTED_MAX):
            reason = message.reason or "-"
            click.echo(f"{message.id}  {message.kind}  {message.attempts}  {reason}  {message.last_answer}")


@main.command()
@click.argument("message_id")
def show(message_id: str) -> None:
    """Show what became of a message, without what it says."""
    with open_database("notify") as database:
        message = MessageLog(database).message(message_id)
    if message is None:
        raise click.ClickException("no message of this id")
    for name, value in outgoing(message, datetime.now(UTC)).items():
        click.echo(f"{name}: {value if value is not None else '-'}")


@main.command()
@click.argument("message_ids", nargs=-1)
@click.option(
    "--reason",
    type=click.Choice([each.value for each in RefusalReason]),
    help="All that did not leave for this reason.",
)
def replay(message_ids: tuple[str, ...], reason: str | None) -> None:
    """Put messages that failed or were given up back into the queue; says how many.

    Each keeps its Message-ID; what waits or was sent stays as it is, so that it may be said twice.
    """
    if bool(message_ids) == bool(reason):
        raise click.UsageError("either ids of messages or a reason")
    with open_database("notify") as database:
        log = MessageLog(database)
        done = log.replay_all(RefusalReason(reason)) if reason else log.replay(message_ids)
    click.echo(f"{done} replayed")


@main.command()
def hurry() -> None:
    """Try at once what the mail server refused for now, instead of each in its own time (up to an hour)."""
    with open_database("notify") as database:
        click.echo(f"{MessageLog(database).hurry()} hurried")


@main.command()
def backlog() -> None:
    """Say how many messages wait, since when the oldest does, and how many did not leave."""
    with open_database("notify") as database:
        found = MessageLog(database).backlog()
    since = f", the oldest since {to_text(found.waiting_since)}" if found.waiting_since else ""
    click.echo(f"{found.waiting} waiting{since}; {found.failed} failed or given up")


@main.command()
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), required=True)
def preview(folder: Path) -> None:
    """Write every mail, of invented facts, into a folder: index.html shows all, in both languages."""
    click.echo(f"{write(folder)} mails in {folder / 'index.html'}")


for command in migration_commands(MIGRATIONS):
    main.add_command(command)

if __name__ == "__main__":
    main()
