"""How documents are named and parted by organisation, and how transactions are run here."""

from collections.abc import Callable
from typing import Any, TypeVar

from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from chassis.storage.mongo import in_transaction
from chassis.values.context import Context
from chassis.values.errors import Refused

T = TypeVar("T")

_RACES_MAX = 5

DEFAULT_TIME_ZONE = "Europe/Paris"
"""Until identity has told an organisation's own."""


def organisation_of(context: Context | str) -> str:
    """Give the organisation that a call may see; a context without one may see nothing."""
    organisation_id = context if isinstance(context, str) else context.organisation_id
    if not organisation_id:
        raise Refused("forbidden", "the context names no organisation")
    return organisation_id


def key(organisation_id: str, name: str) -> str:
    """Make the `_id` of what is called `name` in an organisation.

    The same name elsewhere is another document.
    """
    return f"{organisation_id}/{name}"


def committed(database: Database[dict[str, Any]], work: Callable[[ClientSession], T]) -> T:
    """Run `work` in a transaction.

    When another one made the same document first, run it again to see that one.
    """
    for _ in range(_RACES_MAX):
        try:
            return in_transaction(database, work)
        except DuplicateKeyError:
            continue
    raise Refused("conflict", "the same document was made with another content")
