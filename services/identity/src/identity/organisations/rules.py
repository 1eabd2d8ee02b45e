"""What an import makes of an organisation that stands, and how its pages may look."""

import re
from dataclasses import replace
from typing import Final

from identity.organisations.model import Accessibility, Appearance, HelpDesk, Organisation

CONTRAST_MIN: Final = 5.0
"""Between white letters and the colour behind them; WCAG 2.2 asks for 4.5."""

_STEPS: Final = 1_000
_LUMINANCE: Final = (0.2126, 0.7152, 0.0722)
_NO_DRAWING: Final = re.compile(
    r"<[!?]|<\s*(script|foreignobject|style|image|use|animate|set|a)\b|\bon[a-z]+\s*=|href|url\s*\(|javascript:",
    re.IGNORECASE,
)


def imported_organisation(stored: Organisation | None, wanted: Organisation) -> Organisation | None:
    """Return the organisation to be kept with its next sequence, or None if the import changes nothing.

    What of its look the file leaves open stays: its own people may have set it.
    """
    sequence = stored.sequence if stored else 0
    if stored:
        wanted = _shown_as_before(stored, wanted)
    if stored == replace(wanted, sequence=sequence):
        return None
    return replace(wanted, sequence=sequence + 1)


def contrast_with_white(colour: str) -> float:
    """Return the contrast between white and a colour such as "#0b3c5d", from 1 to 21, as WCAG 2.2 has it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]  # noqa: PLR2004 - sRGB's own numbers
    return 1.05 / (sum(weight * part for weight, part in zip(_LUMINANCE, linear, strict=True)) + 0.05)


def legible_shade(colour: str) -> str:
    """Return the colour itself, or the lightest darker shade of it on which white letters can be read."""
    parts = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
    shades = (
        "#" + "".join(f"{round(part * step / _STEPS):02x}" for part in parts) for step in range(_STEPS, 0, -1)
    )
    return next((shade for shade in shades if contrast_with_white(shade) >= CONTRAST_MIN), "#000000")


def dressed(organisation: Organisation, wanted: Appearance) -> Organisation | None:
    """Return the organisation shown as its people want, or None if it was changed since they looked."""
    if organisation.sequence != wanted.version:
        return None
    return replace(
        organisation,
        colour=wanted.colour.lower(),
        crest=wanted.crest.strip(),
        help_desk=wanted.help_desk,
        accessibility=wanted.accessibility,
        sequence=organisation.sequence + 1,
    )


def _shown_as_before(stored: Organisation, wanted: Organisation) -> Organisation:
    return replace(
        wanted,
        colour=wanted.colour or stored.colour,
        crest=wanted.crest or stored.crest,
        help_desk=stored.help_desk if wanted.help_desk == HelpDesk() else wanted.help_desk,
        accessibility=stored.accessibility
        if wanted.accessibility == Accessibility()
        else wanted.accessibility,
    )


def is_plain_drawing(svg: str) -> bool:
    """Return whether a text is a drawing that names nothing outside of itself and does nothing."""
    text = svg.strip()
    return text.startswith("<svg") and text.endswith("</svg>") and _NO_DRAWING.search(text) is None
