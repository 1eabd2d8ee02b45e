"""Drafts and reviews as messages, and a review as a document."""

from collections.abc import Iterable
from datetime import datetime

from booking.basket.model import Draft, Line, Movement, Review
from booking.basket.rules.account import Account, account
from booking.basket.rules.drafts import Ignored
from booking.copies.model import Organisation
from booking.copies.render import letterhead
from booking.labels import cancellable_facts, day_text, instant_text, office
from booking.tables import Row, table
from booking.vocabulary import Action, Verdict
from booking.words import EXPECTED, SAID, legend, remark, state_cell
from chassis.printing.document import Block, Cell, Heading, Paragraph, Sums
from chassis.printing.document import Document as PdfDocument
from chassis.storage.documents import Document
from chassis.values import typography
from chassis.values.instants import to_text


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


def printed_review(shown: Review, organisation: Organisation, now: datetime, language: str) -> PdfDocument:
    """Return a review as it was shown, with its two tables and an account that can be added up."""
    said, zone = SAID[language], organisation.time_zone
    promised = typography.moment(to_text(shown.expires_at), zone, language)
    blocks: list[Block] = [Paragraph(typography.typeset(said["nothing_yet"].format(promised), language))]
    for action, title in ((Action.BOOK, said["bookings"]), (Action.CANCEL, said["cancellations"])):
        rows = [_row(line, language) for line in shown.lines if line.action is action]
        if rows:
            blocks += [Heading(title), table(title, rows, language)]
    sums = account(shown.lines, shown.offices)
    blocks += [Heading(said["sums"]), Sums(_sums(sums, language))]
    if sums.left_over:
        left = said["left_over"].format(typography.money(sums.left_over, language))
        blocks.append(Paragraph(typography.typeset(left, language)))
    states = [line.answer.verdict.value for line in shown.lines if line.answer]
    seen = typography.moment(to_text(now), zone, language)
    return PdfDocument(
        title=said["review"],
        language=language,
        letterhead=letterhead(organisation, language),
        at=now,
        blocks=(*blocks, legend(states, language, EXPECTED)),
        foot=f"{organisation.name}, {said['seen_at'].lower()} {seen}",
    )


def _row(line: Line, language: str) -> Row:
    answer, state = line.answer, Cell(typography.UNKNOWN)
    if answer is None:
        return line.facts, state, line.facts.cost_cents
    state = state_cell(answer.verdict.value, language, EXPECTED, remark(answer.reason, answer.rank, language))
    refused = answer.verdict is Verdict.REFUSED
    return line.facts, state, None if refused else line.facts.cost_cents


def _sums(sums: Account, language: str) -> tuple[tuple[str, str], ...]:
    said, taken_off = SAID[language], ("waiting", "invoiced", "wallet", "own_credit", "earlier_credit")
    shown = [(name, -getattr(sums, name)) for name in taken_off if getattr(sums, name)]
    rows = (("asked_for", sums.asked_for), *shown, ("due", sums.due))
    return tuple((said[name], typography.money(cents, language)) for name, cents in rows)
