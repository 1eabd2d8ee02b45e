"""Broker and database of a stack, one's own or given, with a user for every service.

Everything lies in `var/<name>`, which may be deleted while nothing of that name runs.
"""

import shlex
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import amqp

from deploy.local import broker, given, mongod, ports, programs, topology
from deploy.local.credentials import Credentials
from deploy.local.layout import CALLERS, SERVICES, VAR, private_directory
from deploy.local.ports import LOOPBACK
from deploy.local.readiness import wait_until
from deploy.local.supervision import Program, Supervisor, write_script

START_S = 90.0
_DATABASE_S = 60.0


class MissingProgramsError(Exception):
    """A program that must be installed first; the message holds the line that does it."""


class Infrastructure:
    """A broker and a database of one's own, or the given ones, with users for every service.

    `mongodb_uri` and `amqp_uri` are addresses an administrator gave; without them both are started.
    `fixed` maps names of ports to numbers, `fresh` forgets what an earlier run of that name kept.
    `sharing` says, after the start, which users are shared.
    """

    port_names: Sequence[str] = programs.INFRASTRUCTURE_PORTS

    def __init__(
        self,
        name: str,
        *,
        mongodb_uri: str | None = None,
        amqp_uri: str | None = None,
        fixed: Mapping[str, int] | None = None,
        fresh: bool = False,
    ) -> None:
        self.name = name
        self.directory = VAR / name
        self.sharing: list[str] = []
        self._given_mongodb_uri = mongodb_uri or None
        self._given_amqp_uri = amqp_uri or None
        self._fixed = dict(fixed or {})
        self._fresh = fresh

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def prepare(self) -> None:
        """Choose ports, make secrets and write configurations; nothing runs yet."""
        if self._fresh:
            forget(self.name)
        private_directory(self.directory)
        self.credentials = Credentials(self.directory / "secrets")
        self.ports = ports.choose(self.port_names, self._fixed, self.directory / "ports.json")
        self.databases = dict(zip(SERVICES, self.database_names(), strict=True))
        self._passwords = {name: self.credentials.text(f"{name}.password") for name in SERVICES}
        self._prepare_broker()
        self._prepare_database()
        self.supervisor = Supervisor(self.directory, self._programs())

    def start(self) -> None:
        """Start everything and return when it can be used."""
        self.prepare()
        self.supervisor.start()
        self.make_database_ready()
        self.wait_for_broker()

    def database_names(self) -> list[str]:
        """Return the database of each service, in the order of SERVICES."""
        return [self._database_name(service) for service in SERVICES]

    def stop(self) -> None:
        """Stop everything and wait until it has ended; may be called at any time."""
        if hasattr(self, "supervisor"):
            self.supervisor.stop()

    def test_environment(self) -> dict[str, str]:
        """Return what tests are told of the broker and the database: administrators' addresses.

        RABBITMQCTL is the command that rules the broker; it is absent when the broker was given.
        """
        told = {"MONGODB_URI": self.mongodb_uri, "AMQP_URI": self.amqp_uri}
        if not self._given_amqp_uri:
            told["RABBITMQCTL"] = shlex.quote(str(self._control_script()))
        return told

    def _control_script(self) -> Path:
        directory = self.directory / "rabbitmq"
        environment = broker.environment(directory, self.ports["amqp_dist"], self.ports["epmd"])
        script = directory / "rabbitmqctl"
        write_script(script, broker.control_command(), environment)
        script.chmod(0o700)
        return script

    def control_broker(self, *arguments: str) -> str:
        """Run a command of the broker's administrator, of a broker of our own; return what it printed.

        Raises CalledProcessError, with what it said, when the broker did not do it.
        """
        command = [str(self._control_script()), "--quiet", *arguments]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=START_S, check=True)
        return ran.stdout

    def wait_for_broker(self) -> None:
        """Wait until the broker takes connections, its topology declared."""
        wait_until(self.broker_answers, f"the broker of {self.name}", START_S)

    def make_database_ready(self) -> None:
        """Wait for the database and make what is missing of replica set and users."""
        if self._given_mongodb_uri:
            return
        password = self.credentials.text("administrator.password")
        wanted = {self.databases[name]: word for name, word in self._passwords.items()}
        mongod.make_ready(self.ports["mongod"], password, wanted, _DATABASE_S)

    def _database_name(self, service: str) -> str:
        if not self._given_mongodb_uri:
            return service
        # others may use the given server too: another checkout, another stack
        token = broker.node_name(self.directory).removesuffix("@localhost")
        return f"{token}-{service}"

    def _prepare_broker(self) -> None:
        if self._given_amqp_uri:
            self.amqp_uri = self._given_amqp_uri
            self.amqp_uris = dict.fromkeys(CALLERS, self.amqp_uri)
            self.sharing.append("the broker's user")
            topology.declare(self.amqp_uri)
            return
        definitions = topology.definitions(self.credentials)
        broker.configure(self.directory / "rabbitmq", self.ports["amqp"], definitions)
        self.amqp_uri = self._amqp_uri(topology.ADMINISTRATOR, "administrator.password")
        self.amqp_uris = {name: self._amqp_uri(name, f"{name}.password") for name in CALLERS}

    def _amqp_uri(self, user: str, secret: str) -> str:
        where = f"{LOOPBACK}:{self.ports['amqp']}/{topology.VIRTUAL_HOST}"
        return f"amqp://{user}:{self.credentials.text(secret)}@{where}"

    def _prepare_database(self) -> None:
        if self._given_mongodb_uri:
            self.mongodb_uri = self._given_mongodb_uri
            wanted = {self.databases[name]: word for name, word in self._passwords.items()}
            result = given.share_database(self.mongodb_uri, wanted)
            self.mongodb_uris = {name: result.uris[self.databases[name]] for name in SERVICES}
            if result.shared:
                self.sharing.append("the database's user")
            return
        port = self.ports["mongod"]
        administrator = self.credentials.text("administrator.password")
        self.mongodb_uri = mongod.uri(port, mongod.ADMINISTRATOR, administrator, "admin")
        self.mongodb_uris = {
            name: mongod.uri(port, name, word, name) for name, word in self._passwords.items()
        }

    def _programs(self) -> list[Program]:
        wanted: list[Program] = []
        if not self._given_mongodb_uri:
            binary = mongod.binary()
            if binary is None:
                raise MissingProgramsError("mongod is missing: run `make demo`, which installs it")
            secrets = self.credentials
            wanted += programs.database_programs(
                binary, self.directory / "mongod", self.ports["mongod"], secrets
            )
        if not self._given_amqp_uri:
            wanted += programs.broker_programs(self.directory / "rabbitmq", self.ports)
        return wanted

    def broker_answers(self) -> bool:
        """Say whether the broker takes connections to our virtual host now."""
        if self._given_amqp_uri:
            return True
        try:
            with amqp.Connection(
                host=f"{LOOPBACK}:{self.ports['amqp']}",
                userid=topology.ADMINISTRATOR,
                password=self.credentials.text("administrator.password"),
                virtual_host=topology.VIRTUAL_HOST,
                connect_timeout=2,
            ):
                return True
        except (OSError, amqp.AMQPError):
            return False


def forget(name: str) -> Path:
    """Delete all that a stack kept. It must not be running."""
    directory = VAR / name
    if directory.exists():
        shutil.rmtree(directory)
    return directory
