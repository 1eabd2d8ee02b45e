"""The port to a payment provider: three words that every adapter answers, and what may go wrong."""

from dataclasses import dataclass
from typing import Protocol

from billing.vocabulary import ProviderResult

BUSY = "busy"


class ProviderError(Exception):
    """The provider gave no answer that can be used. `kind`: unreachable | technical | functional | busy.

    `busy` is our own: as many calls as may run at once do, and the provider was not asked.
    """

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(kind, detail)
        self.kind = kind
        self.detail = detail


@dataclass(frozen=True, slots=True)
class PaymentPage:
    """What a provider needs to know to make a page. `reference` is our payment's id.

    `email` is never logged.
    """

    reference: str
    amount_cents: int
    email: str
    label: str
    return_url: str
    notify_url: str


@dataclass(frozen=True, slots=True)
class Page:
    """A payment page and the provider's own name for the payment."""

    provider_reference: str
    page_url: str


class Provider(Protocol):
    """A payment provider. Never called inside a transaction."""

    def create(self, wanted: PaymentPage) -> Page:
        """Return a new page. Called again for the same reference it may be another; the kept one is shown."""

    def look_up(self, provider_reference: str) -> ProviderResult | None:
        """Return what became of a payment; None when the provider does not know it. It only reads."""
