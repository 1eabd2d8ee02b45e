"""The order in which people look names up: by letters, by accents and capitals only among equals."""

import unicodedata

_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "ß": "ss", "đ": "d"})


def alphabetical(text: str) -> tuple[str, str, str]:
    """Return what sorts names as French dictionaries do: "danse", "Échecs", "Éveil corporel", "Zumba".

    Two names of the same letters are told apart by their accents, then by their capitals.
    """
    folded = text.casefold()
    apart = unicodedata.normalize("NFD", folded.translate(_LETTERS))
    letters = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return letters, folded, text.swapcase()
