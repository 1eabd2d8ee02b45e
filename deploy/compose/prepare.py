"""Make what docker-compose.yml reads, below var/compose: `python -m deploy.compose.prepare [--towns]`.

Secrets are made once and kept. Their directory is closed to all but its owner; the files in it can be read,
because a container's user is another one than yours and is given nothing but its own few files.
"""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

from deploy.demo import town
from deploy.local import mongod, topology
from deploy.local.credentials import Credentials
from deploy.local.layout import CALLERS, SERVICES, VAR, private_directory
from deploy.local.town import TOWNS

HOME = VAR / "compose"
BROKER = "rabbitmq:5672"
DATABASE = "mongodb:27017"
_READABLE = 0o444
_LISTABLE = 0o755


def secrets(directory: Path, broker: str = BROKER, database: str = DATABASE) -> None:
    """Write every secret into `directory`, for a broker and a database at these addresses."""
    kept = Credentials(directory)
    for name in (topology.ADMINISTRATOR, *CALLERS):
        password = kept.text(f"{name}.password")
        kept.keep(f"{name}.amqp_uri", f"amqp://{name}:{password}@{broker}/{topology.VIRTUAL_HOST}")
    for name in CALLERS:
        kept.keys_directory(name)
    users = {name: kept.text(f"{name}.password") for name in (mongod.ADMINISTRATOR, *SERVICES)}
    for name, password in users.items():
        home = "admin" if name == mongod.ADMINISTRATOR else name
        options = f"replicaSet={mongod.REPLICA_SET}&authSource={home}"
        kept.keep(f"{name}.mongodb_uri", f"mongodb://{name}:{password}@{database}/?{options}")
    kept.keep("database_users.json", json.dumps(users))
    kept.keep("definitions.json", json.dumps(topology.definitions(kept)))
    kept.path("identity.pepper")
    kept.path("gateway.cookie_secret")
    kept.key_file()
    _open_to_containers(directory)


def towns(directory: Path) -> None:
    """Write the import files of the demo towns, each below `directory`, with days around today."""
    for each in TOWNS:
        town.write(each, directory / each.slug, datetime.now(UTC).date())
    _open_to_containers(directory)
    directory.chmod(_LISTABLE)


def _open_to_containers(directory: Path) -> None:
    """Let a container's user read what is mounted for it; `directory` itself keeps its mode."""
    for path in directory.rglob("*"):
        path.chmod(_LISTABLE if path.is_dir() else _READABLE)


def main() -> None:
    """Make the secrets and, when asked, the demo towns' files."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--towns", action="store_true", help="also write the demo towns' import files")
    private_directory(HOME)
    secrets(HOME / "secrets")
    print("var/compose/secrets")
    if parser.parse_args().towns:
        towns(HOME / "towns")
        print("var/compose/towns")


if __name__ == "__main__":
    main()
