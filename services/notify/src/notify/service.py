"""Notify as it runs: it tells families by mail what happened, once per thing and person."""

from nameko.extensions import DependencyProvider

from chassis.doors.service import service
from chassis.storage.outbox import EventType
from notify import settings
from notify.copies import doors as copies
from notify.copies.store import CopyStore
from notify.letters import doors as letters
from notify.outgoing import contract
from notify.outgoing import doors as outgoing
from notify.outgoing.store import MessageStore
from notify.ports import Ports
from notify.ports.postman import Postman

EVENTS: dict[str, EventType] = {}
REFUSALS = contract.REFUSALS


class PortsProvider(DependencyProvider):
    """Gives every worker the ports, made of the settings when the container starts."""

    def setup(self) -> None:
        """Read the environment; what is missing ends the start."""
        read = settings.read()
        self.ports = Ports(
            postman=lambda: Postman(read.smtp_url, read.smtp_timeout_s, read.sender),
            public_url=read.public_url,
            enabled=read.enabled,
        )

    def get_dependency(self, worker_ctx: object) -> Ports:  # noqa: ARG002 - nameko's signature
        """Return the same ports for all."""
        return self.ports


Notify = service(
    "notify",
    [copies, outgoing, letters],
    stores=[CopyStore, MessageStore],
    events=EVENTS,
    sources=[],
    providers={"outside": PortsProvider()},
    ports=lambda worker: worker.outside,
)
