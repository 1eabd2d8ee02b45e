"""A payment: money that came, where it went, and who took it. It never changes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from billing.offices.model import CashOffice


class Method(StrEnum):
    """How money came."""

    ONLINE = "online"
    CASH = "cash"
    CHEQUE = "cheque"
    CARD = "card"  # at the terminal of a desk
    CESU = "cesu"


@dataclass(frozen=True, slots=True)
class Allocation:
    """Cents of a payment that settle the part of one settlement at the payment's cash office."""

    settlement_id: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that came in at one cash office; undone by a counter-payment alone.

    What no settlement needs is not allocated: it is a credit note that names the payment. `cashier` is the
    account of who took it at a desk, `attempt_id` the try by which it came online, `reference` what the
    provider or the cheque calls it, `undoes` the payment that a counter-payment undoes. `receipt_number` is
    empty until the transaction that keeps the payment allots it.
    """

    id: str
    family_id: str
    office: CashOffice
    method: Method
    amount_cents: int
    received_at: datetime
    payer: str = ""
    cashier: str | None = None
    allocations: tuple[Allocation, ...] = ()
    receipt_number: str = ""
    reference: str | None = None
    attempt_id: str | None = None
    undoes: str | None = None
