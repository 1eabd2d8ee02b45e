"""A document as a reply carries it over the bus."""

from base64 import b64encode
from typing import Any, Final

from marshmallow import Schema, fields

from chassis.printing.document import PAGES
from chassis.values.fields import text

LANGUAGES: Final = tuple(PAGES)
"""The languages in which documents can be had."""


class Printed(Schema):
    """A PDF: the name under which somebody keeps it, and its bytes as base64."""

    name = text(longest=120)
    pdf = fields.String(required=True)


class PrintedReply(Schema):
    """The answer of every door that hands out a document."""

    document = fields.Nested(Printed, required=True)


def printed(name: str, pdf: bytes) -> dict[str, Any]:
    """Return a document as the reply that carries it."""
    return {"document": {"name": name, "pdf": b64encode(pdf).decode()}}
