"""What is worth a letter, what makes two letters one, and how its lines stand together."""

from notify.letters.rules.lines import counts_of, credit_notes_of, groups_of
from notify.letters.rules.telling import about, dedupe_key, letter_of

__all__ = ["about", "counts_of", "credit_notes_of", "dedupe_key", "groups_of", "letter_of"]
