"""Running a service's container inside the test's own process."""

import contextlib
import os
from collections.abc import Iterator
from typing import Any

import amqp

from chassis.doors.rpc import RpcDoor
from chassis.process.container import Container
from chassis.testing.keys import keys_directory, signer
from chassis.wire import bus


@contextlib.contextmanager
def running(service_class: type, **config: Any) -> Iterator[Container]:
    """Yield the container of the service, started; stop it afterwards.

    `config` are container settings: AMQP_URI, MONGODB_URI (default: the environment's), MONGODB_DATABASE,
    max_workers, clock, ids. Keys are made for the service and for every issuer that its doors accept.
    """
    settings = {
        "AMQP_URI": os.environ.get("AMQP_URI"),
        "MONGODB_URI": os.environ.get("MONGODB_URI"),
        "KEYS_DIR": str(keys_directory()),
        "max_workers": 10,
        **config,
    }
    container = Container(service_class, settings)
    signer(container.service_name)
    for door in container.entrypoints:
        if isinstance(door, RpcDoor):
            for issuer in door.accepts:
                signer(issuer)
    declare_rpc(settings["AMQP_URI"], container.service_name)
    try:
        container.start()
        yield container
    finally:
        container.stop()


def declare_rpc(amqp_uri: str, *services: str) -> None:
    """Declare the exchange and the request queues of services on a vhost that lacks them."""
    connection = bus.connect(amqp_uri, name="test", timeout_s=60)
    connection.channel().exchange_declare(bus.RPC_EXCHANGE, "topic", durable=True, auto_delete=False)
    for service in services:
        name = bus.rpc_queue(service)
        try:
            connection.channel().queue_declare(name, passive=True)
        except amqp.NotFound:
            channel = connection.channel()
            channel.queue_declare(name, durable=True, auto_delete=False)
            channel.queue_bind(name, bus.RPC_EXCHANGE, f"{service}.*")
    connection.close()
