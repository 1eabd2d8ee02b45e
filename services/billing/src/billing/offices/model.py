"""A cash office."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class CashOffice:
    """A régie de recettes; no money crosses from one to another."""

    id: str
    reference: str
    name: str
