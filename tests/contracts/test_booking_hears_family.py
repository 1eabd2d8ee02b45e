"""Booking understands what the family service says."""

from datetime import date

import pytest

from booking.ports import family as ports
from tests.contracts import telling

NEEDS = {
    "child_changed": {"child_id", "family_ids", "first_name", "last_name"},
    "enrolment_changed": {"enrolment_id", "child_id", "activity_id", "school_year", "state"},
}
READERS = {"child_changed": ports.child_changed, "enrolment_changed": ports.enrolment_changed}


@pytest.mark.parametrize("way", telling.events("booking", "family", "child_changed"), ids=str)
def test_booking_reads_whose_a_child_is_and_when_it_was_born(way):
    told = way.message.data
    child = ports.child_changed(way.message)
    assert (child.child_id, list(child.family_ids)) == (told["child_id"], told["family_ids"])
    assert child.birth_on == date(2021, 9, 30)


@pytest.mark.parametrize("way", telling.events("booking", "family", "enrolment_changed"), ids=str)
def test_booking_reads_in_what_a_child_is_enrolled(way):
    told = way.message.data
    enrolment = ports.enrolment_changed(way.message)
    assert (enrolment.child_id, str(enrolment.enrolment_id)) == (told["child_id"], told["enrolment_id"])
    assert (enrolment.activity_id, enrolment.school_year) == (told["activity_id"], "2026-2027")


def test_booking_needs_no_more_than_this():
    assert telling.needs("booking", "family", lambda told: READERS[told.name](told)) == NEEDS
