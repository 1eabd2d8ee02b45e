"""The service: the doors of all nouns, what it tells, what it keeps, and its port to the payment provider.

Its published language, version 1, is what the contracts of its nouns say; one golden example of every message
lies in `contract/v1/` of the service's folder.
"""

from typing import Any

from billing.attempts import contract as attempts_contract
from billing.attempts import doors as attempts
from billing.attempts.store.looks import LooksStore
from billing.attempts.store.quarantines import QuarantinesStore
from billing.balance import doors as balance
from billing.commands.store import STORES
from billing.consumption import doors as consumption
from billing.copies import doors as copies
from billing.credit_notes import contract as credit_notes_contract
from billing.credit_notes import doors as credit_notes
from billing.offices import contract as offices_contract
from billing.offices import doors as offices
from billing.payments import doors as payments
from billing.ports import Ports
from billing.ports.bounded import Bounded
from billing.ports.injection import ProviderInjection
from billing.ports.provider import Provider
from billing.ports.simulator import Simulator
from billing.quotes import doors as quotes
from billing.settings import Settings
from billing.settlements import contract as settlements_contract
from billing.settlements import doors as settlements
from billing.tariffs import doors as tariffs
from chassis.doors.printing import PressProvider
from chassis.doors.service import service
from chassis.storage.outbox import Rows

SETTINGS = Settings.from_environment()
EVENTS = {
    **offices_contract.EVENTS,
    **credit_notes_contract.EVENTS,
    **settlements_contract.EVENTS,
    **attempts_contract.EVENTS,
}
REFUSALS = (
    "malformed",
    "forbidden",
    "not_found",
    "conflict",
    "no_tariff",
    "no_wallet",
    "nothing_due",
    "hold_expired",
    "idempotency_mismatch",
    "email_missing",
    "payment_being_checked",
    "payment_page_open",
    "provider_unavailable",
)


def _provider() -> Provider:
    simulator = Simulator(SETTINGS.provider_url, SETTINGS.connect_s, SETTINGS.read_s)
    return Bounded(simulator, SETTINGS.provider_calls_max, SETTINGS.provider_within_s)


def _ports(worker: Any) -> Ports:
    return Ports(worker.provider, SETTINGS.notify_url, SETTINGS.poll_minute, worker.press)


Billing = service(
    "billing",
    [copies, offices, payments, credit_notes, tariffs, quotes, settlements, attempts, consumption, balance],
    stores=STORES,
    events=EVENTS,
    sources=[Rows("outbox")],
    gauges=[LooksStore, QuarantinesStore],
    providers={"provider": ProviderInjection(_provider), "press": PressProvider()},
    ports=_ports,
    roles=offices_contract.ROLES,
)
