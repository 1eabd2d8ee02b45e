"""Booking understands what identity says."""

from pathlib import Path

from booking import ports
from chassis.testing import golden
from identity import contract

EXAMPLES = Path(contract.__file__).parents[3] / "contract" / "v1"


def test_booking_reads_where_and_in_which_zone_an_organisation_is():
    told = golden.event(EXAMPLES, "organisation_changed")
    organisation = ports.organisation_changed(told)
    assert organisation.id == told.data["organisation_id"]
    assert (organisation.slug, organisation.time_zone) == ("carteville", "Europe/Paris")
    assert "booking" in contract.EVENTS[told.name].subscribers
