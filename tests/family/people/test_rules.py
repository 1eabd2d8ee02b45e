"""Who of a file is written to."""

from family.people import rules
from family.people.model import Guardian, Pivot


def test_who_has_an_address_is_written_to_and_who_pays_comes_first():
    guardians = [
        Guardian("g1", "town", "G1", "f1", "Ana", "Roy", "ana@example.org"),
        Guardian("g2", "town", "G2", "f1", "Bo", "Roy", "bo@example.org", payer=True),
        Guardian("g3", "town", "G3", "f1", "Cy", "Roy", payer=True),
    ]
    assert [guardian.id for guardian in rules.contacts(guardians)] == ["g2", "g1"]


def test_what_is_told_of_a_person_counts_and_else_what_was_known():
    known, told = Pivot("Petit", ("Ana",)), Pivot(first_names=("Ana", "Lise"), birth_country="99100")
    assert rules.completed(known, told) == Pivot("Petit", ("Ana", "Lise"), birth_country="99100")
