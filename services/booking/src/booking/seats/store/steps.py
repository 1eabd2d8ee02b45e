"""The stages that every operation on a seats document is composed of, beside ``seats/rules/steps.py``.

``expire`` drops overdue holds, ``promote`` moves the queue up, ``log_and_count`` appends the events and keeps
the counters. Fields whose name starts with an underscore live only inside a pipeline.
"""

from booking.seats.rules.steps import BY_ITSELF
from booking.seats.store.expressions import (
    NOW,
    Stage,
    all_of,
    any_of,
    each,
    fits,
    joined,
    merged,
    no,
    one_of,
    or_null,
    past,
    row,
    same,
    seat_row,
    seated,
    some,
    those,
    when,
)

_OVERDUE = past("$$e.held_until")
# Those who use the gauge "$$e", by their lists of gauges: cheaper than to filter the entries themselves.
_USERS = {"$filter": {"input": "$taken.gauges", "as": "used", "cond": one_of("$$e.name", "$$used")}}
# Every transition is told; a new shape says itself that it changed something.
_CHANGED = {"$min": [1, {"$add": [{"$size": "$_new"}, {"$ifNull": ["$_shaped", 0]}]}]}
_EXPIRED = merged("$$e", {"state": "expired", "held_until": None, "gone_at": NOW})


def expire() -> list[Stage]:
    """Drop the holds that are overdue and who still waits when care begins.

    Forget who has been gone for fifteen minutes.
    """
    remembered = those("$gone", {"$gt": ["$$e.gone_at", "$_op.forget_before"]})
    begun = each(those("$slots", {"$lte": ["$$e.starts_at", NOW]}), "$$e.id")
    ended = {"$let": {"vars": {"begun": begun}, "in": those("$waiting", one_of("$$e.slot", "$$begun"))}}
    stays = no(one_of("$$e.booking_id", "$_ended.booking_id"))
    overdue = past("$next_expiry_at")
    return [
        {"$set": {"_over": when(overdue, those("$taken", _OVERDUE), []), "_ended": when(overdue, ended, [])}},
        {
            "$set": {
                "taken": when(some("$_over"), those("$taken", no(_OVERDUE)), "$taken"),
                "waiting": when(some("$_ended"), those("$waiting", stays), "$waiting"),
                "gone": joined(remembered, each(joined("$_over", "$_ended"), _EXPIRED)),
                "_new": joined(
                    each("$_over", row("hold_expired", "$$e", {}, BY_ITSELF)),
                    each("$_ended", row("waiting_ended", "$$e", {}, BY_ITSELF)),
                ),
            }
        },
    ]


def count_free() -> Stage:
    """Count the free places of every gauge that has a limit, into ``_free``."""
    limited = those("$gauges", {"$ne": ["$$e.max", None]})
    left = {"$subtract": ["$$e.max", {"$size": _USERS}]}
    return {"$set": {"_free": each(limited, {"name": "$$e.name", "left": left})}}


def promote() -> list[Stage]:
    """Seat those who wait, head of the queue first; one whose own gauge is full is stepped over."""
    too_late = all_of(past("$$e.cancelling_closes_at"), no("$$e.promotes_late"))
    closed = any_of(no("$$e.open"), too_late)
    used = when(one_of("$$f.name", "$$this.gauges"), 1, 0)
    less = {"name": "$$f.name", "left": {"$subtract": ["$$f.left", used]}}
    step = when(
        all_of(no(one_of("$$this.slot", "$_shut")), fits("$$this.gauges", "$$value.free")),
        {
            "free": {"$map": {"input": "$$value.free", "as": "f", "in": less}},
            "up": joined("$$value.up", ["$$this"]),
        },
        "$$value",
    )
    own = {"$filter": {"input": "$slots", "as": "s", "cond": same("$$s.id", "$$e.slot")}}
    begins = {"$let": {"vars": {"own": {"$first": own}}, "in": "$$own.starts_at"}}
    start = {"free": "$_free", "up": []}
    walk = {"$reduce": {"input": "$waiting", "initialValue": start, "in": step}}
    stays = no(one_of("$$e.booking_id", "$_walk.up.booking_id"))
    return [
        count_free(),
        {"$set": {"_shut": each(those("$slots", closed), "$$e.id")}},
        {"$set": {"_walk": walk}},
        {"$set": {"_up": each("$_walk.up", merged("$$e", seated("$$e.promoted_hold_s", begins)))}},
        {
            "$set": {
                "taken": joined("$taken", "$_up"),
                "waiting": when(some("$_up"), those("$waiting", stays), "$waiting"),
                "_free": "$_walk.free",
                "_new": joined("$_new", _promotions()),
            }
        },
    ]


def _promotions() -> dict[str, object]:
    """Tell of every promotion; one that needs no payment is also a booking accepted."""
    extra = {"to": "$$this.state", "held_until": or_null("$$this.held_until")}
    told = [row("seat_promoted", "$$this", extra, BY_ITSELF)]
    both = [*told, seat_row("$$this", "promoted", actor=BY_ITSELF)]
    rows = when(same("$$this.state", "held"), told, both)
    return {"$reduce": {"input": "$_up", "initialValue": [], "in": joined("$$value", rows)}}


def log_and_count() -> list[Stage]:
    """Append one event per transition, and keep what calendars and sweepers read."""
    sequence = {"$add": ["$event_seq", "$$i", 1]}
    event = {
        "id": {"$concat": ["$_id", ":", {"$toString": sequence}]},
        "name": "$$row.name",
        "version": 1,
        "aggregate_id": "$$row.entry.booking_id",
        "sequence": sequence,
        "at": NOW,
        "causation_id": "$$row.entry.confirmation_id",
        "request_id": "$_op.request_id",
        "data": "$$row.extra",
        "actor": "$$row.actor",
    }
    numbered = {"$let": {"vars": {"row": {"$arrayElemAt": ["$_new", "$$i"]}}, "in": event}}
    numbers = {"$range": [0, {"$size": "$_new"}]}
    queues_end = each(those("$slots", one_of("$$e.id", "$waiting.slot")), "$$e.starts_at")
    queue = {"$filter": {"input": "$waiting.slot", "as": "slot", "cond": same("$$slot", "$$e.id")}}
    return [
        {
            "$set": {
                "events": joined("$events", {"$map": {"input": numbers, "as": "i", "in": numbered}}),
                "event_seq": {"$add": ["$event_seq", {"$size": "$_new"}]},
                "version": {"$add": [{"$ifNull": ["$version", 0]}, _CHANGED]},
                "gauges": each("$gauges", merged("$$e", {"taken": {"$size": _USERS}})),
                "slots": each("$slots", merged("$$e", {"waiting": {"$size": queue}})),
                # $min over the path ignores nulls: the accepted ones have no end.
                "next_expiry_at": {"$min": [{"$min": "$taken.held_until"}, {"$min": queues_end}]},
            }
        },
        {"$unset": SCRATCH},
    ]


SCRATCH = [
    "_op",
    "_new",
    "_over",
    "_ended",
    "_free",
    "_shut",
    "_walk",
    "_up",
    "_shaped",
    "_slot",
    "_queue",
    "_late",
    "_after",
    "_do",
    "_e",
    "_met",
    "_found",
    "_left",
    "_state",
]
