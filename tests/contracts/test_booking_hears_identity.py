"""Booking understands what identity says."""

import pytest

from booking.ports import identity as ports
from chassis.values.event import Event
from tests.contracts import telling

NEEDS = {"organisation_changed": {"organisation_id", "slug", "name", "time_zone"}}


@pytest.mark.parametrize("way", telling.events("booking", "identity"), ids=str)
def test_booking_reads_where_and_in_which_zone_an_organisation_is(way):
    organisation = ports.organisation_changed(way.message)
    assert organisation.organisation_id == way.message.data["organisation_id"]
    assert (organisation.slug, organisation.time_zone) == ("carteville", "Europe/Paris")


def test_booking_needs_no_more_than_this():
    assert telling.needs("booking", "identity", ports.organisation_changed) == NEEDS


def test_booking_reads_what_its_documents_say_of_who_issues_them():
    told = telling.example("identity", "organisation_changed.event")["data"]
    organisation = ports.organisation_changed(Event("e", "x", 1, "o", "o", 1, None, None, "r", told))
    assert organisation.colour == "#0b3c5d"
    assert organisation.lines == (
        "Service enfance, 12 place du Marché, 99150 Carteville",
        "05 00 00 01 50, lundi à vendredi, 8 h 30 à 12 h",
    )
