"""A database that an administrator gave by its address: made ours as far as it lets us.

Each service gets a user of its own where users may be made; where not, the one that was given is shared,
and `shared` says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from pymongo import MongoClient
from pymongo.errors import OperationFailure

from deploy.local.mongod import create_user

_TIMEOUT_MS = 5000


@dataclass(frozen=True)
class GivenDatabase:
    """The address for each database, and whether they share the administrator's user."""

    uris: Mapping[str, str]
    shared: bool


def share_database(uri: str, passwords: Mapping[str, str]) -> GivenDatabase:
    """Make a user for each database of `passwords` on the given server, or let them share the given one."""
    with MongoClient[dict[str, Any]](uri, serverSelectionTimeoutMS=_TIMEOUT_MS) as client:
        try:
            for database, password in passwords.items():
                create_user(client, database, database, password)
        except OperationFailure:
            return GivenDatabase(dict.fromkeys(passwords, uri), shared=True)
    return GivenDatabase({name: _as_user(uri, name, passwords[name]) for name in passwords}, shared=False)


def _as_user(uri: str, database: str, password: str) -> str:
    parts = urlsplit(uri)
    hosts = parts.netloc.rpartition("@")[2]
    kept = [option for option in parts.query.split("&") if option and not option.startswith("authSource=")]
    query = "&".join([*kept, f"authSource={database}"])
    return urlunsplit((parts.scheme, f"{quote(database)}:{quote(password)}@{hosts}", "/", query, ""))


def forget(uri: str, databases: Sequence[str]) -> None:
    """Drop `databases` from the given server; what is not there is no matter."""
    with MongoClient[dict[str, Any]](uri, serverSelectionTimeoutMS=_TIMEOUT_MS) as client:
        for database in databases:
            client.drop_database(database)
