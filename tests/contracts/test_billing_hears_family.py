"""Billing understands what the family service says."""

from pathlib import Path

from billing.ports.hears import FamilyFact
from chassis.testing import golden
from family import contract

EXAMPLES = Path(contract.__file__).parents[3] / "contract" / "v1"


def test_billing_reads_who_is_charged_and_where_to_write():
    told = golden.event(EXAMPLES, "family_changed")
    family = FamilyFact.read(told.data)
    assert (family.family_id, family.name) == (told.data["family_id"], "Roy")
    assert family.contacts == told.data["contacts"]
    assert "billing" in contract.EVENTS[told.name].subscribers
