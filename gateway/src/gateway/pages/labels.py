"""The words for what services answer: states, marks, verdicts, reasons, parts of the day.

Texts are looked up in the reader's language when asked for; icons and colours stand beside their words, since
none of the three is ever shown alone.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from gateway.clients.identity import Membership
from gateway.pages.texts import gettext

DEVICE_SHOWN: Final = 60


# What became, or will become, of a line: colour of the badge, icons, word.
VERDICTS: Final = {
    "accepted": ("ok", ("check-lg",), _l("Accepted")),
    "held": ("pay", ("coin",), _l("To pay")),
    "requested": ("wait", ("clock",), _l("Request pending")),
    "submitted": ("wait", ("inbox",), _l("To be allotted")),
    "waitlisted": ("list", ("hourglass-split",), _l("On the waiting list")),
    "refused": ("no", ("slash-circle",), _l("Refused")),
    "cancellation_requested": ("wait", ("x-lg", "clock"), _l("Cancellation asked")),
    "cancelled": ("off", ("x-lg",), _l("Cancelled")),
    "expired": ("off", ("x-circle",), _l("Expired")),
}
# The same before anything is confirmed.
EXPECTED: Final = {
    "accepted": ("ok", ("check-lg",), _l("Will be accepted")),
    "held": ("pay", ("coin",), _l("Kept until you pay")),
    "requested": ("wait", ("clock",), _l("Will be requested")),
    "submitted": ("wait", ("inbox",), _l("Will be allotted later")),
    "waitlisted": ("list", ("hourglass-split",), _l("Will go on the waiting list")),
    "refused": ("no", ("slash-circle",), _l("Will be refused")),
    "cancelled": ("off", ("x-lg",), _l("Will be cancelled")),
    "cancellation_requested": ("wait", ("x-lg", "clock"), _l("Cancellation will be asked")),
}
WOULD: Final = {
    "held": _l("to pay"),
    "requested": _l("on request"),
    "submitted": _l("allotted later"),
    "waitlisted": _l("waiting list"),
}
MAILS: Final = {
    "sent": ("ok", ("check-lg",), _l("Sent")),
    "failed": ("no", ("x-lg",), _l("Not sent")),
    "queued": ("wait", ("clock",), _l("Being sent")),
}
REQUESTS: Final = {
    "awaiting_payment": ("pay", ("coin",), _l("Awaiting payment")),
    "partly_accepted": ("ok", ("check-lg", "clock"), _l("Partly accepted")),
    **VERDICTS,
}
DAY_PARTS: Final = {
    "morning": _l("morning"),
    "afternoon": _l("afternoon"),
    "day": _l("full day"),
    "noon": _l("midday"),
    "evening": _l("evening"),
}
REASONS: Final = {
    "full": _l("no seat is left"),
    "past_deadline": _l("the time limit is over"),
    "not_open": _l("not open for booking"),
    "not_enrolled": _l("the child is not enrolled"),
    "age": _l("not for the child's age"),
    "duplicate": _l("already booked"),
    "overlap": _l("another booking covers these hours"),
    "incompatible": _l("not compatible with another booking of the day"),
    "limit_reached": _l("the booking limit is reached"),
    "not_booked": _l("nothing was booked"),
    "file_incomplete": _l("the family file is incomplete"),
    "unpaid_balance": _l("an amount is still due"),
    "past": _l("the day is over"),
    "state": _l("it is settled already"),
}
# What a browser says of itself, as people call it: the first mark found counts, the telling ones first.
BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)
METHODS: Final = {
    "online": _l("online"),
    "cash": _l("cash"),
    "cheque": _l("cheque"),
    "card": _l("card"),
    "cesu": _l("CESU voucher"),
    "credit": _l("credit notes"),
}


@cache
def badges(language: str, kind: str) -> dict[str, tuple[str, tuple[str, ...], str]]:
    """Return colour, icons and word by state; `kind` is verdict, expected, request or mail."""
    tables: dict[str, Mapping[str, tuple[str, tuple[str, ...], object]]] = {
        "verdict": VERDICTS,
        "expected": EXPECTED,
        "request": REQUESTS,
        "mail": MAILS,
    }
    table = tables[kind]
    with force_locale(language):
        return {state: (css, icons, str(word)) for state, (css, icons, word) in table.items()}


def reason(code: str | None) -> str:
    """Return why something is refused; a code that is not known yet is told in general."""
    if not code:
        return ""
    return str(REASONS.get(code) or gettext("it can't be done"))


def day_part(name: str) -> str:
    """Return the word for a part of the day."""
    return str(DAY_PARTS.get(name, name))


def method(name: str) -> str:
    """Return the word for a way of paying."""
    return str(METHODS.get(name, name))


def membership(one: Membership, of: Iterable[Membership]) -> str:
    """Return what a membership is called: its organisation, and as whom where somebody has several."""
    if sum(each.organisation_id == one.organisation_id for each in of) == 1:
        return one.name
    if one.family_id is None:
        return str(gettext("%(organisation)s · staff", organisation=one.name))
    if one.family_name is None:
        return str(gettext("%(organisation)s · family", organisation=one.name))
    return str(gettext("%(organisation)s · %(family)s family", organisation=one.name, family=one.family_name))


def device(user_agent: str | None) -> str:
    """Return a device in words, such as "Firefox, Windows"; a program is called what it calls itself."""
    said = user_agent or ""
    found = [next((name for mark, name in table if mark in said), None) for table in (BROWSERS, SYSTEMS)]
    return ", ".join(name for name in found if name) or said[:DEVICE_SHOWN] or gettext("Unknown device")
