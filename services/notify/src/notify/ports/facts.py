"""What letters need of an event, whoever told it."""

from collections.abc import Mapping
from typing import Any

from notify.ports import billing, booking


def read_fact(event: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what letters need of the event's data, dates as dates; UnreadableFact when something lacks."""
    return booking.read_fact(event, data) if event in booking.FACTS else billing.read_fact(event, data)
