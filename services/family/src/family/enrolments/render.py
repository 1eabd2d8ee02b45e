"""From an enrolment to what is replied and told."""

from typing import Any

from family.enrolments.model import Enrolment


def enrolment_view(enrolment: Enrolment) -> dict[str, Any]:
    """Make the view of an enrolment."""
    return {
        "id": enrolment.id,
        "child_id": enrolment.child_id,
        "activity_id": enrolment.activity_id,
        "school_year": enrolment.school_year,
        "state": enrolment.state.value,
    }


def enrolment_changed(enrolment: Enrolment) -> dict[str, Any]:
    """Make the data of the event of the same name."""
    view = enrolment_view(enrolment)
    return {"enrolment_id": view.pop("id"), **view}
