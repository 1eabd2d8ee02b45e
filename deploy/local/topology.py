"""The generated broker definitions, filled with the users and passwords of one stack."""

import base64
import hashlib
import secrets
from typing import Any

from deploy.local.credentials import Credentials
from deploy.local.layout import CALLERS
from deploy.rabbitmq import generate

VIRTUAL_HOST = generate.VHOST
ADMINISTRATOR = "administrator"
_SALT_BYTES = 4


def definitions(credentials: Credentials) -> dict[str, Any]:
    """Return what the broker of a stack loads: topology, users and an administrator."""
    hashes = {
        name: _password_hash(credentials.text(f"{name}.password")) for name in (ADMINISTRATOR, *CALLERS)
    }
    return dict(generate.definitions(VIRTUAL_HOST, hashes))


def declare(amqp_uri: str) -> None:
    """Declare the topology over the connection that `amqp_uri` names: no user can be made that way."""
    generate.declare(amqp_uri)


def _password_hash(password: str) -> str:
    """Return a password as RabbitMQ keeps it: base64 of a salt and of SHA-256 over salt and password."""
    salt = secrets.token_bytes(_SALT_BYTES)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()
