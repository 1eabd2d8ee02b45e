"""Instants: how one is kept, how one is written, and how it is read back. The only place that does it.

An instant is an aware datetime in UTC, cut to milliseconds: neither MongoDB nor the contracts keep more. A
datetime without a zone is refused wherever it appears, since nobody can say when it is.
"""

from datetime import UTC, datetime

_MILLISECOND = 1_000  # in microseconds
_UTC_SUFFIX = "+00:00"


def to_instant(moment: datetime) -> datetime:
    """Return the moment in UTC, cut to milliseconds. ValueError when it has no zone."""
    moment = _in_utc(moment)
    surplus = moment.microsecond % _MILLISECOND
    return moment.replace(microsecond=moment.microsecond - surplus) if surplus else moment


def to_text(moment: datetime) -> str:
    """Return it as every contract writes it, "2026-11-16T08:00:00.000Z". ValueError when it has no zone."""
    return f"{_in_utc(moment).isoformat(timespec='milliseconds').removesuffix(_UTC_SUFFIX)}Z"


def from_text(text: str) -> datetime:
    """Return the instant that an ISO 8601 text names. ValueError when it names none, or has no zone."""
    return to_instant(datetime.fromisoformat(text))


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is UTC:
        return moment
    if moment.tzinfo is None:
        raise ValueError("a datetime without a zone is no instant")
    return moment.astimezone(UTC)
