"""Doors of the basket: nothing here is held, and everything is said again at the confirmation."""

from typing import Any

from booking.basket import render
from booking.basket.model import Draft, Line, Movement, Review
from booking.basket.rules import drafts
from booking.basket.rules.lines import Sight, is_offered, lines_of, pools_of
from booking.basket.rules.overlaps import days_to_look_at, refuse_overlaps
from booking.basket.rules.prices import free_quote, is_quoted, priced
from booking.desk import Desk, family_of, organisation_of
from booking.planning.doors import own_children
from booking.vocabulary import Action, DayPart, Quote
from chassis.values.context import Context
from chassis.values.errors import Failed, Refused, Unavailable

CHANGE_ATTEMPTS_MAX = 5


def open_draft(desk: Desk, context: Context) -> dict[str, Any]:
    """Give the account's one open draft in the organisation; not_found for who has no family there."""
    organisation_of(context)
    family_of(context)
    return {"draft": render.draft(desk.store.drafts.open(context, desk.ids.new_id(), desk.clock.now()))}


def get_draft(desk: Desk, context: Context, draft_id: str) -> dict[str, Any]:
    """Show an open draft."""
    return {"draft": render.draft(_draft(desk, context, draft_id))}


def change_draft(desk: Desk, context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Put movements in and take movements out; two tabs that change at once both get their way."""
    offer = desk.offer(context)
    add = [_movement(row) for row in request["add"]]
    remove = [_movement(row) for row in request["remove"]]
    children = own_children(desk, context, (movement.child_id for movement in add)) if add else {}
    if not all(is_offered(movement, offer, children) for movement in add):
        raise Refused("not_found", "a movement names an activity, centre or part of day that is not offered")
    for _ in range(CHANGE_ATTEMPTS_MAX):
        draft = _draft(desk, context, request["draft_id"])
        movements, ignored = drafts.changed(draft.movements, add, remove)
        kept = desk.store.drafts.keep_movements(context, draft, movements, desk.clock.now())
        if kept is not None:
            refused = [{"movement": render.movement(one), "code": why.value} for one, why in ignored]
            return {"draft": render.draft(kept), "ignored": refused}
    raise Refused("conflict", "the draft changes too often", retry_after_s=1)


def clear_draft(desk: Desk, context: Context, draft_id: str) -> dict[str, Any]:
    """Empty a draft."""
    for _ in range(CHANGE_ATTEMPTS_MAX):
        draft = _draft(desk, context, draft_id)
        kept = desk.store.drafts.keep_movements(context, draft, (), desk.clock.now())
        if kept is not None:
            return {"draft": render.draft(kept)}
    raise Refused("conflict", "the draft changes too often", retry_after_s=1)


def abandon_draft(desk: Desk, context: Context, draft_id: str) -> dict[str, Any]:
    """Throw a draft away."""
    if not desk.store.drafts.close(context, draft_id, desk.clock.now()):
        raise Refused("not_found", "no such open draft")
    return {}


def review(desk: Desk, context: Context, draft_id: str) -> dict[str, Any]:
    """Show what confirming the draft would answer now, at prices that stay for half an hour."""
    draft = _draft(desk, context, draft_id)
    if not draft.movements:
        raise Refused("draft_empty", "there is nothing to review")
    quote_id = desk.ids.new_id()
    lines = _lines(desk, context, draft, quote_id)
    quote = _quote(desk, context, quote_id, lines)
    shown = Review(
        draft_id=draft.id,
        draft_version=draft.version,
        quote_id=quote.id,
        expires_at=quote.expires_at,
        lines=priced(lines, quote),
        offices=quote.offices,
    )
    if not desk.store.drafts.keep_review(context, shown):
        raise Refused("conflict", "the draft changed while it was reviewed", retry_after_s=1)
    return {"review": render.review(shown)}


def _lines(desk: Desk, context: Context, draft: Draft, quote_id: str) -> tuple[Line, ...]:
    offer, organisation_id = desk.offer(context), organisation_of(context)
    children = own_children(desk, context, (movement.child_id for movement in draft.movements))
    if not all(is_offered(movement, offer, children) for movement in draft.movements):
        raise Refused("not_found", "the draft holds something that is not offered any more")
    pools, span = pools_of(draft.movements)
    found = desk.store.seats.counters(organisation_id, pools, span, list(children), family_of(context))
    counters = {one.seats_id: one for one in found}
    # A booking's id follows from the quote, so that billing prices it under the name that it will have.
    booking_ids = [desk.ids.derived_id(quote_id, number) for number in range(len(draft.movements))]
    sight = Sight(offer, children, counters, desk.clock.now())
    lines = lines_of(draft.movements, sight, booking_ids)
    days = days_to_look_at(lines)
    if days is None:
        return lines
    standing = desk.store.seats.of_children(organisation_id, list(children), *days)
    return refuse_overlaps(lines, offer, standing)


def _quote(desk: Desk, context: Context, quote_id: str, lines: tuple[Line, ...]) -> Quote:
    asked = [line for line in lines if is_quoted(line)]
    if not asked:
        return free_quote(quote_id, desk.clock.now())
    try:
        return desk.billing.quote(context, quote_id, asked)
    except (Unavailable, Failed) as error:
        raise Refused("unavailable", f"billing gives no prices: {error}", retry_after_s=2) from error


def _draft(desk: Desk, context: Context, draft_id: str) -> Draft:
    draft = desk.store.drafts.find(context, draft_id)
    if draft is None:
        raise Refused("not_found", "no such open draft")
    return draft


def _movement(row: dict[str, Any]) -> Movement:
    return Movement(
        action=Action(row["action"]),
        child_id=row["child_id"],
        activity_id=row["activity_id"],
        centre_id=row["centre_id"],
        day=row["day"],
        day_part=DayPart(row["day_part"]),
    )
