"""What the pipelines on seats documents are made of: small aggregation expressions with names.

Caller values never stand in these: they enter once, as one ``$literal`` (``pipelines.py``), and are read from
the field ``_op``. So every pipeline but its first stage is a constant.
"""

from collections.abc import Sequence
from typing import Any

Expression = Any
Stage = dict[str, Any]

NOW = "$_op.now"
STANDING = {"$concatArrays": ["$taken", "$waiting", "$asked"]}
EVERYBODY = {"$concatArrays": ["$taken", "$waiting", "$asked", "$gone"]}


def all_of(*conditions: Expression) -> Expression:
    """Give true when every condition is."""
    return {"$and": list(conditions)}


def any_of(*conditions: Expression) -> Expression:
    """Give true when one condition is."""
    return {"$or": list(conditions)}


def no(condition: Expression) -> Expression:
    """Give true when the condition is not."""
    return {"$not": [condition]}


def same(left: Expression, right: Expression) -> Expression:
    """Compare two values for equality."""
    return {"$eq": [left, right]}


def one_of(value: Expression, values: Expression) -> Expression:
    """Look a value up in an array."""
    return {"$in": [value, values]}


def when(condition: Expression, then: Expression, otherwise: Expression) -> Expression:
    """Choose between two expressions; only the chosen one is evaluated."""
    return {"$cond": [condition, then, otherwise]}


def first_case(cases: Sequence[tuple[Expression, Expression]], default: Expression) -> Expression:
    """Choose the first case whose condition holds."""
    return {"$switch": {"branches": [{"case": c, "then": t} for c, t in cases], "default": default}}


def those(array: Expression, condition: Expression) -> Expression:
    """Keep the elements ``$$e`` for which the condition holds."""
    return {"$filter": {"input": array, "as": "e", "cond": condition}}


def each(array: Expression, expression: Expression) -> Expression:
    """A new element of every element ``$$e``."""
    return {"$map": {"input": array, "as": "e", "in": expression}}


def joined(*arrays: Expression) -> Expression:
    """Put arrays one after the other."""
    return {"$concatArrays": list(arrays)}


def merged(*documents: Expression) -> Expression:
    """Merge documents, the later winning."""
    return {"$mergeObjects": list(documents)}


def some(array: Expression) -> Expression:
    """Give true when the array has an element."""
    return {"$gt": [{"$size": array}, 0]}


def none(array: Expression) -> Expression:
    """Give true when the array has no element."""
    return {"$eq": [{"$size": array}, 0]}


def or_null(value: Expression) -> Expression:
    """Turn a missing value into null, so that comparisons have one way to say "nothing"."""
    return {"$ifNull": [value, None]}


def known(value: Expression) -> Expression:
    """Give true for a value; null and missing sort before every one."""
    return {"$gt": [value, None]}


def named(value: Expression, arrays: Sequence[str], name: str) -> Expression:
    """Look a value up under one name in all entries of some arrays: cheaper than filtering whole entries."""
    return any_of(*(one_of(value, f"${array}.{name}") for array in arrays))


def past(instant: str) -> Expression:
    """Whether an instant has come; null and missing are never."""
    return all_of(known(instant), {"$lte": [instant, NOW]})


def fits(gauges: str, free: str = "$_free") -> Expression:
    """Whether every limited gauge of an entry has a free place."""
    blocked = all_of({"$lte": ["$$f.left", 0]}, one_of("$$f.name", gauges))
    return none({"$filter": {"input": free, "as": "f", "cond": blocked}})


def seated(hold_s: str, starts_at: Expression) -> Expression:
    """The fields of a seat: held for so many seconds, not beyond the beginning, or accepted at once."""
    all_of_it = {"$add": [NOW, {"$multiply": [hold_s, 1000]}]}
    until = {"$let": {"vars": {"begins": starts_at}, "in": _not_beyond("$$begins", all_of_it)}}
    return when(known(hold_s), {"state": "held", "held_until": until}, {"state": "accepted"})


def row(
    name: Expression, entry: Expression, extra: Expression, actor: Expression = "$_op.actor"
) -> Expression:
    """A transition to be logged; who acts is the caller, where the caller says who it is."""
    return {"name": name, "entry": entry, "extra": extra, "actor": actor}


def _not_beyond(begins: str, until: Expression) -> Expression:
    return when({"$gt": [begins, NOW]}, {"$min": [begins, until]}, until)


def seat_row(entry: str, how: str, facts: Expression = None, actor: Expression = "$_op.actor") -> Expression:
    """Tell of a seat got: held until an instant, or accepted in some way; with facts when it is news."""
    held, accepted = {"held_until": f"{entry}.held_until"}, {"how": how}
    return when(
        same(f"{entry}.state", "held"),
        row("booking_held", entry, merged(facts, held) if facts else held, actor),
        row("booking_accepted", entry, merged(facts, accepted) if facts else accepted, actor),
    )
