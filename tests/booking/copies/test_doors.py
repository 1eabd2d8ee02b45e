"""What other services tell, heard by the doors of the copies, with fakes of their stores."""

from datetime import date

from booking.copies import doors
from booking.copies.model import Enrolment, Organisation
from chassis.doors.call import call_of_event
from chassis.values.event import Event


def told(town, handler, event_name, **data):
    event = Event("e", event_name, 1, "town", "a", 3, town.clock.now(), None, "r", data)
    handler(call_of_event(town.tools, event), event)


def test_an_organisation_is_kept_with_the_sequence_in_which_it_was_told(town):
    told(
        town,
        doors.on_organisation_changed,
        "organisation_changed",
        organisation_id="town",
        slug="t",
        name="T",
        time_zone="Europe/Paris",
    )
    kept, sequence = town.organisations.kept["town"]
    assert (kept, sequence) == (Organisation("town", "t", "T", "Europe/Paris", "fr"), 3)


def test_a_child_and_its_enrolment_are_kept(town):
    told(
        town,
        doors.on_child_changed,
        "child_changed",
        child_id="ida",
        family_ids=["petit"],
        first_name="Ida",
        last_name="Petit",
        birth_on="2019-05-02",
    )
    told(
        town,
        doors.on_enrolment_changed,
        "enrolment_changed",
        enrolment_id="3aedab52-1833-5ece-817f-3103099bd011",
        child_id="ida",
        activity_id="evening",
        school_year="2026-2027",
        state="accepted",
    )
    ida = town.children.kept["ida"]
    assert (ida.family_ids, ida.birth_on) == (("petit",), date(2019, 5, 2))
    assert ida.enrolments == (Enrolment("evening", "2026-2027", "accepted"),)
