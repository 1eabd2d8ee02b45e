"""What other services tell: organisations, children, enrolments. Events may come twice and in any order."""

from booking.copies.model import Child, Enrolment, Organisation
from booking.copies.store import Children, Organisations
from booking.ports import Call, family, identity
from chassis.doors.events import Event, on_event


@on_event("identity", "organisation_changed")
def on_organisation_changed(call: Call, event: Event) -> None:
    """Keep an organisation's name, time zone and look."""
    heard = identity.organisation_changed(event)
    organisation = Organisation(
        event.organisation_id,
        heard.slug,
        heard.name,
        heard.time_zone,
        heard.language,
        heard.colour,
        heard.lines,
    )
    call.store(Organisations).keep(call.scope, organisation, event.sequence)


@on_event("family", "child_changed")
def on_child_changed(call: Call, event: Event) -> None:
    """Keep a child's name, birth date and families."""
    heard = family.child_changed(event)
    child = Child(
        id=heard.child_id,
        organisation_id=event.organisation_id,
        family_ids=tuple(heard.family_ids),
        first_name=heard.first_name,
        last_name=heard.last_name,
        birth_on=heard.birth_on,
    )
    call.store(Children).keep(call.scope, child, event.sequence)


@on_event("family", "enrolment_changed")
def on_enrolment_changed(call: Call, event: Event) -> None:
    """Keep a child's enrolment."""
    heard = family.enrolment_changed(event)
    enrolment = Enrolment(heard.activity_id, heard.school_year, heard.state)
    call.store(Children).keep_enrolment(
        call.scope, heard.child_id, str(heard.enrolment_id), enrolment, event.sequence
    )
