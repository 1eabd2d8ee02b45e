"""Drafts and reviews as messages."""

from collections.abc import Iterable

from booking.basket.model import Draft, Line, Movement, Review
from booking.basket.rules.drafts import Ignored
from booking.labels import cancellable_facts, day_text, instant_text, office
from booking.vocabulary import Action, Verdict
from chassis.storage.documents import Document


def ignored(found: Iterable[tuple[Movement, Ignored]]) -> list[Document]:
    """Write what a draft did not take, and why."""
    return [{"movement": movement(one), "code": why.value} for one, why in found]


def movement(one: Movement) -> Document:
    """Write one movement."""
    return {
        "action": one.action.value,
        "child_id": one.child_id,
        "activity_id": one.activity_id,
        "centre_id": one.centre_id,
        "day": day_text(one.day),
        "day_part": one.day_part.value,
    }


def draft(one: Draft) -> Document:
    """Write a draft."""
    return {
        "id": one.id,
        "version": one.version,
        "movements": [movement(each) for each in one.movements],
        "updated_at": instant_text(one.updated_at),
    }


def review(draft: Draft, one: Review) -> Document:
    """Write a review with its two tables and the sums under them; refused lines cost nothing."""
    lines = [_line(line) for line in one.lines]
    bookings = [line for line, known in zip(lines, one.lines, strict=True) if known.action is Action.BOOK]
    cancellations = [
        line for line, known in zip(lines, one.lines, strict=True) if known.action is Action.CANCEL
    ]
    due_cents = sum(each.amount_due_cents for each in one.offices)
    return {
        "draft_id": draft.id,
        "draft_version": draft.version,
        "quote_id": one.quote_id,
        "expires_at": instant_text(one.expires_at),
        "bookings": bookings,
        "cancellations": cancellations,
        "totals": {
            "bookings_cents": _sum(bookings),
            "cancellations_cents": _sum(cancellations),
            "credits_used_cents": sum(each.credits_used_cents for each in one.offices),
            "amount_due_cents": due_cents,
        },
        "offices": [office(each) for each in one.offices],
        "next": "pay" if due_cents else "ok",
    }


def _sum(lines: Iterable[Document]) -> int:
    return sum(line["cost_cents"] or 0 for line in lines)


def _line(line: Line) -> Document:
    answer = line.answer
    refused = answer is not None and answer.verdict is Verdict.REFUSED
    return {
        "line": line.line,
        **cancellable_facts(line.facts, line.cancelling_closes_at),
        **({"cost_cents": None} if refused else {}),
        "expected": answer.verdict.value if answer else None,
        "reason": answer.reason.value if answer and answer.reason else None,
        "rank": answer.rank if answer else None,
    }
