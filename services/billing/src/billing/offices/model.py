"""A cash office, and what an organisation decides about its money."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class CashOffice:
    """A régie de recettes; no money crosses from one to another."""

    id: str
    reference: str
    name: str


@dataclass(frozen=True, slots=True)
class BillingSettings:
    """What an organisation decides about its money. `version` counts the changes.

    `quote_minutes` is how long the prices of a review are promised, `payment_page_minutes` how long who
    asks to pay again is given the same page. `estimated_days` is how far ahead the balance
    page looks when nobody chooses a day.
    """

    version: int = 0
    quote_minutes: int = 30
    payment_page_minutes: int = 15
    estimated_days: int = 31
