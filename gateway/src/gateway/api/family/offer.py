"""What there is to book: centres, activities, periods."""

from dataclasses import dataclass
from typing import TypeVar

from marshmallow import Schema, validate

from gateway import clients, session
from gateway.api.fields import Asked, Bool, Day, Id, Instant, Int, ListOf, Str, each
from gateway.api.names import CHARGING_MODES, DAY_PARTS, DECISION_MODES
from gateway.api.operation import Resource
from gateway.clients import booking

blueprint = Resource(
    "offer", __name__, description="Centres, activities and periods that the family may book"
)


class Centre(Schema):
    """A place where activities happen."""

    id = Id()
    name = Str()


class Sitting(Schema):
    """A part of the day that an activity offers, with its hours in the organisation's zone."""

    day_part = Str(validate=validate.OneOf(DAY_PARTS))
    arrives_at = Str(allow_none=True, metadata={"example": "07:30"})
    leaves_at = Str(allow_none=True, metadata={"example": "12:00"})


class Activity(Schema):
    """Something a child may attend."""

    id = Id()
    name = Str()
    group = Str()
    centre_ids = ListOf(Id())
    day_parts = each(Sitting)
    charging_mode = Str(validate=validate.OneOf(CHARGING_MODES))
    decision_mode = Str(validate=validate.OneOf(DECISION_MODES))
    needs_enrolment = Bool()
    age_min = Int(allow_none=True)
    age_max = Int(allow_none=True)
    limited = Bool(metadata={"description": "whether capacity is limited"})


class Period(Schema):
    """A span of days that opens to booking at an instant."""

    id = Id()
    name = Str()
    centre_ids = ListOf(Id())
    starts_on = Day()
    ends_on = Day()
    opens_at = Instant(allow_none=True)
    closes_at = Instant(allow_none=True)
    open = Bool()


class EligibleChild(Schema):
    """A child and the activities that the child may attend."""

    id = Id()
    first_name = Str()
    last_name = Str()
    birth_on = Day(allow_none=True)
    activity_ids = ListOf(Id())


class Centres(Schema):
    """All centres."""

    data = each(Centre)


class Activities(Schema):
    """All activities, and which child may attend which."""

    data = each(Activity)
    children = each(EligibleChild)


class Periods(Schema):
    """All periods that can be seen now."""

    data = each(Period)


@dataclass(frozen=True, slots=True)
class OfCentre:
    """Which centre's are asked for; None asks for all."""

    centre: str | None = None


class OfCentreSchema(Asked):
    """One centre's only."""

    into = OfCentre

    centre = Id(required=False)


@dataclass(frozen=True, slots=True)
class EligibleActivities:
    """Activities, and which child may attend which."""

    data: tuple[booking.Activity, ...]
    children: tuple[booking.EligibleChild, ...]


AtCentres = TypeVar("AtCentres", booking.Activity, booking.Period)


def _offer() -> booking.Offer:
    return clients.current().booking.list_offer(session.context())


def _at_centre(rows: tuple[AtCentres, ...], centre_id: str | None) -> tuple[AtCentres, ...]:
    return tuple(row for row in rows if centre_id is None or centre_id in row.centre_ids)


@blueprint.operation("GET", "/centres", policy="family", returns=Centres)
def list_centres() -> dict[str, tuple[booking.Centre, ...]]:
    """List the centres."""
    return {"data": _offer().centres}


@blueprint.operation("GET", "/activities", policy="family", query=OfCentreSchema, returns=Activities)
def list_activities(query: OfCentre) -> EligibleActivities:
    """List the activities, and which child may attend which."""
    offer = _offer()
    return EligibleActivities(_at_centre(offer.activities, query.centre), offer.children)


@blueprint.operation("GET", "/periods", policy="family", query=OfCentreSchema, returns=Periods)
def list_periods(query: OfCentre) -> dict[str, tuple[booking.Period, ...]]:
    """List the periods."""
    return {"data": _at_centre(_offer().periods, query.centre)}
