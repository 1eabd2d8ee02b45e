"""Notify understands what the family service says."""

import pytest

from notify.ports import family as ports
from tests.contracts import telling

NEEDS = {"family_changed": {"family_id", "name", "language", "contacts", "contacts.name", "contacts.email"}}


@pytest.mark.parametrize("way", telling.events("notify", "family"), ids=str)
def test_notify_reads_to_whom_it_writes_and_in_which_language(way):
    family = ports.read_family(way.message.data)
    assert (family.id, family.language) == (way.message.data["family_id"], "fr")
    assert [contact.email for contact in family.contacts] == ["ana.roy@carteville.example"]


def test_notify_needs_no_more_than_this():
    assert telling.needs("notify", "family", lambda told: ports.read_family(told.data)) == NEEDS
