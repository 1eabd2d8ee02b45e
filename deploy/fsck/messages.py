"""What travels between the services: nothing waits for ever, nothing died, nobody is written to twice."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import amqp
import requests
from pymongo.database import Database

from chassis.wire import bus

Db = Database[dict[str, Any]]

DEFINITIONS = Path(__file__).parents[1] / "rabbitmq" / "definitions.json"
EVENT_SOURCES = ("seats", "confirmations")


def rows_are_sent(databases: Mapping[str, Db], before: datetime) -> Iterator[str]:
    """No outbox row from before `before` waits to be sent, and no event stays in its document."""
    for name, database in databases.items():
        overdue = {"pending": {"$exists": True}, "occurred_at": {"$lt": before}}
        for row in database["outbox"].find(overdue, {"name": 1}):
            yield f"{name}: outbox row {row['_id']} ({row['name']}) was never sent"
    for source in EVENT_SOURCES:
        waiting = databases["booking"][source].find({"events.at": {"$lt": before}}, {"_id": 1})
        yield from (f"booking: {source} {row['_id']} holds events that were never sent" for row in waiting)


def queues_are_empty(amqp_uri: str) -> Iterator[str]:
    """No queue of the topology holds a message: the dead letters least of all."""
    names = [queue["name"] for queue in json.loads(DEFINITIONS.read_text(encoding="utf-8"))["queues"]]
    connection = bus.connect(amqp_uri, name="fsck", timeout_s=5)
    try:
        for name in names:
            yield from _waiting_in(connection, name)
    finally:
        connection.close()


def _waiting_in(connection: amqp.Connection, name: str) -> Iterator[str]:
    channel = connection.channel()
    try:
        count = channel.queue_declare(name, passive=True).message_count
    except amqp.NotFound:
        yield f"queue {name} is not declared"
        return
    channel.close()
    if count:
        yield f"queue {name} holds {count} messages"


def mails_are_sent_once(notify: Db, before: datetime) -> Iterator[str]:
    """No two messages of an organisation share a dedupe key; none from before `before` waits."""
    keys = Counter((row["organisation_id"], row["dedupe_key"]) for row in notify["messages"].find())
    yield from (f"notify: {count} messages share the key {key}" for key, count in keys.items() if count > 1)
    late = notify["messages"].find({"state": "queued", "created_at": {"$lt": before}}, {"kind": 1})
    yield from (f"notify: message {row['_id']} ({row['kind']}) waits to be sent" for row in late)


def no_mail_arrived_twice(mail_url: str) -> Iterator[str]:
    """Ask the mail catcher: no two mails carry the same Message-ID."""
    mails = requests.get(f"{mail_url}/api/messages", timeout=10).json()["data"]
    seen = Counter(dict(mail["headers"]).get("Message-ID") for mail in mails)
    yield from (f"mail {name} arrived {count} times" for name, count in seen.items() if name and count > 1)
