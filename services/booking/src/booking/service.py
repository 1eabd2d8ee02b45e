"""The booking service: the doors of its nouns, collected, and what it publishes, version 1.

One golden example of every message lies in `contract/v1/` of the service's folder.
"""

from typing import Any

from booking.basket import doors as basket
from booking.bookings import doors as bookings
from booking.bookings.store import complete, project
from booking.closures import contract as closures_contract
from booking.closures import doors as closures
from booking.confirmations.contract import EVENTS as ANSWERS
from booking.confirmations.doors import cancelling, confirming, settling, sweeping, telling, tracking
from booking.confirmations.store import OpenConfirmations
from booking.copies import doors as copies
from booking.offer import contract as offer_contract
from booking.offer import doors as offer
from booking.planning import doors as planning
from booking.ports import Ports
from booking.ports.billing import Billing
from booking.seats.contract import EVENTS as SEAT_EVENTS
from booking.seats.store import Seats
from booking.settings import settings
from booking.stores import STORES
from chassis.doors.printing import PressProvider
from chassis.doors.providers import RpcCaller
from chassis.doors.service import service
from chassis.storage.outbox import Documents, Rows

VERSION = 1
EVENTS = {**SEAT_EVENTS, **ANSWERS, **offer_contract.EVENTS, **closures_contract.EVENTS}
ROLES = {
    role: offer_contract.ROLES.get(role, set()) | closures_contract.ROLES.get(role, set())
    for role in {**offer_contract.ROLES, **closures_contract.ROLES}
}
REFUSALS = (
    "malformed",
    "forbidden",
    "not_found",
    "conflict",
    "draft_empty",
    "review_stale",
    "confirmation_in_progress",
    "idempotency_mismatch",
    "unavailable",
)
SOURCES = (
    Documents("seats", complete=complete, project=project, keep=("organisation_id",)),
    Documents("confirmations", complete=telling.complete),
    Rows("outbox"),  # what an operator has told anew, and settings: seldom anything
)


def _ports(worker: Any) -> Ports:
    own = settings()
    return Ports(Billing(worker.rpc_client, own.quote_timeout_s, own.settle_timeout_s), worker.press)


Booking = service(
    "booking",
    [
        copies,
        offer,
        planning,
        basket,
        bookings,
        confirming,
        cancelling,
        settling,
        tracking,
        sweeping,
        closures,
    ],
    stores=STORES,
    events=EVENTS,
    sources=SOURCES,
    gauges=[Seats, OpenConfirmations],
    roles=ROLES,
    providers={"rpc_client": RpcCaller(), "press": PressProvider()},
    ports=_ports,
)
