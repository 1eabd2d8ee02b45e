"""What other services tell: organisations, children, enrolments. Events may come twice and in any order."""

from booking.desk import Desk
from booking.ports import family, identity
from chassis.doors.events import Event


def on_organisation_changed(desk: Desk, event: Event) -> None:
    """Keep an organisation's name and time zone."""
    organisation = identity.organisation_changed(event)
    desk.store.organisations.keep(event.context("booking"), organisation, event.sequence)


def on_child_changed(desk: Desk, event: Event) -> None:
    """Keep a child's name, birth date and families."""
    desk.store.children.keep(event.context("booking"), family.child_changed(event), event.sequence)


def on_enrolment_changed(desk: Desk, event: Event) -> None:
    """Keep a child's enrolment."""
    child_id, enrolment_id, enrolment = family.enrolment_changed(event)
    desk.store.children.keep_enrolment(
        event.context("booking"), child_id, enrolment_id, enrolment, event.sequence
    )
