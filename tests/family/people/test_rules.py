"""Who of a file is written to."""

from family.people import rules
from family.people.model import Guardian


def test_who_has_an_address_is_written_to_and_who_pays_comes_first():
    guardians = [
        Guardian("g1", "town", "G1", "f1", "Ana", "Roy", "ana@example.org"),
        Guardian("g2", "town", "G2", "f1", "Bo", "Roy", "bo@example.org", payer=True),
        Guardian("g3", "town", "G3", "f1", "Cy", "Roy", payer=True),
    ]
    assert [guardian.id for guardian in rules.contacts(guardians)] == ["g2", "g1"]
