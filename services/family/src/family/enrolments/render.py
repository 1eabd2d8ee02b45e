"""From an enrolment to what is replied and told."""

from chassis.storage.documents import Document
from family.enrolments.model import Enrolment


def enrolment_view(enrolment: Enrolment) -> Document:
    """Make the view of an enrolment."""
    return {
        "id": enrolment.id,
        "child_id": enrolment.child_id,
        "activity_id": enrolment.activity_id,
        "school_year": enrolment.school_year,
        "state": enrolment.state.value,
    }


def enrolment_changed(enrolment: Enrolment) -> Document:
    """Make the data of the event of the same name."""
    view = enrolment_view(enrolment)
    return {"enrolment_id": view.pop("id"), **view}
