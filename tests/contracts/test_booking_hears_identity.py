"""Booking understands what identity says."""

import pytest

from booking.ports import identity as ports
from tests.contracts import telling

NEEDS = {"organisation_changed": {"organisation_id", "slug", "name", "time_zone"}}


@pytest.mark.parametrize("way", telling.events("booking", "identity"), ids=str)
def test_booking_reads_where_and_in_which_zone_an_organisation_is(way):
    organisation = ports.organisation_changed(way.message)
    assert organisation.organisation_id == way.message.data["organisation_id"]
    assert (organisation.slug, organisation.time_zone) == ("carteville", "Europe/Paris")


def test_booking_needs_no_more_than_this():
    assert telling.needs("booking", "identity", ports.organisation_changed) == NEEDS
