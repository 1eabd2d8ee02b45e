"""What makes documents of PDF."""

from typing import Protocol

from chassis.printing.document import Document


class Press(Protocol):
    """The press as doors see it; a test puts a fake in its place."""

    def make(self, document: Document, left_s: float) -> bytes:
        """Return a document as PDF; Unavailable when it can't be had within these seconds."""
