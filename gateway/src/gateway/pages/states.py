"""The words for what a day of a planning is, in cells and in the legend.

Icons and colours stand beside their words, since none of the three is ever shown alone.
"""

from functools import cache
from typing import Final, NamedTuple

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l


class Look(NamedTuple):
    """How a state is shown: its colour's class, icons, word in a cell, name and meaning in the legend.

    `brief` is the word of a cell on a phone, empty where the icon is enough.
    """

    css: str
    icons: tuple[str, ...]
    brief: str
    word: str
    name: str
    meaning: str


# With one activity selected: the eight states of a day.
STATES: Final = {
    "closed": (
        "closed",
        ("dash-lg",),
        _l("closed"),
        _l("Closed"),
        _l("Closed or too late"),
        _l("The activity is not open, or the time to book is over."),
    ),
    "full": (
        "full",
        ("slash-circle",),
        _l("full"),
        _l("Full"),
        _l("Full"),
        _l("No seat is left, and the waiting list is full too."),
    ),
    "open": (
        "open",
        ("plus-lg",),
        _l("free"),
        _l("Available"),
        _l("Available"),
        _l("You can book; the number of seats left is shown where it is limited."),
    ),
    "waiting_open": (
        "waiting_open",
        ("hourglass",),
        _l("list"),
        _l("Waiting list"),
        _l("Waiting list open"),
        _l("Full, but you can put your child on the waiting list."),
    ),
    "booked": ("booked", ("check-lg",), "", _l("Booked"), _l("Booked"), _l("You can still cancel.")),
    "waitlisted": (
        "waitlisted",
        ("hourglass-split",),
        _l("waiting"),
        _l("Waiting"),
        _l("On the waiting list"),
        _l("You can still leave the list."),
    ),
    "booked_locked": (
        "booked_locked",
        ("check-lg", "lock-fill"),
        "",
        _l("Booked"),
        _l("Booked, locked"),
        _l("It is too late to cancel."),
    ),
    "waitlisted_locked": (
        "waitlisted_locked",
        ("hourglass-split", "lock-fill"),
        _l("waiting"),
        _l("Waiting"),
        _l("Waiting, locked"),
        _l("It is too late to leave the list."),
    ),
}
# With no activity selected: all activities of the child together, in the same colours.
AGGREGATES: Final = {
    "none_open": (
        "closed",
        ("dash-lg",),
        _l("nothing"),
        _l("Nothing open"),
        _l("No activity open"),
        _l("No activity is open, or it is too late for those that are."),
    ),
    "all_full": (
        "full",
        ("slash-circle",),
        _l("full"),
        _l("All full"),
        _l("Everything is full"),
        _l("All activities are full, and their waiting lists too."),
    ),
    "some_open": (
        "open",
        ("plus-lg",),
        _l("free"),
        _l("Possible"),
        _l("Booking possible"),
        _l("At least one activity is open; none is booked."),
    ),
    "some_waiting": (
        "waiting_open",
        ("hourglass",),
        _l("list"),
        _l("Seats or list"),
        _l("Seats or waiting list"),
        _l("Some activities have only room on their waiting list; none is booked."),
    ),
    "booked": (
        "booked",
        ("check-lg",),
        "",
        _l("Booked"),
        _l("Booked, can be changed"),
        _l("At least one activity is booked, and changes are possible."),
    ),
    "booked_waiting": (
        "waitlisted",
        ("hourglass-split",),
        _l("list"),
        _l("Booked, list"),
        _l("Booked, with a waiting list"),
        _l("Changes are possible; at least one activity is or would be on a waiting list."),
    ),
    "booked_locked": (
        "booked_locked",
        ("check-lg", "lock-fill"),
        "",
        _l("Booked"),
        _l("Booked, fixed"),
        _l("Booked; nothing can be changed any more."),
    ),
    "booked_waiting_locked": (
        "waitlisted_locked",
        ("hourglass-split", "lock-fill"),
        _l("list"),
        _l("Booked, list"),
        _l("Booked with a waiting list, fixed"),
        _l("Booked, at least one on a waiting list; nothing can be changed any more."),
    ),
}
MARKS: Final = {
    "held": (("coin",), _l("pay"), _l("To pay"), _l("The seat is kept until you have paid.")),
    "requested": (("clock",), _l("asked"), _l("Request pending"), _l("The organisation will answer.")),
    "submitted": (
        ("inbox",),
        _l("later"),
        _l("To be allotted"),
        _l("Seats will be allotted later, all together."),
    ),
    "cancellation_requested": (
        ("x-lg", "clock"),
        _l("asked"),
        _l("Cancellation asked"),
        _l("The organisation will answer."),
    ),
}
# Why a day is closed: on a phone, and in a cell.
CLOSED: Final = {
    "past_deadline": (_l("too late"), _l("Time is over")),
    "past": (_l("past"), _l("Day over")),
    "not_enrolled": (_l("closed"), _l("Not enrolled")),
    "age": (_l("closed"), _l("Not for this age")),
}


class MarkLook(NamedTuple):
    """How a mark on a booked day is shown: icons, word on a phone, word, meaning in the legend."""

    icons: tuple[str, ...]
    brief: str
    word: str
    meaning: str


@cache
def looks(language: str, *, aggregate: bool) -> dict[str, Look]:
    """Return how each state is shown, in one language; made once, since a month asks for it often."""
    with force_locale(language):
        table = AGGREGATES if aggregate else STATES
        return {
            state: Look(css, icons, *(str(text) for text in texts))
            for state, (css, icons, *texts) in table.items()
        }


@cache
def marks(language: str) -> dict[str, MarkLook]:
    """Return icons, words and meaning of the marks on booked days."""
    with force_locale(language):
        return {
            mark: MarkLook(icons, *(str(text) for text in texts)) for mark, (icons, *texts) in MARKS.items()
        }


@cache
def closed(language: str) -> dict[str, tuple[str, str]]:
    """Return the words for a closed day, by its reason: on a phone and in full."""
    with force_locale(language):
        return {reason: (str(brief), str(word)) for reason, (brief, word) in CLOSED.items()}
