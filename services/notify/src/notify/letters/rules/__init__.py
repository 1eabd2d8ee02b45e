"""What is worth a letter, what makes two letters one, and how its lines stand together."""

from notify.letters.rules.lines import counts_of, credit_notes_of, groups_of
from notify.letters.rules.seats import seats_given_up, seats_to_pay, settled_bookings, with_seats
from notify.letters.rules.telling import (
    GATHERED,
    IN_DIGEST,
    about,
    aliases_told_by,
    dedupe_key,
    digest_letter,
    gathered_letter,
    in_digest,
    letter_of,
    thing_of,
)

__all__ = [
    "GATHERED",
    "IN_DIGEST",
    "about",
    "aliases_told_by",
    "counts_of",
    "credit_notes_of",
    "dedupe_key",
    "digest_letter",
    "gathered_letter",
    "groups_of",
    "in_digest",
    "letter_of",
    "seats_given_up",
    "seats_to_pay",
    "settled_bookings",
    "thing_of",
    "with_seats",
]
