"""How a decision about money is kept: in one transaction, with its stamp and the events that tell of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self, TypeVar

from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError

from billing.vocabulary import UnsentEvent
from chassis.doors.call import Call
from chassis.storage import outbox
from chassis.storage.mongo import Db, in_transaction
from chassis.values.actor import Actor
from chassis.values.errors import Refused
from chassis.values.scope import Scope

T = TypeVar("T")

_RACES_MAX = 5


@dataclass(frozen=True, slots=True)
class Stamp:
    """When something was done, by whom and in which request: kept with all that it changed."""

    at: datetime
    actor: Actor
    request_id: str = ""

    @classmethod
    def of(cls, call: Call[Any]) -> Self:
        """Return the stamp of what a door is about to do."""
        return cls(call.now(), call.actor, call.request_id)


def committed(database: Db, work: Callable[[ClientSession], T]) -> T:
    """Return what `work` returns in a transaction; after another one made the same document, it runs again.

    Refused("conflict") when that happens again and again.
    """
    for _ in range(_RACES_MAX):
        try:
            return in_transaction(database, work)
        except DuplicateKeyError:
            continue
    raise Refused("conflict", "the same document was made with another content")


def tell(
    database: Db, session: ClientSession, scope: Scope, announcements: Iterable[UnsentEvent], stamp: Stamp
) -> None:
    """Write events down in the transaction of what they tell of; the relay sends them."""
    rows = [
        outbox.row(
            told.name,
            context_or_org=scope.organisation_id,
            aggregate_id=told.aggregate_id,
            sequence=told.sequence,
            data=told.data,
            occurred_at=stamp.at,
            request_id=stamp.request_id,
            actor=stamp.actor,
        )
        for told in announcements
    ]
    if rows:
        database["outbox"].insert_many(rows, session=session)
