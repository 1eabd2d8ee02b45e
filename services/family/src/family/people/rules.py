"""Who of a file is written to, and what is known of a person. In prose: docs/rules/family_files.md."""

from collections.abc import Iterable
from dataclasses import fields

from family.people.model import Guardian, Pivot


def contacts(guardians: Iterable[Guardian]) -> list[Guardian]:
    """Choose who is written to: the guardians with an address, payers first, then by reference."""
    reachable = [guardian for guardian in guardians if guardian.email]
    return sorted(reachable, key=lambda guardian: (not guardian.payer, guardian.reference))


def completed(known: Pivot, told: Pivot) -> Pivot:
    """Return the pivot fields after an import: what it says of a person, and else what was known."""
    values = {each.name: getattr(told, each.name) or getattr(known, each.name) for each in fields(Pivot)}
    return Pivot(**values)
