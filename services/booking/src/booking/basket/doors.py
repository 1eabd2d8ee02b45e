"""Doors of the basket: nothing here is held, and everything is said again at the confirmation."""

from booking.basket import contract, render
from booking.basket.contract import ChangeDraft, DraftNamed, ListOffer, OpenDraft, PrintReview
from booking.basket.model import Draft, DraftKey, Line, Review
from booking.basket.rules.drafts import changed
from booking.basket.rules.lines import ReviewInput, is_offered, lines_of, pools_of
from booking.basket.rules.overlaps import days_to_look_at, refuse_overlaps
from booking.basket.rules.prices import free_quote, is_charged, is_quoted, priced
from booking.basket.store import Drafts
from booking.copies.store import Children
from booking.offer.render import offer as written_offer
from booking.offer.store import Offers
from booking.planning import render as planning_render
from booking.planning import rules as planning_rules
from booking.planning.contract import GetCalendar
from booking.planning.rules import PlanningInput, by_pool_and_day
from booking.ports import Call
from booking.ports.billing import BookingToPrice, CancellationToPrice
from booking.seats.store import Seats
from booking.vocabulary import Action, QuotedPrices
from booking.words import SAID
from chassis.doors.capabilities import own_family
from chassis.doors.rpc import rpc
from chassis.printing.contract import PrintedReply, printed
from chassis.storage.documents import Document
from chassis.values.collation import alphabetical
from chassis.values.errors import Failed, Refused, Unavailable

CHANGE_ATTEMPTS_MAX = 5


@rpc(own_family(), request=contract.ListOfferRequest(), reply=contract.Offer())
def list_offer(call: Call, request: ListOffer) -> Document:
    """Show what the family may choose from today, with the account's basket and days where these are asked.

    Refused: not_found for days of a child or an activity that is not there.
    """
    offer, children = call.store(Offers).known(call.scope), call.store(Children).of_family(call.scope)
    shown = written_offer(offer, children, call.now())
    if request.with_draft:
        shown["draft"] = render.draft(_opened(call))
    if request.calendar is not None:
        shown["calendar"] = _calendar(call, request.calendar)
    return shown


def _calendar(call: Call, asked: GetCalendar) -> Document:
    """Return what planning's own door tells of some days."""
    offer = call.store(Offers).known(call.scope)
    children = call.store(Children).own(call.scope, asked.child_ids)
    slots = planning_rules.chosen_slots(offer, asked.activity_id, asked.centre_id, alphabetical)
    if slots is None:
        raise Refused("not_found", "no such activity")
    span, one_alone = (asked.from_on, asked.to_on), asked.activity_id is not None
    pools = planning_rules.pools_of(slots)
    found = call.store(Seats).counters(call.scope, pools, span, list(children))
    seen = PlanningInput(offer, by_pool_and_day(found), call.now())
    series = planning_rules.series_of(seen, children.values(), slots, span, one_alone=one_alone)
    return planning_render.planning(
        offer, children.values(), span, series, asked.centre_id, one_alone=one_alone
    )


@rpc(own_family(), request=contract.OpenDraftRequest(), reply=contract.DraftReply())
def open_draft(call: Call, request: OpenDraft) -> Document:  # noqa: ARG001 - nothing is asked
    """Give the account's one open draft in the organisation; not_found for who has no family there."""
    return {"draft": render.draft(_opened(call))}


@rpc(own_family(), request=contract.DraftRequest(), reply=contract.DraftReply())
def get_draft(call: Call, request: DraftNamed) -> Document:
    """Show an open draft. Refused: not_found."""
    return {"draft": render.draft(_found(call, request.draft_id))}


@rpc(own_family(), request=contract.ChangeDraftRequest(), reply=contract.ChangedDraft())
def change_draft(call: Call, request: ChangeDraft) -> Document:
    """Put movements in and take movements out; two tabs that change at once both get their way.

    Refused: not_found for a draft, a child or something that is not offered; conflict.
    """
    offer, named = call.store(Offers).known(call.scope), [movement.child_id for movement in request.add]
    children = call.store(Children).own(call.scope, named)
    if not all(is_offered(movement, offer, children) for movement in request.add):
        raise Refused("not_found", "a movement names an activity, centre or part of day that is not offered")
    for _ in range(CHANGE_ATTEMPTS_MAX):
        draft = _found(call, request.draft_id)
        movements, ignored = changed(draft.movements, request.add, request.remove)
        kept = call.store(Drafts).keep_movements(call.scope, draft, movements, call.now())
        if kept is not None:
            return {"draft": render.draft(kept), "ignored": render.ignored(ignored)}
    raise Refused("conflict", "the draft changes too often", retry_after_s=1)


@rpc(own_family(), request=contract.DraftRequest(), reply=contract.DraftReply())
def clear_draft(call: Call, request: DraftNamed) -> Document:
    """Empty a draft. Refused: not_found, conflict."""
    for _ in range(CHANGE_ATTEMPTS_MAX):
        draft = _found(call, request.draft_id)
        kept = call.store(Drafts).keep_movements(call.scope, draft, (), call.now())
        if kept is not None:
            return {"draft": render.draft(kept)}
    raise Refused("conflict", "the draft changes too often", retry_after_s=1)


@rpc(own_family(), request=contract.DraftRequest(), reply=contract.Nothing())
def abandon_draft(call: Call, request: DraftNamed) -> Document:
    """Throw a draft away. Refused: not_found."""
    if not call.store(Drafts).close(call.scope, _found(call, request.draft_id).key, call.now()):
        raise Refused("not_found", "no such open draft")
    return {}


@rpc(own_family(), request=contract.DraftRequest(), reply=contract.ReviewReply())
def review(call: Call, request: DraftNamed) -> Document:
    """Show what confirming the draft would answer now, at prices that stay for half an hour.

    Refused: not_found, draft_empty, conflict; unavailable while billing is silent.
    """
    draft = _found(call, request.draft_id)
    if not draft.movements:
        raise Refused("draft_empty", "there is nothing to review")
    quote_id = call.ids.new_id()
    lines = _lines(call, draft, quote_id)
    quote = _quote(call, quote_id, lines)
    shown = Review(quote.id, quote.expires_at, priced(lines, quote), quote.offices)
    if not call.store(Drafts).keep_review(call.scope, draft, shown):
        raise Refused("conflict", "the draft changed while it was reviewed", retry_after_s=1)
    return {"review": render.review(draft, shown)}


@rpc(own_family(), request=contract.PrintReviewRequest(), reply=PrintedReply())
def print_review(call: Call, request: PrintReview) -> Document:
    """Make the review of a draft as PDF, as it was shown. Refused: not_found; review_stale without one."""
    shown = _found(call, request.draft_id).review
    if shown is None:
        raise Refused("review_stale", "the draft was not reviewed, or has changed since")
    organisation = call.store(Offers).known(call.scope).organisation
    document = render.printed_review(shown, organisation, call.now(), request.language)
    pdf = call.ports.press.make(document, call.left_s())
    return printed(f"{SAID[request.language]['review_file']}.pdf", pdf)


def _lines(call: Call, draft: Draft, quote_id: str) -> tuple[Line, ...]:
    offer, named = call.store(Offers).known(call.scope), [movement.child_id for movement in draft.movements]
    children = call.store(Children).own(call.scope, named)
    if not all(is_offered(movement, offer, children) for movement in draft.movements):
        raise Refused("not_found", "the draft holds something that is not offered any more")
    found = call.store(Seats).counters(call.scope, *pools_of(draft.movements), list(children))
    # A booking's id follows from the quote, so that billing prices it under the name that it will have.
    booking_ids = [call.ids.derived_id(quote_id, number) for number in range(len(draft.movements))]
    given = ReviewInput(offer, children, {one.seats_id: one for one in found}, call.now())
    lines = lines_of(draft.movements, given, booking_ids)
    days = days_to_look_at(lines)
    if days is None:
        return lines
    standing = call.store(Seats).of_children(call.scope, list(children), days)
    return refuse_overlaps(lines, offer, standing)


def _quote(call: Call, quote_id: str, lines: tuple[Line, ...]) -> QuotedPrices:
    asked = [line for line in lines if is_quoted(line)]
    if not asked:
        return free_quote(quote_id, call.now())
    bookings = [
        BookingToPrice(line.line, line.booking_id or "", line.facts, is_charged(line))
        for line in asked
        if line.action is Action.BOOK
    ]
    cancellations = [
        CancellationToPrice(line.line, line.booking_id or "", line.facts.charging_mode)
        for line in asked
        if line.action is Action.CANCEL
    ]
    try:
        return call.ports.billing.quote(call.as_service(), quote_id, bookings, cancellations)
    except (Unavailable, Failed) as error:
        raise Refused("unavailable", f"billing gives no prices: {error}", retry_after_s=2) from error


def _opened(call: Call) -> Draft:
    fresh = DraftKey(call.account_id, call.ids.new_id())
    return call.store(Drafts).open(call.scope, fresh, call.now())


def _found(call: Call, draft_id: str) -> Draft:
    draft = call.store(Drafts).find(call.scope, _key(call, draft_id))
    if draft is None:
        raise Refused("not_found", "no such open draft")
    return draft


def _key(call: Call, draft_id: str) -> DraftKey:
    return DraftKey(call.account_id, draft_id)
