"""Commands of notify: `python -m notify.commands --help`."""

import click

from chassis.storage.mongo import open_database
from notify.outgoing.model import State
from notify.outgoing.store import LEASE_S


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
@click.argument("message_ids", nargs=-1, required=True)
def again(message_ids: tuple[str, ...]) -> None:
    """Put failed messages back into the queue; says of each whether it was there."""
    with open_database("notify") as database:
        for message_id in message_ids:
            done = database["messages"].update_one(
                {"_id": message_id, "state": State.FAILED.value},
                [{"$set": {"state": State.QUEUED.value, "attempts": 0, "next_attempt_at": "$$NOW"}}],
            )
            click.echo(f"{message_id}  {'queued' if done.modified_count else 'no failed message'}")


@main.command()
def hurry() -> None:
    """Try at once what the mail server refused for now, instead of each in its own time (up to an hour)."""
    beyond_any_lease = {"$dateAdd": {"startDate": "$$NOW", "unit": "second", "amount": LEASE_S}}
    with open_database("notify") as database:
        done = database["messages"].update_many(
            {"state": State.QUEUED.value, "$expr": {"$gt": ["$next_attempt_at", beyond_any_lease]}},
            [{"$set": {"next_attempt_at": "$$NOW"}}],
        )
    click.echo(f"{done.modified_count} hurried")


if __name__ == "__main__":
    main()
