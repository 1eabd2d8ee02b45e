"""Notify understands what the family service says."""

from pathlib import Path

from chassis.testing import golden
from family import contract
from notify import ports

EXAMPLES = Path(contract.__file__).parents[3] / "contract" / "v1"


def test_notify_reads_to_whom_it_writes_and_in_which_language():
    told = golden.event(EXAMPLES, "family_changed")
    family = ports.read_family(told.data)
    assert (family.id, family.language) == (told.data["family_id"], "fr")
    assert [contact.email for contact in family.contacts] == ["ana.roy@carteville.example"]
    assert "notify" in contract.EVENTS[told.name].subscribers
