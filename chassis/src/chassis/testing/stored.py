"""The golden examples of a service's documents, in its folder `stored`, held against its readers and writers.

`v<number>/<name>.json` and `v<number>/<name>.<variant>.json` show documents as they lie in MongoDB, in its
extended JSON ({"$date": …}). An example stays as long as a database somewhere may hold such a document, that
is for ever: it is never edited. When a form changes, its new examples go into the next version's folder; the
forms that did not change are not repeated there.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from bson import json_util

from chassis.storage.documents import Document, Mapper

_EXTENDED = json_util.RELAXED_JSON_OPTIONS.with_options(tz_aware=True)


@dataclass(frozen=True)
class Stored:
    """One kind of document: the name of its examples, how it is read, and how the same is written again.

    `beside` names what the store itself puts into the document, in a filter or for an index alone: an example
    has it, and it is not compared with what was written.
    """

    name: str
    read: Callable[[Document], Any]
    write: Callable[[Any], Mapping[str, Any]]
    beside: Collection[str] = ()

    @classmethod
    def by(cls, mapper: Mapper, kind: type[Any], name: str, beside: Collection[str] = ()) -> Self:
        """Return the kind of document that a mapper reads and writes."""
        return cls(name, lambda found: mapper.from_document(kind, found), mapper.to_document, beside)


@dataclass(frozen=True)
class _Example:
    version: int
    name: str
    path: Path

    @property
    def place(self) -> str:
        return f"v{self.version}/{self.path.name}"

    def document(self) -> Document:
        return loads(self.path.read_text(encoding="utf-8"))


def loads(text: str) -> Document:
    """Return the document that an example's text shows."""
    document: Document = json_util.loads(text, json_options=_EXTENDED)
    return document


def dumps(document: Mapping[str, Any]) -> str:
    """Return the text of an example: what to put into a new file."""
    return json_util.dumps(document, json_options=_EXTENDED, indent=2, ensure_ascii=False) + "\n"


def folder_of(package: Any) -> Path:
    """Return the folder `stored` beside the sources of a service, found by its package."""
    here = Path(package.__file__)
    return next(parent for parent in here.parents if parent.name == "src").parent / "stored"


def faults(folder: Path, kinds: Sequence[Stored]) -> list[str]:
    """Return, in sentences, what is wrong with the examples of `folder`; an empty list when nothing is.

    Every example is read. The newest of each kind are what the present writer writes; among them every field
    is filled at least once. Every kind has an example, and every example a kind.
    """
    examples = [example for directory in folder.iterdir() for example in _examples(directory)]
    known = {kind.name for kind in kinds}
    found = [f"{example.place}: an example of nothing" for example in examples if example.name not in known]
    for kind in kinds:
        found += _faults_of(kind, [example for example in examples if example.name == kind.name])
    return sorted(found)


def _examples(directory: Path) -> Iterator[_Example]:
    version = int(directory.name.removeprefix("v"))
    for path in directory.iterdir():
        yield _Example(version, path.name.split(".")[0], path)


def _faults_of(kind: Stored, examples: Sequence[_Example]) -> Iterator[str]:
    if not examples:
        yield f"{kind.name}: no example"
        return
    newest = max(example.version for example in examples)
    shown: dict[str, bool] = {}
    for example in examples:
        document = example.document()
        try:
            thing = kind.read(document)
        except Exception as error:  # noqa: BLE001 - whatever a reader raises, its example is not read
            yield f"{example.place}: not read any more: {type(error).__name__}: {error}"
            continue
        if example.version == newest:
            yield from _differences(example.place, kind, document, kind.write(thing))
            for place, filled in _filled(document):
                shown[place] = shown.get(place, False) or filled
    yield from (f"{kind.name}{place}: never filled" for place, filled in shown.items() if not filled)


def _differences(
    place: str, kind: Stored, example: Mapping[str, Any], written: Mapping[str, Any]
) -> Iterator[str]:
    beside = set(kind.beside)
    for name in sorted(beside - example.keys()):
        yield f"{place}: {name}, which the store puts beside, is not there"
    for name in sorted(example.keys() - written.keys() - beside):
        yield f"{place}: {name} is not written any more"
    for name in sorted(written.keys() - example.keys()):
        yield f"{place}: {name} is written too"
    for name in sorted(example.keys() & written.keys() - beside):
        if example[name] != written[name]:
            yield f"{place}: {name} is written as {written[name]!r}"


def _filled(value: Any, place: str = "") -> Iterator[tuple[str, bool]]:
    """Yield each place of a document, those within an array as one, and whether something stands there."""
    if isinstance(value, Mapping):
        yield place, True  # elsewhere nothing may stand in the same place
        for name, inner in value.items():
            yield from _filled(inner, f"{place}.{name}")
    elif isinstance(value, list):
        yield place, bool(value)
        for inner in value:
            yield from _filled(inner, f"{place}[]")
    else:
        yield place, value is not None
