"""What may be booked: centres, activities, periods, and which child may attend what."""

from dataclasses import dataclass

from gateway.clients.booking.basket import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class EligibleChild:
    """A child, and the activities that the child may attend."""

    id: str
    first_name: str
    last_name: str
    birth_on: str | None = None
    activity_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """A place where activities happen."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """A part of the day that an activity offers; hours such as "07:30", in the organisation's zone."""

    day_part: str
    arrives_at: str | None = None
    leaves_at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Something that a child may attend; `limited` says whether there is a number of seats."""

    id: str
    name: str
    group: str
    centre_ids: tuple[str, ...]
    day_parts: tuple[Sitting, ...]
    charging_mode: str
    decision_mode: str
    needs_enrolment: bool = False
    age_min: int | None = None
    age_max: int | None = None
    limited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A span of days that opens to booking at an instant; without centres it is every centre's."""

    id: str
    name: str
    starts_on: str
    ends_on: str
    open: bool
    centre_ids: tuple[str, ...] = ()
    opens_at: str | None = None
    closes_at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Everything that the family may choose from."""

    children: tuple[EligibleChild, ...]
    centres: tuple[Centre, ...]
    activities: tuple[Activity, ...]
    periods: tuple[Period, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferAndDraft(Offer):
    """The offer together with the account's open draft, in one call."""

    draft: Draft
