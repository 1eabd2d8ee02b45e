"""Days as a calendar that phones and computers take (RFC 5545): an event for each child's booking. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from gateway.portal.days.stays import Booked

HEADERS: Final = {"Content-Disposition": 'attachment; filename="days.ics"'}
LINE_BYTES: Final = 74
STAMP: Final = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Event:
    """One stay of one child; without hours it takes the whole day."""

    id: str
    title: str
    place: str
    day: str
    arrives_at: str | None
    leaves_at: str | None


def event(id_: str, row: Booked, place: str) -> Event:
    """Return a booking as an event."""
    title = f"{row.child_name}, {row.activity_name}"
    return Event(id_, title, place, row.day, row.arrives_at, row.leaves_at)


def calendar(events: Iterable[Event], zone: str, now: datetime) -> str:
    """Return a calendar file; hours are those of the time zone, written in UTC."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Marelle//Portal//FR", "CALSCALE:GREGORIAN"]
    for event in events:
        lines += _event(event, zone, now)
    lines.append("END:VCALENDAR")
    return "".join(_folded(line) + "\r\n" for line in lines)


def _event(event: Event, zone: str, now: datetime) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{event.id}@marelle",
        f"DTSTAMP:{now.astimezone(UTC).strftime(STAMP)}",
        *_span(event, zone),
        f"SUMMARY:{_escaped(event.title)}",
        f"LOCATION:{_escaped(event.place)}",
        "END:VEVENT",
    ]


def _span(event: Event, zone: str) -> list[str]:
    if not event.arrives_at or not event.leaves_at:
        return [f"DTSTART;VALUE=DATE:{event.day.replace('-', '')}"]
    begins, ends = (
        datetime.fromisoformat(f"{event.day}T{hour}").replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        for hour in (event.arrives_at, event.leaves_at)
    )
    return [f"DTSTART:{begins.strftime(STAMP)}", f"DTEND:{ends.strftime(STAMP)}"]


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> str:
    """Return a line as several of at most 75 bytes, none of them cut within a letter."""
    pieces, piece = [], ""
    for sign in line:
        if len((piece + sign).encode()) > LINE_BYTES:
            pieces.append(piece)
            piece = " "
        piece += sign
    return "\r\n".join([*pieces, piece])
