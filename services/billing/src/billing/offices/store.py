"""Cash offices as documents."""

from collections.abc import Mapping
from typing import Any

from billing.offices.model import CashOffice
from billing.vocabulary import Document


def office_document(office: CashOffice) -> Document:
    """Write a cash office into the document of what belongs to it."""
    return {"id": office.id, "reference": office.reference, "name": office.name}


def office_from(found: Mapping[str, Any]) -> CashOffice:
    """Read an embedded cash office."""
    return CashOffice(found["id"], found["reference"], found["name"])
