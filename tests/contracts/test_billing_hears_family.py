"""Billing understands what the family service says."""

import pytest

from billing.ports.family import FamilyFact
from tests.contracts import telling

NEEDS = {"family_changed": {"family_id"}}


@pytest.mark.parametrize("way", telling.events("billing", "family"), ids=str)
def test_billing_reads_who_is_charged_and_where_to_write(way):
    family = FamilyFact.read(way.message.data)
    assert (family.family_id, family.name) == (way.message.data["family_id"], "Roy")
    assert [contact.email for contact in family.contacts] == ["ana.roy@carteville.example"]
    assert all(contact.guardian_id and contact.name for contact in family.contacts)


def test_billing_needs_no_more_than_this():
    assert telling.needs("billing", "family", lambda told: FamilyFact.read(told.data)) == NEEDS
