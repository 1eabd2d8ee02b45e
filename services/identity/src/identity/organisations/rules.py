"""What an import makes of an organisation that stands, and how its pages may look."""

import re
from dataclasses import replace
from typing import Final

from identity.organisations.model import Organisation

CONTRAST_MIN: Final = 5.0
"""Between white letters and the colour behind them; WCAG 2.2 asks for 4.5."""

_LUMINANCE: Final = (0.2126, 0.7152, 0.0722)
_NO_DRAWING: Final = re.compile(
    r"<[!?]|<\s*(script|foreignobject|style|image|use|animate|set|a)\b|\bon[a-z]+\s*=|href|url\s*\(|javascript:",
    re.IGNORECASE,
)


def imported_organisation(stored: Organisation | None, wanted: Organisation) -> Organisation | None:
    """Return the organisation to be kept with its next sequence, or None if the import changes nothing."""
    sequence = stored.sequence if stored else 0
    if stored == replace(wanted, sequence=sequence):
        return None
    return replace(wanted, sequence=sequence + 1)


def contrast_with_white(colour: str) -> float:
    """Return the contrast between white and a colour such as "#0b3c5d", from 1 to 21, as WCAG 2.2 has it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]  # noqa: PLR2004 - sRGB's own numbers
    return 1.05 / (sum(weight * part for weight, part in zip(_LUMINANCE, linear, strict=True)) + 0.05)


def is_plain_drawing(svg: str) -> bool:
    """Return whether a text is a drawing that names nothing outside of itself and does nothing."""
    text = svg.strip()
    return text.startswith("<svg") and text.endswith("</svg>") and _NO_DRAWING.search(text) is None
