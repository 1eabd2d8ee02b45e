"""How each kind of value is written into a document and read back, all but dataclasses.

A pair of functions is made for each annotation that occurs, once.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from enum import Enum
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from cattrs.fns import identity

from chassis.values.instants import to_instant

Write = Callable[[Any], Any]
Read = Callable[[Any, Any], Any]
"""From what is stored, and the annotation of what is wanted."""
WriterOf = Callable[[Any], Write]
ReaderOf = Callable[[Any], Read]


class _AsItStands:
    """Reads a value as it stands. It is false, for the code that cattrs generates calls no reader that is."""

    def __bool__(self) -> bool:
        return False

    def __call__(self, value: Any, _kind: object) -> Any:
        return value


_AS_IT_STANDS = _AsItStands()
_PLAIN = frozenset({Any, object, str, int, float, bool, bytes, NoneType})


def writer_of(kind: Any, inner: WriterOf) -> Write:
    """Return what writes a value annotated so, `inner` what is held by it. TypeError when nothing can."""
    return _pair_of(kind)[0](kind, inner)


def reader_of(kind: Any, inner: ReaderOf) -> Read:
    """Return what reads a value annotated so, `inner` what is held by it. TypeError when nothing can."""
    return _pair_of(kind)[1](kind, inner)


def _pair_of(kind: Any) -> "_Pair":
    for fits, pair in _PAIRS:
        if fits(kind):
            return pair
    raise TypeError(f"no document can hold {kind}")


def _is_plain(kind: Any) -> bool:
    return get_origin(kind) is Literal or kind in _PLAIN


def _plain_writer(_kind: object, _inner: WriterOf) -> Write:
    return identity


def _plain_reader(_kind: object, _inner: ReaderOf) -> Read:
    return _AS_IT_STANDS


def _is_moment(kind: Any) -> bool:
    return kind in _MOMENT_WRITERS


def _moment_writer(kind: Any, _inner: WriterOf) -> Write:
    return _MOMENT_WRITERS[kind]


def _moment_reader(kind: Any, _inner: ReaderOf) -> Read:
    if kind is datetime:
        return _AS_IT_STANDS
    read: Callable[[str], Any] = kind.fromisoformat
    return lambda text, _: read(text)


_MOMENT_WRITERS: Mapping[Any, Write] = {
    datetime: to_instant,
    date: date.isoformat,
    time: lambda value: value.isoformat("minutes"),
}


def _is_enum(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


def _enum_writer(_kind: type[Enum], _inner: WriterOf) -> Write:
    return attrgetter("value")


def _enum_reader(kind: type[Enum], _inner: ReaderOf) -> Read:
    members = {member.value: member for member in kind}
    return lambda value, _: members[value]


def _is_optional(kind: Any) -> bool:
    return get_origin(kind) in {Union, UnionType} and NoneType in get_args(kind)


def _needed(kind: Any) -> Any:
    """Return what an optional value is unless it is None; TypeError when that is one of several kinds."""
    needed = [each for each in get_args(kind) if each is not NoneType]
    if len(needed) > 1:
        raise TypeError(f"{kind}: a document does not say which of these it holds")
    return needed[0]


def _optional_writer(kind: Any, inner: WriterOf) -> Write:
    write = inner(_needed(kind))
    return write if write is identity else lambda value: None if value is None else write(value)


def _optional_reader(kind: Any, inner: ReaderOf) -> Read:
    needed = _needed(kind)
    read = inner(needed)
    return read if read is _AS_IT_STANDS else lambda value, _: None if value is None else read(value, needed)


def _is_many(kind: Any) -> bool:
    """Say whether it is a list, a set or a tuple of any length."""
    return get_origin(kind) in {list, frozenset} or (get_origin(kind) is tuple and get_args(kind)[-1] is ...)


def _many_writer(kind: Any, inner: WriterOf) -> Write:
    write = inner(get_args(kind)[0])
    gather: Callable[[Any], list[Any]] = sorted if get_origin(kind) is frozenset else list
    return gather if write is identity else lambda values: gather(map(write, values))


def _many_reader(kind: Any, inner: ReaderOf) -> Read:
    gather, one = get_origin(kind), get_args(kind)[0]
    read = inner(one)
    if read is _AS_IT_STANDS:
        return lambda values, _: gather(values)
    return lambda values, _: gather([read(value, one) for value in values])


def _is_mapping(kind: Any) -> bool:
    origin = get_origin(kind)
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _mapping_writer(kind: Any, inner: WriterOf) -> Write:
    name, value = get_args(kind)
    if name is not str:
        raise TypeError(f"{kind}: the names in a document are texts")
    write = inner(value)
    return write if write is identity else lambda held: {key: write(each) for key, each in held.items()}


def _mapping_reader(kind: Any, inner: ReaderOf) -> Read:
    value = get_args(kind)[1]
    read = inner(value)
    if read is _AS_IT_STANDS:
        return read
    return lambda held, _: {key: read(each, value) for key, each in held.items()}


_Pair = tuple[Callable[[Any, WriterOf], Write], Callable[[Any, ReaderOf], Read]]
_PAIRS: tuple[tuple[Callable[[Any], bool], _Pair], ...] = (
    (_is_plain, (_plain_writer, _plain_reader)),
    (_is_moment, (_moment_writer, _moment_reader)),
    (_is_enum, (_enum_writer, _enum_reader)),
    (_is_optional, (_optional_writer, _optional_reader)),
    (_is_many, (_many_writer, _many_reader)),
    (_is_mapping, (_mapping_writer, _mapping_reader)),
)
