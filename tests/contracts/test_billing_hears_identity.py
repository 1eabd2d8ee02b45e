"""Billing understands what identity says."""

import pytest

from billing.ports.identity import OrganisationFact
from tests.contracts import telling

NEEDS = {"organisation_changed": {"slug"}}


@pytest.mark.parametrize("way", telling.events("billing", "identity"), ids=str)
def test_billing_reads_in_which_zone_an_organisations_documents_are_numbered(way):
    organisation = OrganisationFact.read(way.message.data)
    assert (organisation.slug, organisation.time_zone) == ("carteville", "Europe/Paris")


def test_billing_reads_what_its_documents_say_of_who_issues_them():
    told = OrganisationFact.read(telling.example("identity", "organisation_changed.event")["data"])
    assert (told.name, told.colour) == ("Mairie de Carteville", "#0b3c5d")
    assert told.lines == (
        "Service enfance, 12 place du Marché, 99150 Carteville",
        "05 00 00 01 50, lundi à vendredi, 8 h 30 à 12 h",
    )


def test_billing_needs_no_more_than_this():
    assert telling.needs("billing", "identity", lambda told: OrganisationFact.read(told.data)) == NEEDS
