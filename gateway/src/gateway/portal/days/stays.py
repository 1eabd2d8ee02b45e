"""Bookings as a family reads them: day, then child, then what and from when to when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from gateway import clients, session
from gateway.clients.booking import Confirmation
from gateway.errors import Failed, Refused, Unavailable

SURE = {"accepted", "held"}
HELD_ROWS = 100


class Booked(Protocol):
    """What is told of a booking or of a line of a confirmation."""

    @property
    def day(self) -> str:
        """Its day."""

    @property
    def child_id(self) -> str:
        """Whose it is."""

    @property
    def child_name(self) -> str:
        """What the child is called."""

    @property
    def activity_name(self) -> str:
        """What the activity is called."""

    @property
    def arrives_at(self) -> str | None:
        """From when, such as "07:30"."""

    @property
    def leaves_at(self) -> str | None:
        """Until when."""

    @property
    def rank(self) -> int | None:
        """Where it stands on a waiting list."""


class HeldSeat(Booked, Protocol):
    """What is told of a booking that may wait for its money."""

    @property
    def id(self) -> str:
        """What it is called."""

    @property
    def confirmation_id(self) -> str:
        """The confirmation that it came of."""

    @property
    def state(self) -> str:
        """Where it stands."""


Rows = Iterable[tuple[str, Booked]]
"""Bookings, each with its state."""


@dataclass(frozen=True, slots=True)
class Stay:
    """One child's day: from the first arrival to the last departure, and at which activities.

    `state` is empty where all is sure; what is not sure stands by itself, with its state.
    """

    child: str
    arrives_at: str | None
    leaves_at: str | None
    activities: tuple[str, ...]
    state: str = ""
    rank: int | None = None


def by_day(rows: Rows, names: Mapping[str, str] | None = None) -> dict[str, list[Stay]]:
    """Return bookings under their days; `names` are what children are called at home."""
    sure: dict[tuple[str, str], list[Booked]] = {}
    found: dict[str, list[Stay]] = {}
    for state, row in rows:
        stays = found.setdefault(row.day, [])
        if state in SURE:
            sure.setdefault((row.day, row.child_id), []).append(row)
        else:
            stays.append(_stay([row], names or {}, state, row.rank))
    for (day, _), own in sure.items():
        found[day].append(_stay(own, names or {}))
    return {day: sorted(found[day], key=lambda stay: (stay.child, stay.state)) for day in sorted(found)}


def held() -> dict[str, dict[str, list[Stay]]]:
    """Return the days of seats that wait for their money, by the order that owes it; none while nobody tells.

    A seat that was promoted is an order of its own, under its booking's id; others are their confirmation's.
    """
    try:
        rows = clients.current().booking.list_bookings(session.context(), states=("held",), limit=HELD_ROWS)
    except (Refused, Unavailable, Failed):
        return {}
    return held_of(rows.data, first_names())


def held_of(rows: Iterable[HeldSeat], names: Mapping[str, str]) -> dict[str, dict[str, list[Stay]]]:
    """Return the days of these bookings that wait for their money, by the order that owes it."""
    waiting = [row for row in rows if row.state == "held"]
    orders = {name for row in waiting for name in (row.confirmation_id, row.id)}
    return {
        order: by_day((("held", row) for row in waiting if order in (row.confirmation_id, row.id)), names)
        for order in orders
    }


def of_confirmation(answer: Confirmation) -> dict[str, list[Stay]]:
    """Return the days of a confirmation, by date, then child; by full names while nobody tells the first."""
    return by_day(((line.verdict or "requested", line) for line in answer.lines), first_names())


def first_names() -> dict[str, str]:
    """Return what children are called at home, by their ids; none while nobody tells."""
    try:
        children = clients.current().booking.list_offer(session.context()).children
    except (Refused, Unavailable, Failed):
        children = ()
    return {child.id: child.first_name for child in children}


def _stay(own: list[Booked], names: Mapping[str, str], state: str = "", rank: int | None = None) -> Stay:
    own = sorted(own, key=lambda row: row.arrives_at or "")
    return Stay(
        names.get(own[0].child_id, own[0].child_name),
        min((row.arrives_at for row in own if row.arrives_at), default=None),
        max((row.leaves_at for row in own if row.leaves_at), default=None),
        tuple(dict.fromkeys(row.activity_name for row in own)),
        state,
        rank,
    )
