"""The form of a class: how its documents differ from what every class is given, and what older ones lack."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

Document = dict[str, Any]
Upgrade = Callable[[Document], Document]
"""Makes of a document of one version the same of the next; it may change the copy that it is given."""

KEY: Mapping[str, str] = {"id": "_id"}
"""The names of a form whose field `id` is the key of its document."""

SCHEMA_VERSION = "schema_version"
"""Where a document says which version of its form it has; the first version says nothing."""


class UnreadableDocument(Exception):  # noqa: N818 - named for what is wrong with the document
    """A document that lacks a field without default, or holds a value that its class does not know."""


@dataclass(frozen=True)
class Form:
    """How the documents of one class differ from what every class is given.

    - `names`: field → its name in the document.
    - `unwritten`: fields that the store puts beside the others itself; they are read where they stand.
    - `sparse`: fields left out while they hold their default, or True for all that have one.
    - `inlined`: fields whose own document is poured into this one.
    - `as_array`: stored as the list of its values, in the order of its fields.
    - `version` and `upgrades` (version → how the next is made of it): an older document is brought up to date
      while it is read. A version without an upgrade differs by absent fields alone.
    """

    kind: type[Any]
    names: Mapping[str, str] = field(default_factory=dict)
    unwritten: Collection[str] = ()
    sparse: Collection[str] | Literal[True] = ()
    inlined: Collection[str] = ()
    as_array: bool = False
    version: int = 1
    upgrades: Mapping[int, Upgrade] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known = {each.name for each in fields(self.kind)}
        sparse = () if self.sparse is True else self.sparse
        if unknown := {*self.names, *self.unwritten, *sparse, *self.inlined} - known:
            raise ValueError(f"{self.kind.__name__} has no {', '.join(sorted(unknown))}")
        named = self.names or self.unwritten or self.sparse or self.inlined or self.version > 1
        if self.as_array and named:
            raise ValueError(f"{self.kind.__name__} is stored as an array, which has no names")

    def upgraded(self, document: Mapping[str, Any]) -> Document:
        """Return a copy as this version has it; what a later release wrote stays as it is."""
        current = dict(document)
        for version in range(current.get(SCHEMA_VERSION, 1), self.version):
            upgrade = self.upgrades.get(version)
            if upgrade is not None:
                current = upgrade(current)
        return current
