"""What follows from guardianships, and which follow from files. In prose: docs/rules/family_files.md."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date

from family.children.model import Child
from family.guardianships.model import Guardianship
from family.people.model import Guardian

NewId = Callable[[str, str], str]
"""Gives the id of the guardianship of an adult and a child: always the same."""


def is_standing(guardianship: Guardianship, on: date) -> bool:
    """Return whether a guardianship holds on a day; its first and its last day count."""
    begun = guardianship.from_on is None or guardianship.from_on <= on
    return begun and (guardianship.to_on is None or on <= guardianship.to_on)


def families_of(
    guardianships: Iterable[Guardianship], adults: Mapping[str, Guardian], on: date
) -> tuple[str, ...]:
    """Return the files of a child on a day: those of the adults who see it, each once, in their order."""
    seen = [
        adults[each.adult_id].family_id
        for each in guardianships
        if each.sees and each.adult_id in adults and is_standing(each, on)
    ]
    return tuple(dict.fromkeys(seen))


def implied(child: Child, adults: Iterable[Guardian], id_of: NewId) -> list[Guardianship]:
    """Return what follows from the files of a child: each of their adults books, sees and collects it.

    Who pays is who pays the bills of the file.
    """
    return [
        Guardianship(
            id=id_of(adult.id, child.id),
            organisation_id=child.organisation_id,
            adult_id=adult.id,
            child_id=child.id,
            pays=adult.payer,
        )
        for adult in adults
        if adult.family_id in child.told_family_ids
    ]


def in_files(
    child: Child, guardianships: Iterable[Guardianship], adults: Collection[Guardian], on: date
) -> Child:
    """Return a child that an import tells in the files where it belongs on a day.

    Those are the files of the adults who see it, in the order in which they are named; a file that is named
    and has no adult yet has the child too. What was named stands beside, where that is not the same.
    """
    seen = families_of(guardianships, {each.id: each for each in adults}, on)
    peopled = {each.family_id for each in adults}
    named = [each for each in child.family_ids if each in seen or each not in peopled]
    files = tuple(dict.fromkeys((*named, *seen)))
    if files == child.family_ids:
        return child
    return replace(child, family_ids=files, named_family_ids=child.family_ids)


def to_keep(
    standing: Iterable[Guardianship], following: Iterable[Guardianship]
) -> tuple[list[Guardianship], list[str]]:
    """Return what is to be written, and the ids of what is to go, so that what follows from files stands.

    What somebody stated stays as it is.
    """
    before = {each.id: each for each in standing}
    wanted = {each.id: each for each in following}
    stated = {each.id for each in before.values() if each.stated}
    changed = [each for each in wanted.values() if each.id not in stated and before.get(each.id) != each]
    return changed, [each for each in before if each not in wanted and each not in stated]
