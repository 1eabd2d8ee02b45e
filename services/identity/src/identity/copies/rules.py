"""Which files are one. In prose: docs/rules/family_files.md."""

from collections.abc import Mapping


def also_called(family_id: str, aliases: Mapping[str, str]) -> tuple[str, ...]:
    """Return the other ids that mean the same file: those merged into it, and that which it was merged into.

    `aliases` are the merged files of the organisation, each with what it was merged into.
    """
    same = _canonical(family_id, aliases)
    others = {same, *aliases} - {family_id}
    return tuple(sorted(each for each in others if _canonical(each, aliases) == same))


def _canonical(family_id: str, aliases: Mapping[str, str]) -> str:
    passed = {family_id}
    while (leads_to := aliases.get(family_id)) is not None and leads_to not in passed:
        family_id = leads_to
        passed.add(family_id)
    return family_id
