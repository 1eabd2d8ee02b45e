"""What is worth a letter, what makes two letters one, and which are told together."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from notify.letters.model import Letter
from notify.letters.rules.seats import settled_bookings
from notify.news.model import News, Thing
from notify.news.rules import digest_of
from notify.vocabulary import MessageKind

Facts = Mapping[str, Any]

TOLD_BY: Mapping[str, tuple[MessageKind, str]] = {
    "confirmation_answered": (MessageKind.CONFIRMATION, "confirmation_id"),
    "seat_promoted": (MessageKind.PROMOTION, "booking_id"),
    "payment_asked": (MessageKind.PAYMENT_ASKED, "settlement_id"),
    "hold_expired": (MessageKind.HOLD_EXPIRED, "booking_id"),
    "seat_lost": (MessageKind.SEAT_LOST, "booking_id"),
    "payment_settled": (MessageKind.RECEIPT, "receipt_number"),
    "credit_note_issued": (MessageKind.CREDIT_NOTE, "credit_note_id"),
    "days_closed": (MessageKind.DAYS_CLOSED, "telling_id"),
    "days_opened": (MessageKind.DAYS_OPENED, "telling_id"),
    "payment_not_received": (MessageKind.PAYMENT_NOT_RECEIVED, "payment_id"),
    "booking_waitlisted": (MessageKind.ANSWER, "booking_id"),
    "booking_accepted": (MessageKind.ANSWER, "booking_id"),
    "booking_refused": (MessageKind.ANSWER, "booking_id"),
    "booking_cancelled": (MessageKind.ANSWER, "booking_id"),
    "cancellation_declined": (MessageKind.ANSWER, "booking_id"),
}
"""For each event the kind of its letter, and the field that says which thing it is about."""

ANSWERS = {
    "booking_waitlisted": ("book", "waitlisted"),
    "booking_accepted": ("book", "accepted"),
    "booking_refused": ("book", "refused"),
    "booking_cancelled": ("cancel", "cancelled"),
    "cancellation_declined": ("cancel", "refused"),
}
"""What the services answered: to which action of the family, and how."""

GATHERED = frozenset(
    {
        MessageKind.PROMOTION,
        MessageKind.HOLD_EXPIRED,
        MessageKind.SEAT_LOST,
        MessageKind.ANSWER,
        MessageKind.CREDIT_NOTE,
    }
)
"""One act causes several of them, each with an event of its own: they wait a little for each other."""

IN_DIGEST = frozenset(
    {
        MessageKind.CONFIRMATION,
        MessageKind.PROMOTION,
        MessageKind.HOLD_EXPIRED,
        MessageKind.ANSWER,
        MessageKind.CREDIT_NOTE,
    }
)
"""What a digest tells instead. What must be done, kept or known at once is told at once to everybody."""


def letter_of(event: str, data: Facts, event_id: str = "") -> Letter | None:
    """Return the letter that an event calls for, or None where there is nothing to tell.

    A promotion to a held seat is told by `payment_asked`, which knows the amount, and not by `seat_promoted`.
    A settlement without a receipt (avoirs covered all) is told where it is that of a seat which was won, and
    else by its confirmation. A confirmation without lines is not told, nor is the avoir of a day that was
    closed: `days_closed` tells it, in one letter with all that became of such days.
    What a family did itself is told by its confirmation: of bookings that come and go, only what the services
    answered is told. `event_id` tells two answers about one booking from each other.
    """
    match event, data:
        case (
            ("seat_promoted", {"to": "held"})
            | ("confirmation_answered", {"lines": []})
            | ("credit_note_issued", {"reason": "closed"})
        ):
            return None
        case ("payment_settled", {"receipt_number": None}):
            return _won_by_credit(data)
    if event in ANSWERS and not answered(event, data):
        return None
    kind, key = TOLD_BY[event]
    if event == "credit_note_issued":
        of_lost_seat = data.get("reason") == "seat_lost"
        kind = MessageKind.SEAT_LOST if of_lost_seat else kind
        return Letter(kind, data["family_id"], data[key], {"lines": [], "credit_notes": [dict(data)]})
    if kind in GATHERED:
        named = f"{data[key]}:{event}:{event_id}" if event in ANSWERS else data[key]
        return Letter(kind, data["family_id"], named, {"lines": [_line(event, data)], "credit_notes": []})
    return Letter(kind, data["family_id"], data[key], dict(data))


def _won_by_credit(data: Facts) -> Letter | None:
    """Return what tells of a seat won that avoirs pay: its settlement has the name of its booking."""
    if settled_bookings("payment_settled", data) != [data["settlement_id"]]:
        return None
    credit = {"credit_cents": data.get("credits_used_cents", 0)}
    seats = [{**line, **credit} for line in data.get("lines", ()) if "day" in line]
    facts = {"lines": seats, "credit_notes": []}
    return Letter(MessageKind.PROMOTION, data["family_id"], data["settlement_id"], facts)


def answered(event: str, data: Facts) -> bool:
    """Return whether an event about a booking is an answer of the services to a request of its family."""
    match event, data:
        case ("booking_accepted" | "booking_waitlisted", {"how": "granted"}) | (
            "booking_cancelled",
            {"was": "cancellation_requested"},
        ):
            return True
    return event in {"booking_refused", "cancellation_declined"}


def in_digest(event: str, data: Facts) -> bool:
    """Return whether an event counts in the digest of who wants one."""
    match event, data:
        case ("credit_note_issued", _):
            return data.get("reason") not in {"closed", "seat_lost"}
        case ("payment_settled", _):
            return bool(data.get("bookings") or data.get("lines"))
        case ("confirmation_answered", _):
            return bool(data["lines"])
    return event in {"seat_promoted", "hold_expired", "seat_lost"} or answered(event, data)


def gathered_letter(news: Sequence[News], facts: Sequence[Facts]) -> Letter:
    """Return one letter that tells what all these do, under the name of the first.

    Avoirs that came without their lines are one too. `facts` are the data of the news as letters read them.
    """
    told = zip(news, facts, strict=True)
    letters = [letter for each, data in told if (letter := letter_of(each.event, data, each.id))]
    lines = [line for letter in letters for line in letter.facts["lines"]]
    notes = [note for letter in letters for note in letter.facts["credit_notes"]]
    kind = news[0].about if lines else MessageKind.CREDIT_NOTE
    return Letter(kind, news[0].family_id, letters[0].key, {"lines": lines, "credit_notes": notes})


def digest_letter(news: Sequence[News], day: date) -> Letter | None:
    """Return the digest of a day for somebody of a family, or None where nothing is to be told."""
    digest = digest_of((each.event, each.data) for each in news)
    told = [note for each in news for note in _notes_of(each.event, each.data)]
    avoirs = list({note["number"]: note for note in told}.values())
    if digest.empty and not avoirs:
        return None
    key = f"{news[0].family_id}:{day.isoformat()}"
    return Letter(MessageKind.DIGEST, news[0].family_id, key, {"digest": digest, "credit_notes": avoirs})


def thing_of(event: str, data: Facts, event_id: str) -> Thing | None:
    """Return what an event tells of, or None where it is nothing to anybody."""
    letter = letter_of(event, data, event_id)
    if letter is None and not in_digest(event, data):
        return None
    alias = _avoir(data["number"]) if event == "credit_note_issued" else ""
    return Thing(about(letter) if letter else f"{event}:{event_id}:", alias)


def aliases_told_by(event: str, data: Facts) -> list[str]:
    """Return the other things that the letter about an event tells of: the avoirs of a confirmation."""
    if event != "confirmation_answered":
        return []
    return [_avoir(note["number"]) for note in _notes_of(event, data)]


def about(letter: Letter) -> str:
    """Return what a second letter about the same thing would share: how the keys of its mails begin."""
    return f"{letter.kind}:{letter.key}:"


def dedupe_key(letter: Letter, email: str) -> str:
    """Return what a second mail about the same thing to the same person would share."""
    return about(letter) + email.casefold()


def _notes_of(event: str, data: Facts) -> list[Facts]:
    """Return the avoirs that an event tells of."""
    if event == "credit_note_issued":
        return [data]
    told: list[Facts] = data["payment"].get("credit_notes", []) if event == "confirmation_answered" else []
    return told


def _avoir(number: str) -> str:
    return f"avoir:{number}"


def _line(event: str, data: Facts) -> dict[str, Any]:
    if event not in ANSWERS:
        return dict(data)
    action, verdict = ANSWERS[event]
    return {
        **{name: value for name, value in data.items() if name != "was"},
        "action": action,
        "verdict": verdict,
    }
