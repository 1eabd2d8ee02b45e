"""Which programs a stack runs, and what each is told: the one list of commands and settings of local runs."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local import broker, front, mongod
from deploy.local.credentials import Credentials
from deploy.local.layout import SERVICES
from deploy.local.ports import LOOPBACK
from deploy.local.supervision import Program

INFRASTRUCTURE_PORTS = ("mongod", "amqp", "amqp_dist", "epmd")
FACES = ("front", "mail", "payment")
"""The programs that people open in a browser."""

STACK_PORTS = (
    *INFRASTRUCTURE_PORTS,
    *FACES,
    "gateway",
    "gateway_metrics",
    "smtp",
    *(f"{name}_health" for name in SERVICES),
)
GATEWAY_WORKERS = 2
GATEWAY_THREADS = 64  # twice what one service may hold of them: overload is told, not queued
IDENTITY_WORKERS = "48"  # over twice the log-ins that may wait: its queue for passwords fills up first
ORGANISATION = "carteville"
ANSWERS_EVERY_S = "5"


@dataclass(frozen=True)
class Surroundings:
    """What the programs of one stack share: ports by name, secrets, a broker and a database per service."""

    ports: Mapping[str, int]
    credentials: Credentials
    directory: Path
    amqp_uris: Mapping[str, str]
    mongodb_uris: Mapping[str, str]
    databases: Mapping[str, str]

    def url(self, face: str) -> str:
        """Return the address of the front, the mail catcher or the payment simulator."""
        return f"http://{LOOPBACK}:{self.ports[face]}"


def database_programs(binary: Path, directory: Path, port: int, credentials: Credentials) -> list[Program]:
    """Return the program of a mongod of one's own."""
    command = mongod.without_names(mongod.command(binary, directory, port, credentials.key_file()))
    return [Program("mongod", command, stop_s=20, starts_at_once=True)]


def broker_programs(directory: Path, ports: Mapping[str, int]) -> list[Program]:
    """Return the programs of a broker of one's own; its port mapper comes first."""
    environment = broker.environment(directory, ports["amqp_dist"], ports["epmd"])
    return [
        Program("epmd", broker.epmd_command(ports["epmd"]), starts_at_once=True),
        Program("rabbitmq", broker.server_command(), environment, stop_s=30, starts_at_once=True),
    ]


def service_environment(name: str, around: Surroundings) -> dict[str, str]:
    """Return what a service is told. Whatever is secret is named by the file that holds it."""
    secrets = around.credentials
    return {
        "AMQP_URI_FILE": str(secrets.keep(f"{name}.amqp_uri", around.amqp_uris[name])),
        "MONGODB_URI_FILE": str(secrets.keep(f"{name}.mongodb_uri", around.mongodb_uris[name])),
        "MONGODB_DATABASE": around.databases[name],
        "KEYS_DIR": str(secrets.keys_directory(name)),
        "HEALTH_PORT": str(around.ports[f"{name}_health"]),
        "EVENTLET_NO_GREENDNS": "yes",
        **_own_settings(name, around),
    }


def _own_settings(name: str, around: Surroundings) -> dict[str, str]:
    if name == "identity":
        return {
            "IDENTITY_PEPPER_FILE": str(around.credentials.path("identity.pepper")),
            "MAX_WORKERS": IDENTITY_WORKERS,
        }
    if name == "billing":
        return {
            "BILLING_PROVIDER_URL": around.url("payment"),
            "BILLING_PUBLIC_URL": around.url("front"),
            "BILLING_POLL_MINUTE_S": "2",  # a payment that nobody told of is found while one watches
        }
    if name == "notify":
        return {
            "NOTIFY_SMTP_URL": f"smtp+plain://{LOOPBACK}:{around.ports['smtp']}",
            "NOTIFY_SENDER": f"portail@{ORGANISATION}.example",
            "NOTIFY_PUBLIC_URL": around.url("front"),
            "NOTIFY_ENABLED": "true",
        }
    return {}


def service_program(name: str, around: Surroundings) -> Program:
    """Return the program of a nameko service, whose class has the service's name with a capital."""
    command = [sys.executable, "-m", "chassis.process.runner", f"{name}.service:{name.capitalize()}"]
    return Program(name, command, service_environment(name, around), stop_s=15)


def answering_program(around: Surroundings, organisation: str, refused_on: int) -> Program:
    """Return what answers an organisation's requests every few seconds: agents have no page for it yet."""
    asked = ["--organisation", organisation, "--refuse-on", str(refused_on), "--every", ANSWERS_EVERY_S]
    command = [sys.executable, "-m", "booking.commands", "answer", *asked]
    return Program("answers", command, service_environment("booking", around))


def gateway_environment(around: Surroundings) -> dict[str, str]:
    """Return what the gateway is told."""
    secrets = around.credentials
    return {
        "AMQP_URI_FILE": str(secrets.keep("gateway.amqp_uri", around.amqp_uris["gateway"])),
        "KEYS_DIR": str(secrets.keys_directory("gateway")),
        "GATEWAY_COOKIE_SECRET_FILE": str(secrets.path("gateway.cookie_secret")),
        "GATEWAY_PUBLIC_URL": around.url("front"),
        "GATEWAY_PROXIES": "1",
        "GATEWAY_DEVELOPERS": "1",
        "GATEWAY_PAYMENT_HOST": around.url("payment"),
        "GATEWAY_BIND": f"{LOOPBACK}:{around.ports['gateway']}",
        "GATEWAY_METRICS_PORT": str(around.ports["gateway_metrics"]),
        "GATEWAY_WORKERS": str(GATEWAY_WORKERS),
        "GATEWAY_THREADS": str(GATEWAY_THREADS),
        "GATEWAY_ORGANISATION": ORGANISATION,
    }


def front_program(around: Surroundings) -> Program:
    """Return nginx before the gateway; told to quit, it answers first whom it heard."""
    directory = around.directory / "front"
    front.prepare(directory, around.ports["front"], [around.ports["gateway"]])
    return Program("front", front.command(directory), stop_s=15, starts_at_once=True, stop_signal="QUIT")


def face_programs(around: Surroundings) -> list[Program]:
    """Return the front with the gateway, the mail catcher and the payment simulator."""
    shape = ["--config", "gateway/gunicorn.conf.py", "gateway.app:create_app()"]
    gateway = [sys.executable, "-m", "gunicorn", *shape]
    payment = {
        "PAYMENT_PORT": str(around.ports["payment"]),
        "PAYMENT_PUBLIC_URL": around.url("payment"),
    }
    mail = {"MAIL_PORT": str(around.ports["mail"]), "SMTP_PORT": str(around.ports["smtp"])}
    return [
        Program("mail", [sys.executable, "-m", "deploy.simulators.mail"], mail, starts_at_once=True),
        Program("payment", [sys.executable, "-m", "deploy.simulators.payment"], payment, starts_at_once=True),
        front_program(around),
        Program("gateway", gateway, gateway_environment(around), stop_s=35),
    ]
