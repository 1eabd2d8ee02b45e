"""Billing understands what identity says."""

from pathlib import Path

from billing.ports.hears import OrganisationFact
from chassis.testing import golden
from identity import contract

EXAMPLES = Path(contract.__file__).parents[3] / "contract" / "v1"


def test_billing_reads_in_which_zone_an_organisations_documents_are_numbered():
    told = golden.event(EXAMPLES, "organisation_changed")
    organisation = OrganisationFact.read(told.data)
    assert organisation == OrganisationFact(told.organisation_id, "carteville", "Europe/Paris")
    assert "billing" in contract.EVENTS[told.name].subscribers
