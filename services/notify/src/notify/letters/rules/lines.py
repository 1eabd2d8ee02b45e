"""The lines of a letter: by child and request, days with the same outcome in one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from notify.letters.model import Entry, Group, Letter, ToldCredit
from notify.vocabulary import MessageKind

Facts = Mapping[str, Any]

_SAME = ("activity_name", "arrives_at", "leaves_at", "charging_mode")


def groups_of(letter: Letter) -> tuple[Group, ...]:
    """Return what a letter tells of bookings: a group for each child and request, in the order told.

    Days of one activity with the same hours and outcome are one entry, with the sum of their prices.
    """
    notes: dict[str, ToldCredit] = {note.booking_id: note for note in credit_notes_of(letter)}
    found: dict[tuple[str, str], dict[tuple[object, ...], list[Facts]]] = {}
    for line in _lines(letter):
        of_child = found.setdefault((line["child_name"], line.get("request_number") or ""), {})
        same = (outcome_of(letter.kind, line), line.get("reason"), line.get("rank"))
        of_child.setdefault((*same, *(line.get(name) for name in _SAME)), []).append(line)
    return tuple(
        Group(child, number, tuple(_entry(letter.kind, lines, notes) for lines in entries.values()))
        for (child, number), entries in found.items()
    )


def counts_of(letter: Letter) -> dict[str, int]:
    """Return how many lines of a letter have each outcome, in the order told."""
    return dict(Counter(outcome_of(letter.kind, line) for line in _lines(letter)))


def credit_notes_of(letter: Letter) -> tuple[ToldCredit, ...]:
    """Return the avoirs that a letter tells of, each once."""
    told = letter.facts.get("credit_notes") or letter.facts.get("payment", {}).get("credit_notes") or ()
    return tuple(
        ToldCredit(
            note["number"],
            note["amount_cents"],
            note.get("booking_id") or "",
            note.get("cash_office_name") or "",
        )
        for note in told
    )


def outcome_of(kind: MessageKind, line: Facts) -> str:
    """Return the name of what became of a line; its words are among the labels of each language."""
    if line.get("action"):
        return f"{line['action']}_{line['verdict']}"
    return f"closed_{line['was']}" if "was" in line else kind.value


def _lines(letter: Letter) -> Sequence[Facts]:
    """Return the bookings that a letter is about: its lines, or the one that it tells of."""
    facts: Facts = letter.facts
    if "lines" in facts:
        lines: Sequence[Facts] = facts["lines"] or ()
        return lines
    one: Facts = facts.get("facts", facts)
    return [one] if "day" in one else []


def _entry(kind: MessageKind, lines: Sequence[Facts], notes: Mapping[str, ToldCredit]) -> Entry:
    first, costs = lines[0], [line.get("cost_cents") for line in lines]
    return Entry(
        outcome=outcome_of(kind, first),
        days=tuple(line["day"].isoformat() for line in lines),
        activity_name=first["activity_name"],
        arrives_at=first.get("arrives_at"),
        leaves_at=first.get("leaves_at"),
        charging_mode=first.get("charging_mode") or "",
        reason=first.get("reason") or "",
        rank=first.get("rank"),
        cost_cents=None if None in costs else sum(cost for cost in costs if cost is not None),
        credited_cents=sum(
            notes[line["booking_id"]].amount_cents for line in lines if line.get("booking_id") in notes
        ),
    )
