"""Confirming a basket or cancelling one booking: written first, then done, then answered, and answered once.

The steps and what a crash between two of them leaves are told in `docs/rules/confirmations.md`.
"""

import contextlib
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from booking.basket.model import Draft, Line
from booking.basket.rules.lines import Sight, line_of_record, refused_at_once
from booking.basket.rules.overlaps import days_to_look_at, refuse_overlaps
from booking.confirmations import render
from booking.confirmations.doors import settling
from booking.confirmations.doors.tracking import as_answered, record_of
from booking.confirmations.model import Confirmation, ConfirmationState
from booking.confirmations.rules.orders import answered, order_of, owner_of, to_write, withdrawal_of
from booking.confirmations.rules.requests import request_keys, requests_of
from booking.desk import Desk, family_of, occasion, organisation_of
from booking.offer.model import Offer
from booking.offer.rules.openings import period_of
from booking.seats import store as seats
from booking.seats.model import SeatsDocument
from booking.vocabulary import Action
from chassis.running.failpoints import failpoint
from chassis.storage.mongo import is_outage
from chassis.values.context import Context
from chassis.values.errors import Refused

BUSY_RETRY_S = 1


def confirm(desk: Desk, context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Confirm the draft that was reviewed under this quote."""
    confirmation_id = _named(desk, context, "confirm", request["key"])
    draft_id, body = request["draft_id"], request["body_sha256"]
    now = desk.clock.now()
    draft = desk.store.drafts.claim(context, draft_id, request["quote_id"], confirmation_id, now)
    failpoint("booking.confirm.after_claim")
    if draft is None:
        known = desk.store.confirmations.find(context, confirmation_id)
        if known is not None:
            return _again(desk, context, known, body)
        # Another process may have been killed between taking the basket and writing the confirmation.
        draft = desk.store.drafts.claimed(context, draft_id, confirmation_id)
        if draft is None:
            raise _why_not(desk, context, draft_id)
    asked = _of_draft(desk, context, draft, confirmation_id, body)
    try:
        return _first_time(desk, context, asked)
    except Refused:
        known = desk.store.confirmations.find(context, confirmation_id)
        if known is None or known.draft_id != draft_id:
            desk.store.drafts.reopen(context, draft_id, confirmation_id)
        raise


def cancel(desk: Desk, context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Cancel one booking: a confirmation of one line."""
    confirmation_id = _named(desk, context, "cancel", request["key"])
    known = desk.store.confirmations.find(context, confirmation_id)
    if known is not None:
        return _again(desk, context, known, request["body_sha256"])
    record = record_of(desk, context, request["booking_id"])
    offer = desk.offer(context)
    period = period_of(offer.periods, record.centre_id, record.day)
    line = line_of_record(record, offer.activities.get(record.activity_id), 1)
    line = replace(line, period_id=period.id if period else None)
    asked = _asked(desk, context, offer, confirmation_id, (line,))
    return _first_time(desk, context, replace(asked, body_sha256=request["body_sha256"]))


def complete(desk: Desk, context: Context, confirmation: Confirmation) -> Confirmation:
    """Do what a confirmation asks, whatever of it was done before, and give it its answer.

    Who meets an outage gives it back at once: only a process that died keeps others waiting for its lease.
    """
    try:
        return _completed(desk, context, confirmation)
    except Exception as error:
        if is_outage(error):
            with contextlib.suppress(Exception):  # the lease ends by itself
                desk.store.confirmations.give_back(context, confirmation, desk.clock.now())
        raise


def _completed(desk: Desk, context: Context, confirmation: Confirmation) -> Confirmation:
    now = desk.clock.now()
    if now < confirmation.asked_at + timedelta(seconds=desk.settings.replay_s):
        confirmation, documents = _write(desk, context, confirmation, now)
    else:
        # So late nobody may book any more: seats that were got before are all there is.
        documents = _read(desk, context, confirmation)
    failpoint("booking.confirm.after_seats")
    confirmation = answered(confirmation, documents, desk.holding(), now)
    confirmation, settle_at = settling.settle(desk, context, confirmation, now)
    confirmation = replace(confirmation, state=ConfirmationState.ANSWERED, answered_at=desk.clock.now())
    failpoint("booking.confirm.before_answer")
    kept = desk.store.confirmations.answer(context, confirmation, [_event(confirmation)], settle_at)
    failpoint("booking.confirm.after_answer")
    desk.relay.wake()
    if not kept:  # somebody else has answered meanwhile: that answer stands
        confirmation = desk.store.confirmations.resume(context, confirmation.id) or confirmation
    return confirmation


def _first_time(desk: Desk, context: Context, asked: Confirmation) -> dict[str, Any]:
    for _ in range(2):
        if desk.store.confirmations.insert(context, asked):
            failpoint("booking.confirm.after_insert")
            return as_answered(complete(desk, context, asked))
        known = desk.store.confirmations.find(context, asked.id)
        if known is not None:
            return _again(desk, context, known, asked.body_sha256)
        _finish_the_one_before(desk, context, asked)
    raise _in_progress()


def _finish_the_one_before(desk: Desk, context: Context, asked: Confirmation) -> None:
    """Make room for a confirmation whose child has another one open.

    Complete that one if it was left alone.
    """
    before = desk.store.confirmations.open_for(context, {line.child_id for line in asked.lines})
    if before is None:
        return
    now = desk.clock.now()
    left = desk.store.confirmations.take_over(context, before.id, now, _lease(desk, now))
    if left is None:
        raise _in_progress()
    complete(desk, settling.continued(context, left), left)


def _again(desk: Desk, context: Context, known: Confirmation, body_sha256: str) -> dict[str, Any]:
    """Answer a confirmation that was asked before: the same answer, or its completion."""
    if known.body_sha256 != body_sha256:
        raise Refused("idempotency_mismatch", "the key was used with another body")
    if known.state is ConfirmationState.ANSWERED:
        return as_answered(known)
    now = desk.clock.now()
    left = desk.store.confirmations.take_over(context, known.id, now, _lease(desk, now))
    if left is None:
        current = desk.store.confirmations.find(context, known.id)
        if current is not None and current.state is ConfirmationState.ANSWERED:
            return as_answered(current)
        raise _in_progress()
    return as_answered(complete(desk, context, left))


def _of_draft(
    desk: Desk, context: Context, draft: Draft, confirmation_id: str, body_sha256: str
) -> Confirmation:
    """Make the confirmation of a reviewed draft.

    What children and periods do not allow now is refused at once.
    """
    review = draft.review
    if review is None:
        raise Refused("review_stale", "the draft was not reviewed")
    offer, now = desk.offer(context), desk.clock.now()
    children = desk.store.children.find(context, {line.child_id for line in review.lines})
    sight = Sight(offer, children, {}, now)
    lines = tuple(refused_at_once(line, sight) for line in review.lines)
    asked = _asked(desk, context, offer, confirmation_id, lines)
    return replace(asked, body_sha256=body_sha256, draft_id=draft.id, quote_id=review.quote_id)


def _asked(
    desk: Desk, context: Context, offer: Offer, confirmation_id: str, lines: tuple[Line, ...]
) -> Confirmation:
    now = desk.clock.now()
    year = now.astimezone(ZoneInfo(offer.organisation.time_zone)).year
    numbers = desk.store.numbers.take(context, year, len(request_keys(lines)))
    return Confirmation(
        id=confirmation_id,
        organisation_id=organisation_of(context),
        account_id=context.account_id or "",
        family_id=family_of(context),
        body_sha256="",
        draft_id=None,
        quote_id=None,
        request_id=context.request_id,
        asked_at=now,
        lease_until=_lease(desk, now),
        lines=lines,
        requests=requests_of(confirmation_id, lines, numbers),
    )


def _without_overlaps(desk: Desk, context: Context, confirmation: Confirmation) -> Confirmation:
    """Refuse new bookings at hours that are taken.

    One child's confirmations follow each other, so this holds.
    """
    days = days_to_look_at(confirmation.lines)
    if days is None:
        return confirmation
    children = sorted({line.child_id for line in confirmation.lines})
    standing = desk.store.seats.of_children(confirmation.organisation_id, children, *days)
    lines = refuse_overlaps(confirmation.lines, desk.offer(context), standing, confirmation.id)
    return replace(confirmation, lines=lines)


def _write(
    desk: Desk, context: Context, confirmation: Confirmation, now: datetime
) -> tuple[Confirmation, dict[str, SeatsDocument]]:
    """Make the seat updates: cancellations, then, beside what still stands, bookings.

    One line of a kind is read back in the round trip of its write.
    """
    when, organisation_id = occasion(context, now), confirmation.organisation_id
    cancels = [
        seats.cancel(organisation_id, line.seats_id or "", withdrawal_of(line, confirmation), when)
        for line in to_write(confirmation, Action.CANCEL)
    ]
    documents = _apply(desk, confirmation, cancels)
    failpoint("booking.confirm.inside_seats")
    confirmation = _without_overlaps(desk, context, confirmation)
    owner, holding = owner_of(confirmation), desk.holding()
    books = [
        seats.book(organisation_id, line.seats_id or "", order_of(line, owner, holding), when)
        for line in to_write(confirmation, Action.BOOK)
    ]
    documents |= _apply(desk, confirmation, books)
    if len(cancels) > 1 or len(books) > 1:
        documents = _read(desk, context, confirmation)
    return confirmation, documents


def _apply(desk: Desk, confirmation: Confirmation, changes: list[seats.Change]) -> dict[str, SeatsDocument]:
    """Make changes of one kind; one alone is read back, several are not."""
    if len(changes) != 1:
        desk.store.seats.apply(changes)
        return {}
    document = desk.store.seats.apply_one(changes[0], _interest(confirmation))
    return {document.id: document} if document is not None else {}


def _read(desk: Desk, context: Context, confirmation: Confirmation) -> dict[str, SeatsDocument]:
    ids = sorted({line.seats_id for line in confirmation.lines if line.seats_id})
    return desk.store.seats.read(organisation_of(context), ids, _interest(confirmation))


def _interest(confirmation: Confirmation) -> seats.Interest:
    """Whoever stands there for a confirmation is one of its children."""
    return seats.Interest(child_ids=tuple({line.child_id for line in confirmation.lines}))


def _event(confirmation: Confirmation) -> dict[str, Any]:
    return {
        "id": f"{confirmation.id}:answered",
        "name": "confirmation_answered",
        "aggregate_id": confirmation.id,
        "sequence": 1,
        "at": confirmation.answered_at,
        "request_id": confirmation.request_id,
        "data": render.answered_event(confirmation),
    }


def _named(desk: Desk, context: Context, route: str, key: str) -> str:
    """Name a confirmation by who asks what under which key: asking twice finds the same one."""
    return desk.ids.derived_id(organisation_of(context), context.account_id or "", route, key)


def _lease(desk: Desk, now: datetime) -> datetime:
    return now + timedelta(seconds=desk.settings.lease_s)


def _in_progress() -> Refused:
    """Say "later": the one before is usually answered within a second; left alone, within its lease."""
    return Refused(
        "confirmation_in_progress",
        "another confirmation of this child is not answered yet",
        retry_after_s=BUSY_RETRY_S,
    )


def _why_not(desk: Desk, context: Context, draft_id: str) -> Refused:
    draft = desk.store.drafts.find(context, draft_id)
    if draft is None:
        return Refused("not_found", "no such open draft")
    if not draft.movements:
        return Refused("draft_empty", "there is nothing to confirm")
    return Refused("review_stale", "the draft changed, or its prices are too old: review it again")
