"""What all documents of billing have at their head."""

from billing.copies.model import Issuer
from chassis.printing.document import Letterhead
from chassis.values.typography import typeset


def letterhead(issuer: Issuer, office_name: str, language: str) -> Letterhead:
    """Return who issues a document: the organisation, or its cash office while identity has told nothing."""
    lines = tuple(typeset(line, language) for line in issuer.lines)
    return Letterhead(issuer.name or office_name, issuer.colour, lines)
