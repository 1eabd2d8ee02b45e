"""What may be booked: centres, activities, periods, and which child may attend what.

No field has a default: all have been in booking's contract from its first version on, and what is read by
position costs a third less. A field that comes later gets one.
"""

from dataclasses import dataclass

from gateway.clients.booking.basket import Draft


@dataclass(frozen=True, slots=True)
class EligibleChild:
    """A child, and the activities that the child may attend."""

    id: str
    first_name: str
    last_name: str
    birth_on: str | None
    activity_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Centre:
    """A place where activities happen."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Sitting:
    """A part of the day that an activity offers; hours such as "07:30", in the organisation's zone."""

    day_part: str
    arrives_at: str | None
    leaves_at: str | None


@dataclass(frozen=True, slots=True)
class Activity:
    """Something that a child may attend; `limited` says whether there is a number of seats."""

    id: str
    name: str
    group: str
    centre_ids: tuple[str, ...]
    day_parts: tuple[Sitting, ...]
    charging_mode: str
    decision_mode: str
    needs_enrolment: bool
    age_min: int | None
    age_max: int | None
    limited: bool


@dataclass(frozen=True, slots=True)
class Period:
    """A span of days that opens to booking at an instant; without centres it is every centre's."""

    id: str
    name: str
    starts_on: str
    ends_on: str
    open: bool
    centre_ids: tuple[str, ...]
    opens_at: str | None
    closes_at: str | None


@dataclass(frozen=True, slots=True)
class Offer:
    """Everything that the family may choose from."""

    children: tuple[EligibleChild, ...]
    centres: tuple[Centre, ...]
    activities: tuple[Activity, ...]
    periods: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class OfferAndDraft(Offer):
    """The offer together with the account's open draft, in one call."""

    draft: Draft
