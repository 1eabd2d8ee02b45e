"""Who pays, of those that family told of."""

import pytest

from billing.copies.model import Contact, Family, Payer
from billing.copies.rules import payer_of

ANA = Contact("ana", "Ana Roy", "ana@example.org")
LEO = Contact("leo", None, "leo@example.org")
MIA = Contact("mia", "Mia Roy", None)
ROY = Family("Roy", (LEO, ANA, MIA))


@pytest.mark.parametrize(
    ("family", "guardian", "email", "payer"),
    [
        (ROY, "ana", "new@example.org", Payer("new@example.org", "Ana Roy")),
        (ROY, "ana", None, Payer("ana@example.org", "Ana Roy")),
        (ROY, "leo", None, Payer("leo@example.org", "Roy")),
        (ROY, "mia", None, Payer("leo@example.org", "Mia Roy")),
        (ROY, None, None, Payer("leo@example.org", "Roy")),
        (Family(), "ana", "new@example.org", Payer("new@example.org", "")),
        (Family("Roy", (MIA,)), "mia", None, None),
        (Family(), None, None, None),
    ],
)
def test_the_provider_writes_to_who_pays_or_else_to_anybody_of_the_family(family, guardian, email, payer):
    assert payer_of(family, guardian, email) == payer
