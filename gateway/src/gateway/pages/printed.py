"""Documents of PDF, handed on to be kept."""

from typing import Final

from flask import Response

from gateway.clients.asking import Printed

PDF: Final = "application/pdf"


def response(document: Printed) -> Response:
    """Return a document as a file: kept by who asks, and by no cache on the way."""
    answer = Response(document.content, mimetype=PDF)
    answer.headers.set("Content-Disposition", "attachment", filename=document.name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
