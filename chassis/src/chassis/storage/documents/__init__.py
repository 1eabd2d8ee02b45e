"""Documents from frozen dataclasses and back: one way to write them, for every store.

What a class does not say is the same everywhere: fields are stored under their names; enums by their value;
days as ISO text, which sorts, times of day as "07:30"; instants as they are, in UTC and cut to milliseconds;
tuples as arrays, sets as sorted arrays; dataclasses as documents; mappings and `Any` as they stand. A reader
ignores fields that it does not know, and gives those that are absent the default of their class: so a field
can be added, and the release before still reads what the next one wrote. Where a class is stored otherwise,
a `Form` says how.

cattrs generates plain code for each class when a `Mapper` is made, a little faster than the mappers that
were written by hand before. Mapper that are changed in place and never written whole, such as those of
seats, stay with their stores, which say so.

Not here: queries, and what stands in a document for an index alone. A store adds that to what it is given.

`form` says how a class is stored, `mapper` writes and reads, `values` knows each kind of value.
"""

from chassis.storage.documents.form import KEY, SCHEMA_VERSION, Document, Form, UnreadableDocument, Upgrade
from chassis.storage.documents.mapper import Mapper

__all__ = ["KEY", "SCHEMA_VERSION", "Document", "Form", "Mapper", "UnreadableDocument", "Upgrade"]
