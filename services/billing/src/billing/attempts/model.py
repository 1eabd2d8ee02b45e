"""Online payments, from the intent to the money."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from billing.offices.model import CashOffice


class PaymentState(StrEnum):
    """Where a payment stands; only `paid` and `quarantined` never change again."""

    CREATED = "created"  # the intent is kept, the provider may not know it yet
    REDIRECTED = "redirected"  # the provider gave a page
    CHECKING = "checking"  # a look-up found it undecided
    PAID = "paid"
    REFUSED = "refused"
    ABANDONED = "abandoned"
    EXPIRED = "expired"
    QUARANTINED = "quarantined"  # the provider's amount or reference is not the intent's


OPEN_PAYMENT_STATES = frozenset({PaymentState.CREATED, PaymentState.REDIRECTED, PaymentState.CHECKING})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a look-up does to a payment."""

    state: PaymentState
    look_up_at: datetime | None


@dataclass(frozen=True, slots=True)
class Payment:
    """One attempt to pay one part of a settlement; its id is the reference given to the provider."""

    id: str
    settlement_id: str
    family_id: str
    account_id: str
    office: CashOffice
    amount_cents: int
    state: PaymentState
    body_sha256: str
    started_at: datetime
    expires_at: datetime
    payer: str = ""
    provider_reference: str | None = None
    page_url: str | None = None
    receipt_number: str | None = None
    authorisation: str | None = None
    paid_at: datetime | None = None
    look_up_at: datetime | None = None
    look_ups: int = 0


@dataclass(frozen=True, slots=True)
class PaymentAsk:
    """A person's wish to pay a settlement.

    Or one cash office's part of it. `payer` is the name for the history.
    """

    payment_id: str
    settlement_id: str
    cash_office_id: str | None
    account_id: str
    body_sha256: str
    payer: str
