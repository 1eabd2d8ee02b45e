"""How an activity lies in MongoDB: the mapping between the noun and its document, both ways."""

from datetime import date, time
from typing import Any

from booking.model import (
    Activity,
    Afterwards,
    Anchor,
    ChargingMode,
    Counting,
    DayPart,
    DeadlineRule,
    DecisionMode,
    Gauge,
    OpeningPattern,
    OpenOn,
    PartOfDay,
    Unit,
)


def activity_row(activity: Activity) -> dict[str, Any]:
    """Give the document of an activity."""
    pattern = activity.pattern
    return {
        "_id": activity.id,
        "name": activity.name,
        "group": activity.group,
        "centre_ids": list(activity.centre_ids),
        "parts": [_part_row(part) for part in activity.parts],
        "gauges": [{"name": gauge.name, "max": gauge.max} for gauge in activity.gauges],
        "waiting_max": activity.waiting_max,
        "pattern": {
            "weekdays": sorted(pattern.weekdays),
            "on": pattern.on.value,
            "starts_on": pattern.starts_on.isoformat() if pattern.starts_on else None,
            "ends_on": pattern.ends_on.isoformat() if pattern.ends_on else None,
        },
        "booking_deadline": _rule_row(activity.booking_deadline),
        "cancelling_deadline": _rule_row(activity.cancelling_deadline),
        "decision_mode": activity.decision_mode.value,
        "charging_mode": activity.charging_mode.value,
        "needs_enrolment": activity.needs_enrolment,
        "age_min": activity.age_min,
        "age_max": activity.age_max,
        "promotes_late": activity.promotes_late,
    }


def activity_of(row: dict[str, Any]) -> Activity:
    """Read an activity's document."""
    pattern = row["pattern"]
    return Activity(
        id=row["_id"],
        organisation_id=row["organisation_id"],
        name=row["name"],
        group=row["group"],
        centre_ids=tuple(row["centre_ids"]),
        parts=tuple(_part_of(part) for part in row["parts"]),
        gauges=tuple(Gauge(gauge["name"], gauge["max"]) for gauge in row["gauges"]),
        waiting_max=row["waiting_max"],
        pattern=OpeningPattern(
            weekdays=frozenset(pattern["weekdays"]),
            on=OpenOn(pattern["on"]),
            starts_on=date.fromisoformat(pattern["starts_on"]) if pattern["starts_on"] else None,
            ends_on=date.fromisoformat(pattern["ends_on"]) if pattern["ends_on"] else None,
        ),
        booking_deadline=_rule_of(row["booking_deadline"]),
        cancelling_deadline=_rule_of(row["cancelling_deadline"]),
        decision_mode=DecisionMode(row["decision_mode"]),
        charging_mode=ChargingMode(row["charging_mode"]),
        needs_enrolment=row["needs_enrolment"],
        age_min=row["age_min"],
        age_max=row["age_max"],
        promotes_late=row["promotes_late"],
    )


def _part_row(part: PartOfDay) -> dict[str, Any]:
    return {
        "day_part": part.day_part.value,
        "arrives": part.arrives.isoformat("minutes"),
        "leaves": part.leaves.isoformat("minutes"),
        "gauges": list(part.gauges),
    }


def _part_of(row: dict[str, Any]) -> PartOfDay:
    return PartOfDay(
        day_part=DayPart(row["day_part"]),
        arrives=time.fromisoformat(row["arrives"]),
        leaves=time.fromisoformat(row["leaves"]),
        gauges=tuple(row["gauges"]),
    )


def _rule_row(rule: DeadlineRule) -> dict[str, Any]:
    return {
        "anchor": rule.anchor.value,
        "on": rule.on,
        "offset": rule.offset,
        "unit": rule.unit.value,
        "counting": rule.counting.value,
        "weekdays": sorted(rule.weekdays),
        "skip_holidays": rule.skip_holidays,
        "skip_closures": rule.skip_closures,
        "cut_off_minutes": rule.cut_off_minutes,
        "afterwards": rule.afterwards.value,
    }


def _rule_of(row: dict[str, Any]) -> DeadlineRule:
    return DeadlineRule(
        anchor=Anchor(row["anchor"]),
        on=row["on"],
        offset=row["offset"],
        unit=Unit(row["unit"]),
        counting=Counting(row["counting"]),
        weekdays=frozenset(row["weekdays"]),
        skip_holidays=row["skip_holidays"],
        skip_closures=row["skip_closures"],
        cut_off_minutes=row["cut_off_minutes"],
        afterwards=Afterwards(row["afterwards"]),
    )
