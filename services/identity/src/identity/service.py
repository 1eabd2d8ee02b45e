"""Identity as it runs: who people are, where they belong, and which of their sessions are open."""

from chassis.doors.service import service
from chassis.storage.outbox import Rows
from identity import settings
from identity.accounts import contract as accounts_contract
from identity.accounts.store import AccountStore
from identity.copies import doors as copies
from identity.copies.store import FamilyStore
from identity.organisations import contract as organisations_contract
from identity.organisations import doors as organisations
from identity.organisations.store import IdentitySettingsStore, OrganisationStore
from identity.ports import Ports
from identity.ports.hashing import HashingQueue, HashingQueueProvider, Passwords
from identity.sessions import doors as sessions
from identity.sessions.store import SessionStore
from identity.throttle.store import AttemptStore

EVENTS = organisations_contract.EVENTS | accounts_contract.EVENTS
REFUSALS = (
    "malformed",
    "forbidden",
    "not_found",
    "conflict",
    "low_contrast",
    "invalid_credentials",
    "too_many_attempts",
    "overloaded",
    "session_expired",
    "unavailable",
)
"""Of these too_many_attempts and overloaded carry retry_after_s; so does unavailable, which is where a log-in
meets a change of its own account."""


def _hashing_queue(workers: int) -> HashingQueue:
    """Make the queue from the environment."""
    read = settings.read()
    passwords = Passwords(read.pepper, memory_kib=read.memory_kib, time_cost=read.time_cost)
    return HashingQueue(
        passwords, threads=read.hashing_threads, queue_max=read.hashing_queue_max, workers=workers
    )


Identity = service(
    "identity",
    [copies, organisations, sessions],
    stores=[
        FamilyStore,
        OrganisationStore,
        IdentitySettingsStore,
        AccountStore,
        AttemptStore,
        SessionStore,
    ],
    events=EVENTS,
    sources=[Rows("outbox")],
    roles=organisations_contract.ROLES,
    providers={"hashing": HashingQueueProvider(_hashing_queue)},
    ports=lambda worker: Ports(worker.hashing),
)
