"""Write definitions.json from what every service says and accepts.

Run `python -m deploy.rabbitmq.generate [--check]`.

The committed file holds users without passwords. Whoever runs a broker renders it with `definitions`, or
declares its exchanges, queues and bindings over AMQP with `declare`.
"""

import copy
import importlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from chassis.wire import topology

SERVICES = ("billing", "booking", "family", "identity", "notify")
CALLERS = ("gateway",)
VHOST = "marelle"
FILE = Path(__file__).with_name("definitions.json")
HASHING = "rabbit_password_hashing_sha256"


def read_services(missing: list[str] | None = None) -> list[topology.Service]:
    """Import every service and describe it; one whose modules are absent or broken is named in `missing`."""
    return [_read(name, [] if missing is None else missing) for name in SERVICES]


def generate() -> topology.Definitions:
    """The topology of the services as their code is now."""
    return topology.build(read_services(), CALLERS, VHOST)


def definitions(vhost: str, password_hashes: Mapping[str, str]) -> topology.Definitions:
    """The committed definitions for `vhost`, with secrets: a RabbitMQ password hash (SHA-256) for each user.

    A user that the topology does not know becomes an administrator. Raises KeyError when a known one has no
    hash.
    """
    rendered: dict[str, Any] = copy.deepcopy(json.loads(FILE.read_text(encoding="utf-8")))
    for kind in ("permissions", "topic_permissions", "policies", "exchanges", "queues", "bindings"):
        for each in rendered[kind]:
            each["vhost"] = vhost
    rendered["vhosts"] = [{"name": vhost}]
    for user in rendered["users"]:
        user.update(password_hash=password_hashes[user["name"]], hashing_algorithm=HASHING)
    for name in sorted(set(password_hashes) - {user["name"] for user in rendered["users"]}):
        administrator = {"name": name, "tags": ["administrator"]}
        rendered["users"].append(
            {**administrator, "password_hash": password_hashes[name], "hashing_algorithm": HASHING}
        )
        everything = {"configure": ".*", "write": ".*", "read": ".*"}
        rendered["permissions"].append({"user": name, "vhost": vhost, **everything})
    return rendered


def declare(amqp_uri: str) -> None:
    """Declare the committed exchanges, queues and bindings in the virtual host that `amqp_uri` names."""
    topology.declare(amqp_uri, json.loads(FILE.read_text(encoding="utf-8")))


def _read(name: str, missing: list[str]) -> topology.Service:
    service = _module(f"{name}.service", missing)
    # A service that is laid out noun first collects what its nouns tell beside their doors.
    contract = service if hasattr(service, "EVENTS") else _module(f"{name}.contract", missing)
    classes = [
        each
        for each in vars(service).values()
        if getattr(each, "name", None) == name and isinstance(each, type)
    ]
    return topology.describe(name, classes[0] if classes else None, getattr(contract, "EVENTS", {}))


def _module(name: str, missing: list[str]) -> Any:
    try:
        return importlib.import_module(name)
    except Exception as error:  # noqa: BLE001 - a broken service must not hide what the others need
        missing.append(f"{name}: {type(error).__name__}: {error}")
        return type(sys)("absent")


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; fail when the file is not what the code says.")
def main(*, check: bool) -> None:
    """Write definitions.json."""
    missing: list[str] = []
    services = read_services(missing)
    text = json.dumps(topology.build(services, CALLERS, VHOST), indent=1, sort_keys=True) + "\n"
    problems = [*missing, *topology.disagreements(services)]
    for problem in problems:
        click.echo(problem, err=True)
    if check:
        same = FILE.exists() and FILE.read_text(encoding="utf-8") == text
        if not same:
            click.echo("definitions.json is stale: run python -m deploy.rabbitmq.generate", err=True)
        sys.exit(0 if same and not problems else 1)
    FILE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
