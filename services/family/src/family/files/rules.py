"""Which files are one: a merge is an alias, and whoever names an alias means the file that it leads to."""

from collections.abc import Mapping


def canonical(family_id: str, aliases: Mapping[str, str]) -> str:
    """Return the file that an id leads to: itself, unless it was merged into another."""
    passed = {family_id}
    while (leads_to := aliases.get(family_id)) is not None and leads_to not in passed:
        family_id = leads_to
        passed.add(family_id)
    return family_id


def names_of(family_id: str, aliases: Mapping[str, str]) -> tuple[str, ...]:
    """Return all ids that mean the same file as `family_id`, the one that they lead to first."""
    leads_to = canonical(family_id, aliases)
    others = [each for each in aliases if each != leads_to and canonical(each, aliases) == leads_to]
    return (leads_to, *sorted(others))


def merge_fault(from_id: str, into_id: str, aliases: Mapping[str, str]) -> str | None:
    """Say why a file can't be merged into another, or None."""
    if from_id in aliases:
        return "This file is merged already."
    if canonical(into_id, aliases) == from_id:
        return "A file can't be merged into itself."
    return None
