"""What booking tells, as far as billing needs it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class BookingFact:
    """What booking tells of one booking; `raw` is all of it, to be handed on with a request to pay."""

    booking_id: str
    family_id: str
    activity_id: str
    activity_group: str
    day: date
    charging_mode: str
    child_id: str
    day_part: str
    was: str
    in_time: bool
    closed: bool
    to: str | None
    held_until: datetime | None
    raw: dict[str, Any]

    @property
    def charged_later(self) -> bool:
        """Tell whether the booking is charged by invoice or when it is consumed, and not at once."""
        return self.charging_mode in ("invoiced", "wallet")

    @classmethod
    def read(cls, data: dict[str, Any]) -> Self:
        """Return what any of booking's events tells; KeyError or ValueError when it lacks what is needed."""
        held_until = data.get("held_until")
        return cls(
            booking_id=data["booking_id"],
            family_id=data["family_id"],
            activity_id=data["activity_id"],
            activity_group=data["activity_group"],
            day=date.fromisoformat(data["day"]),
            charging_mode=data["charging_mode"],
            child_id=data.get("child_id", ""),
            day_part=data.get("day_part", "day"),
            was=data.get("was", ""),
            in_time=data.get("in_time") is True,
            closed=data.get("closing_id") is not None,
            to=data.get("to"),
            held_until=datetime.fromisoformat(held_until).astimezone(UTC) if held_until else None,
            raw=data,
        )
