"""What billing needs of others, in its own words: the payment provider, and the events that it hears.

Readers are tolerant: they take what they need and leave the rest.
"""

from billing.ports.desk import ProviderDesk
from billing.ports.hears import BookingFact, FamilyFact, OrganisationFact
from billing.ports.provider import Page, PaymentPage, Provider, ProviderError
from billing.ports.simulator import Simulator

__all__ = [
    "BookingFact",
    "FamilyFact",
    "OrganisationFact",
    "Page",
    "PaymentPage",
    "Provider",
    "ProviderDesk",
    "ProviderError",
    "Simulator",
]
