"""Notify understands what identity says."""

from pathlib import Path

from chassis.testing import golden
from identity import contract
from notify import ports

EXAMPLES = Path(contract.__file__).parents[3] / "contract" / "v1"


def test_notify_reads_who_writes_and_in_which_zone():
    told = golden.event(EXAMPLES, "organisation_changed")
    organisation = ports.read_organisation(told.data)
    assert (organisation.id, organisation.name) == (told.organisation_id, "Mairie de Carteville")
    assert "notify" in contract.EVENTS[told.name].subscribers
