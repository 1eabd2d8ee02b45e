"""Who of a file is written to. In prose: docs/rules/family_files.md."""

from collections.abc import Iterable

from family.people.model import Guardian


def contacts(guardians: Iterable[Guardian]) -> list[Guardian]:
    """Choose who is written to: the guardians with an address, payers first, then by reference."""
    reachable = [guardian for guardian in guardians if guardian.email]
    return sorted(reachable, key=lambda guardian: (not guardian.payer, guardian.reference))
