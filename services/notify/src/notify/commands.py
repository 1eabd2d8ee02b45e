"""Commands of notify: `python -m notify.commands --help`."""

import click

from chassis.storage.migrations import Plan, migration_commands
from chassis.storage.mongo import open_database
from notify.outgoing.store import MessageStore

LISTED_MAX = 200
MIGRATIONS = Plan("notify", ())


@click.group()
def main() -> None:
    """Look after the mail of Marelle."""


@main.command()
def failed() -> None:
    """List the messages that the mail server refused for good: id, kind, attempts and its last words."""
    with open_database("notify") as database:
        for message in MessageStore(database).failed(LISTED_MAX):
            click.echo(f"{message.id}  {message.kind}  {message.attempts}  {message.last_answer}")


@main.command()
@click.argument("message_ids", nargs=-1, required=True)
def again(message_ids: tuple[str, ...]) -> None:
    """Put failed messages back into the queue; says of each whether it was there."""
    with open_database("notify") as database:
        for message_id in message_ids:
            done = MessageStore(database).queue_again(message_id)
            click.echo(f"{message_id}  {'queued' if done else 'no failed message'}")


@main.command()
def hurry() -> None:
    """Try at once what the mail server refused for now, instead of each in its own time (up to an hour)."""
    with open_database("notify") as database:
        click.echo(f"{MessageStore(database).hurry()} hurried")


for command in migration_commands(MIGRATIONS):
    main.add_command(command)

if __name__ == "__main__":
    main()
