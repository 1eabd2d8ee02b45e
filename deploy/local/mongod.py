"""A mongod of one's own: a replica set of one member with authentication, and one user per service.

Knows nothing of supervision: `command` says what to run, `make_ready` turns a started mongod into a
replica set with its users. A database that an administrator gave is `given.py`'s.
"""

import shlex
import shutil
import sysconfig
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from deploy.local.layout import ROOT, private_directory
from deploy.local.ports import LOOPBACK

REPLICA_SET = "rs0"
ADMINISTRATOR = "administrator"
TRANSACTION_MAX_S = 10
"""A process killed in a transaction leaves its documents locked for so long, instead of a minute."""
HISTORY_S = 10
"""How far back mongod can be read: nothing here reads the past longer than a transaction lasts. By default it
keeps five minutes of every state of a seats document, and as long the files of what was dropped."""
NO_SLOW_LOG = ("--slowms", "2147483647", "--slowOpSampleRate", "0")
"""Slow operations are not logged: their text holds what was looked for and written, names and logins too."""
LOG_FILTER = ROOT / "deploy" / "compose" / "mongod_log.sed"
_NOT_AUTHENTICATED = 18
_ALREADY_INITIALIZED = 23
_USER_EXISTS = 51003
_PAUSE_S = 0.05


class DatabaseNotReadyError(Exception):
    """mongod did not become a primary in time."""


def binary() -> Path | None:
    """Return the mongod to run: the one on the PATH, else the one of the Python package, else None."""
    on_path = shutil.which("mongod")
    if on_path:
        return Path(on_path)
    packaged = Path(sysconfig.get_path("purelib")) / "fiftyone" / "db" / "bin" / "mongod"
    if not packaged.exists():
        return None
    if not packaged.stat().st_mode & 0o100:
        packaged.chmod(0o755)
    return packaged


def command(program: Path, directory: Path, port: int, key_file: Path) -> list[str]:
    """Return the command line of a mongod whose data lies in `directory`."""
    data = private_directory(directory / "data")
    return [
        str(program),
        *("--replSet", REPLICA_SET),
        *("--bind_ip", LOOPBACK),
        *("--port", str(port)),
        *("--dbpath", str(data)),
        *("--keyFile", str(key_file)),
        *("--wiredTigerCacheSizeGB", "0.5"),
        *("--setParameter", "diagnosticDataCollectionEnabled=false"),
        *("--setParameter", f"transactionLifetimeLimitSeconds={TRANSACTION_MAX_S}"),
        *("--setParameter", f"minSnapshotHistoryWindowInSeconds={HISTORY_S}"),
        *("--networkMessageCompressors", "snappy,zstd"),  # zlib's inflating was a hole: CVE-2025-14847
        *NO_SLOW_LOG,
        "--noscripting",
        "--nounixsocket",
        "--quiet",
    ]


def without_names(mongod: list[str]) -> list[str]:
    """Return the command of the same mongod, of whose log what may quote somebody's data is left out.

    It is the same process still: who stops it stops mongod. The filter ends with it.
    """
    filtering = f"sed --unbuffered --regexp-extended --file {shlex.quote(str(LOG_FILTER))}"
    return ["bash", "-c", f'exec "$@" > >(exec {filtering})', "mongod", *mongod]


def uri(port: int, user: str, password: str, database: str) -> str:
    """Return the address with which `user`, known in `database`, reaches the replica set."""
    credentials = f"{quote(user, safe='')}:{quote(password, safe='')}"
    return f"mongodb://{credentials}@{LOOPBACK}:{port}/?replicaSet={REPLICA_SET}&authSource={database}"


def make_ready(
    port: int, administrator_password: str, passwords: Mapping[str, str], timeout_s: float
) -> None:
    """Make the replica set, its administrator and a user per database; what exists is kept.

    `passwords` maps a database to the password of the user of the same name, who reads and writes that
    database and nothing else. Raises DatabaseNotReadyError after `timeout_s`.
    """
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        try:
            _make_ready(port, administrator_password, passwords)
        except PyMongoError:
            time.sleep(_PAUSE_S)  # not listening yet, or no primary yet: every step may be taken again
        else:
            return
    raise DatabaseNotReadyError(f"mongod on port {port} was not ready within {timeout_s} s")


def _client(port: int, **options: Any) -> MongoClient[dict[str, Any]]:
    return MongoClient(LOOPBACK, port, directConnection=True, serverSelectionTimeoutMS=1000, **options)


def _make_ready(port: int, administrator_password: str, passwords: Mapping[str, str]) -> None:
    try:
        _prepare(port, administrator_password, passwords)
    except OperationFailure as failure:
        if failure.code != _NOT_AUTHENTICATED:
            raise
        # mongod lets a client on its own machine do this once, while it has no user at all
        with _client(port) as client:
            _initiate(client, port)
            client.admin.command("createUser", ADMINISTRATOR, pwd=administrator_password, roles=["root"])
        _prepare(port, administrator_password, passwords)


def _prepare(port: int, administrator_password: str, passwords: Mapping[str, str]) -> None:
    with _client(port, username=ADMINISTRATOR, password=administrator_password) as client:
        _follow_port(client, port)
        for database, password in passwords.items():
            create_user(client, database, database, password)


def create_user(client: MongoClient[dict[str, Any]], database: str, user: str, password: str) -> None:
    """Make `user` able to read and write `database`; one that exists gets the password.

    Raises OperationFailure when `client` may not do that.
    """
    roles = [{"role": "readWrite", "db": database}]
    try:
        client[database].command("createUser", user, pwd=password, roles=roles)
    except OperationFailure as failure:
        if failure.code != _USER_EXISTS:
            raise
        client[database].command("updateUser", user, pwd=password, roles=roles)


def _initiate(client: MongoClient[dict[str, Any]], port: int) -> None:
    members = [{"_id": 0, "host": f"{LOOPBACK}:{port}"}]
    try:
        client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": members})
    except OperationFailure as failure:
        if failure.code != _ALREADY_INITIALIZED:
            raise


def _follow_port(client: MongoClient[dict[str, Any]], port: int) -> None:
    """Tell a set that came back on another port than it left where its only member is now."""
    configuration = client.admin.command("replSetGetConfig")["config"]
    here = f"{LOOPBACK}:{port}"
    if configuration["members"][0]["host"] != here:
        configuration["members"][0]["host"] = here
        configuration["version"] += 1
        client.admin.command("replSetReconfig", configuration, force=True)
