"""An enrolment, and what became of it."""

from dataclasses import dataclass
from enum import StrEnum


class EnrolmentState(StrEnum):
    """What became of asking for a place in an activity for a school year."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A child in an activity for a school year such as "2026-2027"."""

    id: str
    organisation_id: str
    child_id: str
    activity_id: str
    school_year: str
    state: EnrolmentState
