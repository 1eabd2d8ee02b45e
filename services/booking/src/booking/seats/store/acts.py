"""What each operation does once holds ended and the queue moved up, beside ``seats/rules/acts.py``.

Each act decides once, into ``_do`` (null: nothing), and then writes what follows from that decision.
"""

from booking.seats.store.expressions import (
    EVERYBODY,
    NOW,
    STANDING,
    Expression,
    Stage,
    all_of,
    any_of,
    each,
    first_case,
    fits,
    joined,
    known,
    merged,
    named,
    no,
    none,
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
from booking.vocabulary import BOOKING, Act

_IS_ENTRY = same("$$e.booking_id", "$_op.booking_id")
_IS_OTHER = {"$ne": ["$$e.booking_id", "$_op.booking_id"]}
_STANDING = ("taken", "waiting", "asked")
# Whole entries are looked at only where the child is there at all: mostly it is not.
_MET = named("$_e.child_id", (*_STANDING, "gone"), "child_id")
_STANDS = all_of(
    "$_met",
    some(those(STANDING, all_of(same("$$e.child_id", "$_e.child_id"), same("$$e.slot", "$_e.slot")))),
)
_DONE = known("$_do")
_FACTS = "$_op.facts"
_RANK = {"$add": [{"$size": "$_queue"}, 1]}


def _did(*decisions: str) -> Expression:
    return one_of("$_do", list(decisions))


def _may(act: Act) -> Expression:
    """Whether the act may be done to the booking that stands there."""
    return one_of("$_state", BOOKING.sources(act))


def _find_slot() -> dict[str, Expression]:
    return {"_slot": {"$first": those("$slots", same("$$e.id", "$_e.slot"))}}


def _place(hold_s: str) -> list[tuple[Expression, Expression]]:
    """Seat ``_e``, or queue it. Nobody who could be seated is overtaken."""
    free = all_of(fits("$_e.gauges"), none(those("$_queue", fits("$$e.gauges"))))
    room = any_of(same("$_slot.waiting_max", None), {"$lt": [{"$size": "$_queue"}, "$_slot.waiting_max"]})
    return [
        (free, when(known(hold_s), "held", "accepted")),
        (all_of(known("$_slot.id"), room), "waitlisted"),
    ]


def _placed(hold_s: str) -> Expression:
    """The entry that the decision puts somewhere, with its first answer."""
    got = when(_did("held", "accepted"), seated(hold_s, "$_slot.starts_at"), {"state": "$_do"})
    rank = when(_did("waitlisted"), _RANK, "$$REMOVE")
    first = {"verdict": "$_do", "rank": rank, "held_until": "$$got.held_until"}
    answered = {"first": first, "seq": {"$add": ["$seq", 1]}}
    return {"$let": {"vars": {"got": got}, "in": merged("$_e", "$$got", answered)}}


def _put(how: str) -> list[Stage]:
    """Put the placed ``_e`` into the array of its state, and tell of it."""
    told = first_case(
        [
            (_did("held", "accepted"), seat_row("$_e", how, _FACTS)),
            (_did("waitlisted"), row("booking_waitlisted", "$_e", merged(_FACTS, {"rank": _RANK}))),
        ],
        row("booking_requested", "$_e", merged(_FACTS, {"state": "$_do"})),
    )
    return [
        {
            "$set": {
                "seq": {"$add": ["$seq", when(_DONE, 1, 0)]},
                "taken": joined("$taken", when(_did("held", "accepted"), ["$_e"], [])),
                "waiting": joined("$waiting", when(_did("waitlisted"), ["$_e"], [])),
                "asked": joined("$asked", when(_did("requested", "submitted"), ["$_e"], [])),
                "_new": joined("$_new", when(_DONE, [told], [])),
            }
        }
    ]


def book() -> list[Stage]:
    """Seat, queue or ask; an order that was seen before changes nothing, and nothing is also a refusal."""
    # A line is one child's: where the child was never met, neither was the line.
    line = all_of(same("$$e.confirmation_id", "$_e.confirmation_id"), same("$$e.line", "$_e.line"))
    late = all_of(past("$_slot.booking_closes_at"), no("$_op.past_deadline_allowed"))
    decide = first_case(
        [
            ({"$ne": [or_null("$_slot.open"), True]}, None),
            (all_of("$_met", some(those(EVERYBODY, line))), None),
            (_STANDS, None),
            (all_of("$_late", same("$_slot.booking_afterwards", "refuse")), None),
            (same("$_op.decision_mode", "deferred"), "submitted"),
            (same("$_op.decision_mode", "on_request"), "requested"),
            (all_of("$_late", same("$_slot.booking_afterwards", "request")), "requested"),
            *_place("$_e.hold_s"),
        ],
        None,
    )
    return [
        {"$set": {"_e": "$_op.entry"}},
        {"$set": {**_find_slot(), "_queue": those("$waiting", same("$$e.slot", "$_e.slot")), "_met": _MET}},
        {"$set": {"_late": late}},
        {"$set": {"_do": decide}},
        {"$set": {"_e": merged(_placed("$_e.hold_s"), {"late": when("$_late", True, "$$REMOVE")})}},
        *_put("booked"),
    ]


def cancel() -> list[Stage]:
    """Give back what stands under the booking, or ask staff to; too late and refused changes nothing."""
    late = all_of(past("$_slot.cancelling_closes_at"), no("$_op.forced"))
    asks = any_of("$_op.on_request", all_of("$_late", same("$_after", "request")))
    decide = first_case(
        [
            (same("$_state", None), None),
            (all_of(same("$_state", "cancellation_requested"), no("$_op.forced")), None),
            (all_of("$_late", same("$_after", "refuse")), None),
            (all_of(_may(Act.ASK_TO_CANCEL), no("$_op.forced"), asks), "cancellation_requested"),
        ],
        "cancelled",
    )
    by = {"by_confirmation_id": "$_op.by_confirmation_id", "by_line": "$_op.by_line"}
    left = merged("$_e", by, {"state": "cancelled", "held_until": None, "gone_at": NOW})
    asked = merged("$$e", by, {"state": "cancellation_requested"})
    extra = {"was": "$_state", "in_time": no("$_late")}
    told = first_case(
        [
            (_did("cancelled"), [row("booking_cancelled", "$_e", extra)]),
            (_did("cancellation_requested"), [row("cancellation_asked", "$_e", {})]),
        ],
        [],
    )
    return [
        *_find_standing(),
        {"$set": {"_after": {"$ifNull": ["$_slot.cancelling_afterwards", "surcharge"]}, "_late": late}},
        {"$set": {"_do": decide}},
        _leave(left, "cancelled", asked, "cancellation_requested", told),
    ]


def _find_standing() -> list[Stage]:
    return [
        {"$set": {"_e": {"$first": those(STANDING, _IS_ENTRY)}}},
        {"$set": {"_state": or_null("$_e.state"), **_find_slot()}},
    ]


def _leave(left: Expression, leaves: str, changed: Expression, changes: str, told: Expression) -> Stage:
    """Move the entry to ``gone`` when it leaves, or change it among the taken when it only changes."""
    gone = _did(leaves)
    change = each("$taken", when(_IS_ENTRY, changed, "$$e"))
    return {
        "$set": {
            "taken": first_case([(gone, those("$taken", _IS_OTHER)), (_did(changes), change)], "$taken"),
            "waiting": when(gone, those("$waiting", _IS_OTHER), "$waiting"),
            "asked": when(gone, those("$asked", _IS_OTHER), "$asked"),
            "gone": when(gone, joined("$gone", [left]), "$gone"),
            "_new": joined("$_new", told),
        }
    }


def pay() -> list[Stage]:
    """Accept what is held; else retake an expired seat if one is free and nobody waits; else it is lost."""
    retakable = all_of(
        "$_op.retake",
        no("$_op.elsewhere"),
        one_of("$_e.state", ["expired", "accepted"]),
        same(or_null("$_slot.open"), True),
        {"$lt": [NOW, "$_slot.starts_at"]},
        none(those("$waiting", same("$$e.slot", "$_e.slot"))),
        no(_STANDS),
        fits("$_e.gauges"),
    )
    decide = first_case(
        [
            (_may(Act.PAY), "pay"),
            ({"$ne": ["$_state", None]}, None),
            (same({"$first": "$_left.lost"}, True), None),
            (retakable, "retake"),
        ],
        "lost",
    )
    return [
        {"$set": {"_found": those(STANDING, _IS_ENTRY), "_left": those("$gone", _IS_ENTRY)}},
        {"$set": {"_state": or_null({"$first": "$_found.state"})}},
        {"$set": {"_e": {"$first": joined("$_found", "$_left", ["$_op.entry"])}}},
        {"$set": {**_find_slot(), "_met": _MET}},
        {"$set": {"_do": decide}},
        _paid(),
    ]


def _paid() -> Stage:
    """Write what a payment decided: paid in its place, taken again, or remembered as lost."""
    fields = {"state": "accepted", "held_until": None}
    again = merged("$_e", fields, {"seq": {"$add": ["$seq", 1]}, "gone_at": None})
    kept = {"state": {"$ifNull": [{"$first": "$_left.state"}, when("$_op.retake", "expired", "cancelled")]}}
    gone_at = {"$ifNull": ["$_e.gone_at", NOW]}
    lost = merged("$_e", kept, {"held_until": None, "gone_at": gone_at, "lost": True})
    others = those("$gone", _IS_OTHER)
    told = first_case(
        [
            (_did("pay", "retake"), [row("booking_accepted", "$_e", {"how": "paid"})]),
            (_did("lost"), [row("seat_lost", "$_e", {})]),
        ],
        [],
    )
    accept = each("$taken", when(_IS_ENTRY, merged("$$e", fields), "$$e"))
    taken = first_case([(_did("pay"), accept), (_did("retake"), joined("$taken", [again]))], "$taken")
    gone = first_case([(_did("retake"), others), (_did("lost"), joined(others, [lost]))], "$gone")
    return {
        "$set": {
            "seq": {"$add": ["$seq", when(_did("retake"), 1, 0)]},
            "taken": taken,
            "gone": gone,
            "_new": joined("$_new", told),
        }
    }


def reshape() -> list[Stage]:
    """Take new gauges and slots; what is not offered any more is shut, nobody evicted."""
    kept = those("$gauges", no(one_of("$$e.name", "$_op.gauges.name")))
    old = those("$slots", no(one_of("$$e.id", "$_op.slots.id")))
    shut = each(old, merged("$$e", {"open": False}))
    gauges, slots = joined("$_op.gauges", kept), joined("$_op.slots", shut)
    differs = any_of(
        _differ("$gauges", gauges, without={"taken": 0}), _differ("$slots", slots, without={"waiting": 0})
    )
    return [{"$set": {"gauges": gauges, "slots": slots, "_shaped": when(differs, 1, 0)}}]


def _differ(before: Expression, after: Expression, *, without: Expression) -> Expression:
    """Tell whether two lists differ in more than what is counted in their documents."""
    return {"$ne": [each(before, merged("$$e", without)), each(after, merged("$$e", without))]}
