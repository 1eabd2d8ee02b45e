"""Commands of notify: `python -m notify.commands --help`."""

import click

from chassis.mongo import open_database
from notify.model import State


@click.group()
def main() -> None:
    """Look after the mail of Marelle."""


@main.command()
def failed() -> None:
    """List the messages that the mail server refused for good: id, kind, attempts and its last words."""
    with open_database("notify") as database:
        rows = database["messages"].find({"state": State.FAILED.value}, hint="failed")
        for row in rows.sort("created_at", -1).limit(200):
            click.echo(f"{row['_id']}  {row['kind']}  {row['attempts']}  {row.get('last_answer', '')}")


@main.command()
@click.argument("message_id")
def again(message_id: str) -> None:
    """Put a failed message back into the queue."""
    with open_database("notify") as database:
        done = database["messages"].update_one(
            {"_id": message_id, "state": State.FAILED.value},
            [{"$set": {"state": State.QUEUED.value, "attempts": 0, "next_attempt_at": "$$NOW"}}],
        )
    click.echo("queued" if done.modified_count else "no failed message has this id")


if __name__ == "__main__":
    main()
