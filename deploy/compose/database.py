"""Make the replica set and its users: what the program `database` of docker-compose.yml runs, once.

It shares mongod's network, because mongod lets only a client on its own machine make the first user. Running
it again changes nothing but passwords that are new. Imports pymongo and nothing of ours: it stands alone in
an image that has pymongo.

Environment: MEMBER (host:port under which the services reach mongod), USERS_FILE (JSON: the administrator's
password and, for each database, that of the user of the same name).
"""

import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

ADMINISTRATOR = "administrator"
REPLICA_SET = "rs0"
WAIT_S = 60.0
_PAUSE_S = 0.2
_ALREADY_INITIALIZED = 23
_AUTHENTICATION_FAILED = 18
_USER_EXISTS = 51003

Client = MongoClient[dict[str, Any]]


def _client(member: str, **options: Any) -> Client:
    port = int(member.rpartition(":")[2])
    return MongoClient("127.0.0.1", port, directConnection=True, serverSelectionTimeoutMS=1000, **options)


def first_time(member: str, password: str) -> None:
    """Make the set of one member and its administrator; mongod allows it while it has no user at all."""
    with _client(member) as client:
        members = [{"_id": 0, "host": member}]
        try:
            client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": members})
        except OperationFailure as failure:
            if failure.code != _ALREADY_INITIALIZED:
                raise
        client.admin.command("createUser", ADMINISTRATOR, pwd=password, roles=["root"])


def users(member: str, passwords: Mapping[str, str]) -> None:
    """Make the user of every database, who reads and writes that database and nothing else."""
    with _client(member, username=ADMINISTRATOR, password=passwords[ADMINISTRATOR]) as client:
        for name in passwords.keys() - {ADMINISTRATOR}:
            roles = [{"role": "readWrite", "db": name}]
            try:
                client[name].command("createUser", name, pwd=passwords[name], roles=roles)
            except OperationFailure as failure:
                if failure.code != _USER_EXISTS:
                    raise
                client[name].command("updateUser", name, pwd=passwords[name], roles=roles)


def make_ready(member: str, passwords: Mapping[str, str]) -> None:
    """Do what is missing; every step may be taken again."""
    try:
        users(member, passwords)
    except OperationFailure as failure:
        if failure.code != _AUTHENTICATION_FAILED:
            raise
        first_time(member, passwords[ADMINISTRATOR])
        users(member, passwords)


def main() -> int:
    """Try until the database is ready, or for a minute; 0 or 1."""
    member = os.environ["MEMBER"]
    passwords = json.loads(Path(os.environ["USERS_FILE"]).read_text(encoding="utf-8"))
    deadline = time.monotonic() + WAIT_S
    while True:
        try:
            make_ready(member, passwords)
        except PyMongoError as error:  # not listening yet, or no primary yet
            if time.monotonic() > deadline:
                sys.stderr.write(f"{member} was not ready within {WAIT_S:g} s: {type(error).__name__}\n")
                return 1
            time.sleep(_PAUSE_S)
        else:
            return 0


if __name__ == "__main__":
    sys.exit(main())
