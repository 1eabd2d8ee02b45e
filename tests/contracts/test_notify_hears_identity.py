"""Notify understands what identity says."""

import pytest

from notify.ports import identity as ports
from tests.contracts import telling

NEEDS = {"organisation_changed": {"organisation_id", "name", "slug", "time_zone"}}


@pytest.mark.parametrize("way", telling.events("notify", "identity"), ids=str)
def test_notify_reads_who_writes_and_in_which_zone(way):
    organisation = ports.read_organisation(way.message.data)
    assert organisation.id == way.message.organisation_id
    assert (organisation.name, organisation.time_zone) == ("Mairie de Carteville", "Europe/Paris")


def test_notify_needs_no_more_than_this():
    assert telling.needs("notify", "identity", lambda told: ports.read_organisation(told.data)) == NEEDS
