"""Writing and reading documents by the forms of their classes, in code that cattrs generates."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar, cast, get_type_hints

from cattrs import Converter, override
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn

from chassis.storage.documents.form import SCHEMA_VERSION, Document, Form, UnreadableDocument
from chassis.storage.documents.values import Read, Write, reader_of, writer_of

T = TypeVar("T")


class Mapper:
    """Writes and reads the documents of a store; make one per store, with the forms that differ.

    The forms are compiled at once: a class that can't be stored keeps the service from starting.
    """

    def __init__(self, *forms: Form) -> None:
        self._forms = {form.kind: form for form in forms}
        self._converter = Converter(detailed_validation=False)
        self._writers: dict[type[Any], Write] = {}
        self._readers: dict[type[Any], Read] = {}
        for kind in self._forms:
            self._writer(kind)
            self._reader(kind)

    def to_document(self, thing: Any) -> Document:
        """Return the document of a dataclass's instance. ValueError for a datetime without a zone."""
        return cast("Document", self._writer(type(thing))(thing))

    def from_document(self, kind: type[T], document: Mapping[str, Any]) -> T:
        """Return what a document says. UnreadableDocument when it has no form that `kind` has or had."""
        try:
            return cast("T", self._reader(kind)(document, kind))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise UnreadableDocument(f"{kind.__name__}: {type(error).__name__}: {error}") from error

    def _writer(self, kind: Any) -> Write:
        if not (isinstance(kind, type) and is_dataclass(kind)):
            return writer_of(kind, self._writer)
        if kind not in self._writers:
            self._writers[kind] = self._make_writer(kind)
        return self._writers[kind]

    def _reader(self, kind: Any) -> Read:
        if not (isinstance(kind, type) and is_dataclass(kind)):
            return reader_of(kind, self._reader)
        if kind not in self._readers:
            self._readers[kind] = self._make_reader(kind)
        return self._readers[kind]

    def _make_writer(self, kind: type[Any]) -> Write:
        form = self._forms.get(kind) or Form(kind)
        overrides: dict[str, Any] = {
            name: override(
                unstruct_hook=self._writer(value),
                rename=form.names.get(name),
                omit=True if name in form.unwritten else None,
                omit_if_default=form.sparse is True or name in form.sparse,
            )
            for name, value in _values_of(kind)
        }
        write: Callable[[Any], Document] = make_dict_unstructure_fn(kind, self._converter, **overrides)
        if form.as_array:
            return lambda thing: list(write(thing).values())
        return _written_in_full(form, write) if form.inlined or form.version > 1 else write

    def _make_reader(self, kind: type[Any]) -> Read:
        form = self._forms.get(kind) or Form(kind)
        overrides: dict[str, Any] = {
            name: override(struct_hook=self._reader(value), rename=form.names.get(name))
            for name, value in _values_of(kind)
        }
        read = cast("Read", make_dict_structure_fn(kind, self._converter, **overrides))
        if form.as_array:
            names = [name for name, _ in _values_of(kind)]
            return lambda values, _: read(dict(zip(names, values, strict=False)), kind)
        return _read_in_full(form, read) if form.inlined or form.version > 1 else read


def _values_of(kind: type[Any]) -> Iterator[tuple[str, Any]]:
    """Yield the name of each field and the annotation of its value."""
    annotations = get_type_hints(kind)
    for each in fields(kind):
        yield each.name, annotations[each.name]


def _written_in_full(form: Form, write: Callable[[Any], Document]) -> Write:
    version = {SCHEMA_VERSION: form.version} if form.version > 1 else {}

    def write_form(thing: Any) -> Document:
        document = write(thing)
        for name in form.inlined:
            document.update(document.pop(form.names.get(name, name)))
        return {**document, **version}

    return write_form


def _read_in_full(form: Form, read: Read) -> Read:
    inlined = [form.names.get(name, name) for name in form.inlined]

    def read_form(document: Mapping[str, Any], kind: Any) -> Any:
        current = form.upgraded(document)
        return read({**current, **dict.fromkeys(inlined, current)}, kind)

    return read_form
