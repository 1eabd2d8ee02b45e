"""How every client asks a service and reads what it answers."""

from base64 import b64decode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from chassis.storage.documents import Mapper
from chassis.values.context import Context

T = TypeVar("T")
Json = dict[str, Any]
"""What crosses the bus: a request as it goes, a reply as it came."""
Ask = Callable[[str, Context, Json], Json]

_MAPPER = Mapper()


def read(kind: type[T], reply: Json) -> T:
    """Return a reply as a class of ours: fields that it does not know are left aside.

    Absent ones take the default of the class; UnreadableDocument is raised when there is none.
    """
    return _MAPPER.from_document(kind, reply)


def read_each(kind: type[T], replies: Iterable[Json]) -> tuple[T, ...]:
    """Return many replies as a class of ours, in their order."""
    return tuple(_MAPPER.from_document(kind, reply) for reply in replies)


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A document of PDF: the name under which somebody keeps it, and its bytes as base64."""

    name: str
    pdf: str

    @property
    def content(self) -> bytes:
        """Return its bytes."""
        return b64decode(self.pdf)


def given(**values: object) -> Json:
    """Return the values that were given: an absent filter is absent from the request too."""
    return {name: value for name, value in values.items() if value is not None}
