"""Run every check and say what it found."""

import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import MongoClient
from pymongo.database import Database

from billing.commands.store import check as check_books
from billing.commands.store import waiting_for_a_cashier
from deploy.fsck import copies, effects, messages, orders, references, seats, sessions

SETTLED_WITHIN = timedelta(seconds=30)
"""How long after a fault everything has found its end; what is older and unfinished is a finding."""


@dataclass(frozen=True)
class Databases:
    """Where to look: an administrator's MongoDB and broker, the databases' names, the mail catcher.

    `mails` is false of a suite that was told to write none (NOTIFY_ENABLED).
    """

    mongodb_uri: str
    amqp_uri: str
    names: dict[str, str]
    mail_url: str | None = None
    mails: bool = True

    def open(self) -> dict[str, Database[dict[str, Any]]]:
        """Open the database of every service."""
        client: MongoClient[dict[str, Any]] = MongoClient(self.mongodb_uri, tz_aware=True)
        return {service: client[name] for service, name in self.names.items()}


def run(where: Databases, settled_within: timedelta = SETTLED_WITHIN) -> list[str]:
    """Return every finding; an empty list means that all invariants hold."""
    return list(_findings(where, settled_within))


def waiting_for_people(where: Databases) -> list[str]:
    """Return what no program can find out, one sentence each; no invariant is broken by it."""
    billing = where.open()["billing"]
    sentences = [f"for a cashier of {sentence}" for sentence in waiting_for_a_cashier(billing)]
    billing.client.close()
    return sentences


def shown(where: Databases) -> int:
    """Print every finding, and what waits for people; return 1 when something was found, for a shell."""
    findings = run(where)
    for sentence in (*findings, *waiting_for_people(where)):
        print(sentence)
    print(f"{len(findings)} findings" if findings else "all invariants hold")
    return 1 if findings else 0


def converged(where: Databases, within_s: float = 30.0, known: Collection[str] = ()) -> list[str]:
    """Check again and again until nothing but `known` is found or the time is up; return what is then."""
    deadline = time.monotonic() + within_s
    while (findings := _unknown(where, known)) and time.monotonic() < deadline:
        time.sleep(0.5)
    return findings


def _unknown(where: Databases, known: Collection[str]) -> list[str]:
    return [finding for finding in run(where, timedelta(0)) if finding not in known]


def _findings(where: Databases, settled_within: timedelta) -> Iterator[str]:
    databases = where.open()
    now = datetime.now(UTC)
    before = now - settled_within
    yield from sessions.check(databases["identity"])
    yield from copies.check(databases, before)
    yield from references.check(databases)
    yield from seats.check(databases["booking"], now)
    yield from orders.check(databases["booking"], databases["billing"], now, settled_within)
    yield from effects.check(databases)
    if where.mails:
        yield from effects.check_mails(databases, before)
    yield from _money(databases["billing"])
    yield from messages.rows_are_sent(databases, before)
    yield from messages.queues_are_empty(where.amqp_uri)
    yield from messages.mails_are_sent_once(databases["notify"], before)
    if where.mail_url:
        yield from messages.no_mail_arrived_twice(where.mail_url)
    next(iter(databases.values())).client.close()


def _money(billing: Database[dict[str, Any]]) -> Iterator[str]:
    for finding in check_books(billing):
        yield f"billing of {finding}"
