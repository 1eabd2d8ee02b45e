"""The one way in for identifiers, so that tests and simulations own them.

New things get a UUIDv7, which sorts by time and keeps MongoDB's indexes dense. Things from elsewhere
get a UUIDv5 of what they are called there: importing a file again finds the same things again.
"""

import os
import time
import uuid

_NAMESPACE = uuid.UUID("6f0b6c1e-58c5-5a0e-9d5b-0d3c7d0b6a11")
# Control characters are refused at the edge, so no part holds the separator and parts never run together.
_SEPARATOR = "\x1f"


def new_id() -> str:
    """Return a fresh UUIDv7 (RFC 9562): 48 bits of milliseconds, then 74 random bits."""
    number = (time.time_ns() // 1_000_000 & (1 << 48) - 1) << 80 | int.from_bytes(os.urandom(10), "big")
    number = number & ~(0xF << 76) | 0x7 << 76
    number = number & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=number))


def named_id(organisation_id: str, kind: str, reference: str) -> str:
    """Return the id of the thing that the organisation's files call `reference`, the same at every import."""
    return derived_id(organisation_id, kind, reference)


def derived_id(*parts: str | int) -> str:
    """Return an id that follows from its parts: who derives it twice gets it twice."""
    return str(uuid.uuid5(_NAMESPACE, _SEPARATOR.join(str(part) for part in parts)))


class Ids:
    """The functions of this module as an object that a worker is given."""

    def new_id(self) -> str:
        """Return what the function of the same name does."""
        return new_id()

    def named_id(self, organisation_id: str, kind: str, reference: str) -> str:
        """Return what the function of the same name does."""
        return named_id(organisation_id, kind, reference)

    def derived_id(self, *parts: str | int) -> str:
        """Return what the function of the same name does."""
        return derived_id(*parts)
