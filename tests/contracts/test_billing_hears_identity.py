"""Billing understands what identity says."""

import pytest

from billing.ports.identity import OrganisationFact
from tests.contracts import telling

NEEDS = {"organisation_changed": {"slug"}}


@pytest.mark.parametrize("way", telling.events("billing", "identity"), ids=str)
def test_billing_reads_in_which_zone_an_organisations_documents_are_numbered(way):
    organisation = OrganisationFact.read(way.message.data)
    assert organisation == OrganisationFact("carteville", "Europe/Paris")


def test_billing_needs_no_more_than_this():
    assert telling.needs("billing", "identity", lambda told: OrganisationFact.read(told.data)) == NEEDS
