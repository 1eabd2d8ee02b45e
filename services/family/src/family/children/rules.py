"""Who may be a child in care, and of which files. In prose: docs/rules/family_files.md."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from family.children.model import Child

FAMILIES_OF_CHILD_MAX = 2
LEAP_YEAR = timedelta(days=366)


def is_birth_plausible(birth_on: date, today: date, age_max_years: int) -> bool:
    """Return whether a child in care today may have been born that day; a day ahead is zones' difference."""
    return today - age_max_years * LEAP_YEAR <= birth_on <= today + timedelta(days=1)


def families_fault(references: Sequence[str], known: Iterable[str]) -> str | None:
    """Say why a child can't belong to these files, or None."""
    if not 1 <= len(references) <= FAMILIES_OF_CHILD_MAX:
        return f"A child belongs to one or {FAMILIES_OF_CHILD_MAX} families."
    if len(set(references)) < len(references):
        return "The same family twice."
    if not set(references) <= set(known):
        return "No family has this reference."
    return None


def as_told(child: Child) -> Child:
    """Return the child in the files that an import named, whoever sees it."""
    return replace(child, family_ids=child.told_family_ids, named_family_ids=())


def as_named(stored: Child, told: Child) -> Child:
    """Return the child as it is to be kept: what an import named, once kept apart, is kept apart for good."""
    if stored.named_family_ids and not told.named_family_ids:
        return replace(told, named_family_ids=told.family_ids)
    return told


def is_shared(child: Child) -> bool:
    """Return whether a second family has a part in the child."""
    return len(child.family_ids) > 1
