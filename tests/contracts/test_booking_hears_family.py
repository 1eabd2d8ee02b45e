"""Booking understands what the family service says."""

from datetime import date
from pathlib import Path

from booking import ports
from chassis.testing import golden
from family import contract

EXAMPLES = Path(contract.__file__).parents[3] / "contract" / "v1"


def test_booking_reads_whose_a_child_is_and_when_it_was_born():
    told = golden.event(EXAMPLES, "child_changed")
    child = ports.child_changed(told)
    assert (child.id, list(child.family_ids)) == (told.data["child_id"], told.data["family_ids"])
    assert child.birth_on == date(2021, 9, 30)
    assert "booking" in contract.EVENTS[told.name].subscribers


def test_booking_reads_in_what_a_child_is_enrolled():
    told = golden.event(EXAMPLES, "enrolment_changed")
    child_id, enrolment_id, enrolment = ports.enrolment_changed(told)
    assert (child_id, enrolment_id) == (told.data["child_id"], told.data["enrolment_id"])
    assert (enrolment.activity_id, enrolment.school_year) == (told.data["activity_id"], "2026-2027")
    assert "booking" in contract.EVENTS[told.name].subscribers
