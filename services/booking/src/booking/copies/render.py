"""What all documents of booking have at their head."""

from booking.copies.model import Organisation
from chassis.printing.document import Letterhead
from chassis.values.typography import typeset


def letterhead(organisation: Organisation, language: str) -> Letterhead:
    """Return who issues a document."""
    lines = tuple(typeset(line, language) for line in organisation.lines)
    return Letterhead(organisation.name, organisation.colour, lines)
