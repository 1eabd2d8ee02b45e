"""Confirming a basket: written first, then done, then answered, and answered once.

The steps and what a crash between two of them leaves are told in `docs/rules/confirmations.md`.
"""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from booking.basket.model import BasketState, Draft, DraftKey, Line
from booking.basket.rules.drafts import why_not
from booking.basket.rules.lines import ReviewInput, refused_at_once
from booking.basket.rules.overlaps import days_to_look_at, refuse_overlaps
from booking.basket.store import Drafts
from booking.confirmations import contract, render
from booking.confirmations.contract import Confirm
from booking.confirmations.doors import settling
from booking.confirmations.doors.paying import holding
from booking.confirmations.doors.tracking import as_answered
from booking.confirmations.model import Confirmation
from booking.confirmations.rules.orders import answered, order_of, owner_of, to_write, withdrawal_of
from booking.confirmations.rules.payments import held, to_settle
from booking.confirmations.rules.requests import request_keys, requests_of
from booking.confirmations.store import Confirmations, Numbers
from booking.copies.model import Child
from booking.copies.store import Children
from booking.offer.model import Offer
from booking.offer.store import Offers
from booking.ports import Call
from booking.seats import store as seats
from booking.seats.model import SeatsDocument, Stamp
from booking.settings import settings
from booking.vocabulary import Action
from chassis.doors.capabilities import own_family
from chassis.doors.rpc import rpc
from chassis.running.failpoints import failpoint
from chassis.storage.documents import Document
from chassis.storage.mongo import is_outage
from chassis.values.errors import Refused

BUSY_RETRY_S = 1


@rpc(own_family(), request=contract.ConfirmRequest(), reply=contract.ConfirmationReply())
def confirm(call: Call, request: Confirm) -> Document:
    """Confirm the draft that was reviewed under this quote.

    Refused: not_found, draft_empty, review_stale, confirmation_in_progress, idempotency_mismatch.
    """
    key, basket = name_of(call, "confirm", request.key), DraftKey(call.account_id, request.draft_id)
    confirmations = call.store(Confirmations)
    children = call.store(Children).current(call.scope)
    found = confirmations.asked(call.scope, key, basket) or call.store(Drafts).find(call.scope, basket)
    if found is None:
        raise Refused("not_found", "no such open draft")
    if isinstance(found, Confirmation):
        return again(call, found, request.body_sha256)
    refusal = why_not(found, request.quote_id, call.now())
    if refusal is not None:
        raise Refused(refusal.value, "this is not what was reviewed a while ago")
    asked = of_basket(call, found, children, found.id)
    asked = replace(asked, key=key, body_sha256=request.body_sha256)
    if not confirmations.begin(call.scope, asked, found):
        return after_another(call, asked, found)
    failpoint("booking.confirm.after_begin")
    return as_answered(call, complete(call, asked))


def complete(call: Call, confirmation: Confirmation) -> Confirmation:
    """The confirmation with its answer, once all that it asks is done, whatever of it was done before.

    Who meets an outage gives it back at once: only a process that died keeps others waiting for its lease.
    """
    now, confirmations = call.now(), call.store(Confirmations)
    with _given_back_in_an_outage(call, confirmation):
        if now < confirmation.asked_at + timedelta(seconds=settings().replay_s):
            confirmation, documents = _write(call, confirmation, now)
        else:
            # So late nobody may book any more: seats that were got before are all there is.
            documents = _read(call, confirmation)
        failpoint("booking.confirm.after_seats")
        confirmation = answered(confirmation, documents, holding(call), now)
        settle_at = None
        if to_settle(confirmation.lines, now):
            payment = call.ports.billing.settle(call.as_service(), settling.settlement_of(confirmation))
            confirmation, settle_at = settling.with_payment(call, confirmation, payment, now)
        confirmation = replace(confirmation, state=BasketState.ANSWERED, answered_at=call.now())
        failpoint("booking.confirm.before_answer")
        told = [render.answered_entry(confirmation)]
        kept = confirmations.answer(call.scope, confirmation, told, settle_at)
        failpoint("booking.confirm.after_answer")
        call.bell.wake()
        _have_swept(call, confirmation, settle_at)
        if not kept:  # somebody else has answered meanwhile: that answer stands
            confirmation = confirmations.resume(call.scope, confirmation.id) or confirmation
    return confirmation


def _have_swept(call: Call, confirmation: Confirmation, settle_at: datetime | None) -> None:
    """Tell the sweep when a hold ends, and when billing is to be asked again."""
    held_until = [line.answer.held_until for line in held(confirmation.lines) if line.answer]
    for due in (settle_at, *held_until):
        if due is not None:
            call.timers.wake("sweep", due - call.now())


@contextlib.contextmanager
def _given_back_in_an_outage(call: Call, confirmation: Confirmation) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        if is_outage(error):
            with contextlib.suppress(Exception):  # the lease ends by itself
                call.store(Confirmations).give_back(call.scope, confirmation, call.now())
        raise


def after_another(call: Call, asked: Confirmation, basket: Draft | None = None) -> Document:
    """Answer what could not be begun: it was asked before, or it waits for another one of its children's.

    That other one is completed first if it was left alone.
    """
    confirmations = call.store(Confirmations)
    known = confirmations.asked_as(call.scope, asked.asked_as)
    if known is not None:
        return again(call, known, asked.body_sha256)
    before = confirmations.open_for(call.scope, {line.facts.child_id for line in asked.lines})
    if before is not None:
        left = _taken_over(call, before)
        if left is None:
            raise _in_progress()
        complete(settling.continued(call, left), left)
    if not confirmations.begin(call.scope, asked, basket):
        raise _in_progress()
    failpoint("booking.confirm.after_begin")
    return as_answered(call, complete(call, asked))


def again(call: Call, known: Confirmation, body_sha256: str) -> Document:
    """Answer a confirmation that was asked before: the same answer, or its completion."""
    if known.body_sha256 != body_sha256:
        raise Refused("idempotency_mismatch", "the key was used with another body")
    if known.state is BasketState.ANSWERED:
        return as_answered(call, known)
    left = _taken_over(call, known)
    if left is not None:
        return as_answered(call, complete(call, left))
    current = call.store(Confirmations).find(call.scope, known.id)
    if current is not None and current.state is BasketState.ANSWERED:
        return as_answered(call, current)
    raise _in_progress()


def _taken_over(call: Call, left: Confirmation) -> Confirmation | None:
    now = call.now()
    return call.store(Confirmations).take_over(call.scope, left.id, now, _lease(now))


def of_basket(call: Call, draft: Draft, children: Mapping[str, Child], confirmation_id: str) -> Confirmation:
    """The confirmation of a reviewed draft.

    What children and periods do not allow now is refused at once.
    """
    review = draft.review
    if review is None:
        raise Refused("review_stale", "the draft was not reviewed")
    offer = call.store(Offers).known(call.scope)
    given = ReviewInput(offer, children, {}, call.now())
    lines = tuple(refused_at_once(line, given) for line in review.lines)
    asked = of_lines(call, offer, confirmation_id, lines)
    return replace(asked, draft_id=draft.id, quote_id=review.quote_id)


def of_lines(call: Call, offer: Offer, confirmation_id: str, lines: tuple[Line, ...]) -> Confirmation:
    """The confirmation of these lines, its requests numbered."""
    now = call.now()
    year = now.astimezone(ZoneInfo(offer.organisation.time_zone)).year
    numbers = call.store(Numbers).take(call.scope, year, len(request_keys(lines)))
    return Confirmation(
        id=confirmation_id,
        organisation_id=call.scope.organisation_id,
        account_id=call.account_id,
        family_id=call.family_id,
        body_sha256="",
        draft_id=None,
        quote_id=None,
        request_id=call.request_id,
        asked_at=now,
        lease_until=_lease(now),
        lines=lines,
        requests=requests_of(confirmation_id, lines, numbers),
        actor=call.actor.as_document(),
    )


def _write(
    call: Call, confirmation: Confirmation, now: datetime
) -> tuple[Confirmation, dict[str, SeatsDocument]]:
    """Make the seat updates: cancellations, then, beside what still stands, bookings.

    New bookings at hours that are taken are refused; a child has one confirmation at a time, so this holds.
    """
    there, mine = call.store(seats.Seats), _entries_of(confirmation)
    when = Stamp(now, call.request_id, call.actor.as_document())
    cancels = [
        seats.cancel(call.scope, line.seats_id or "", withdrawal_of(line, confirmation), when)
        for line in to_write(confirmation, Action.CANCEL)
    ]
    documents = there.apply_reading(cancels, mine)
    failpoint("booking.confirm.inside_seats")
    days = days_to_look_at(confirmation.lines)
    if days is not None:
        standing = there.of_children(call.scope, mine.child_ids, days)
        offer = call.store(Offers).known(call.scope)
        lines = refuse_overlaps(confirmation.lines, offer, standing, confirmation.id)
        confirmation = replace(confirmation, lines=lines)
    owner, kept = owner_of(confirmation), holding(call)
    books = [
        seats.book(call.scope, line.seats_id or "", order_of(line, owner, kept), when)
        for line in to_write(confirmation, Action.BOOK)
    ]
    documents |= there.apply_reading(books, mine)
    if len(cancels) > 1 or len(books) > 1:
        documents = _read(call, confirmation)
    return confirmation, documents


def _read(call: Call, confirmation: Confirmation) -> dict[str, SeatsDocument]:
    ids = sorted({line.seats_id for line in confirmation.lines if line.seats_id})
    return call.store(seats.Seats).read(call.scope, ids, _entries_of(confirmation))


def _entries_of(confirmation: Confirmation) -> seats.EntryFilter:
    """Whoever stands there for a confirmation is one of its children."""
    return seats.EntryFilter(child_ids=tuple(sorted({line.facts.child_id for line in confirmation.lines})))


def name_of(call: Call, route: str, key: str) -> str:
    """Name what is asked by who asks it where and under which key: asking twice finds the same one."""
    return call.ids.derived_id(call.scope.organisation_id, call.account_id, route, key)


def _lease(now: datetime) -> datetime:
    return now + timedelta(seconds=settings().lease_s)


def _in_progress() -> Refused:
    """Say "later": the one before is usually answered within a second; left alone, within its lease."""
    return Refused(
        "confirmation_in_progress",
        "another confirmation of this child is not answered yet",
        retry_after_s=BUSY_RETRY_S,
    )
