"""The basket: gather movements, review, confirm. Nothing counts before the confirmation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flask import request
from marshmallow import Schema, ValidationError, validate, validates_schema

from gateway import clients, errors, session
from gateway.api.family.confirmations import ConfirmationAnswer, Office, located
from gateway.api.family.facts import CancellableFacts
from gateway.api.fields import Amount, Asked, Day, Id, Instant, Int, NothingSchema, One, Str, each
from gateway.api.names import ACTIONS, BOOKING_STATES, DAY_PARTS
from gateway.api.operation import Headers, Resource, etag
from gateway.clients import booking
from gateway.clients.asking import Printed
from gateway.errors import Refused
from gateway.idempotency import Key

blueprint = Resource("drafts", __name__, url_prefix="/drafts", description="The basket")

MOVEMENTS_MAX: Final = 500


class MovementSchema(Asked):
    """One line of the basket: a new booking or a cancellation."""

    into = booking.Movement

    action = Str(validate=validate.OneOf(ACTIONS))
    child_id = Id()
    activity_id = Id()
    centre_id = Id()
    day = Day()
    day_part = Str(validate=validate.OneOf(DAY_PARTS))


class Draft(Schema):
    """The basket; its version is its ETag."""

    id = Id()
    version = Int()
    movements = each(MovementSchema)
    updated_at = Instant()


class DraftAnswer(Schema):
    """One basket."""

    draft = One(Draft)


@dataclass(frozen=True, slots=True)
class Changes:
    """Which movements are added and which are taken away."""

    add: list[booking.Movement]
    remove: list[booking.Movement]


class ChangesSchema(Asked):
    """Movements to add and to take away, one at least; each movement is named by all its fields."""

    into = Changes

    add = each(MovementSchema, required=False, load_default=list, validate=validate.Length(max=MOVEMENTS_MAX))
    remove = each(
        MovementSchema, required=False, load_default=list, validate=validate.Length(max=MOVEMENTS_MAX)
    )

    @validates_schema
    def _something(self, data: Mapping[str, object], **_: object) -> None:
        """Refuse a change that changes nothing: whoever sends it has misnamed what they meant."""
        if not data["add"] and not data["remove"]:
            raise ValidationError("Name at least one movement to add or to take away.")


class Ignored(Schema):
    """A movement that the basket did not take, and why."""

    movement = One(MovementSchema)
    code = Str()


class Changed(Schema):
    """The basket after the change."""

    draft = One(Draft)
    ignored = each(Ignored)


class ReviewLine(CancellableFacts):
    """One line as it would be answered if it were confirmed now."""

    line = Int()
    expected = Str(validate=validate.OneOf(BOOKING_STATES))
    reason = Str(allow_none=True)
    rank = Int(allow_none=True)


class Totals(Schema):
    """The sums of the review."""

    bookings = Amount()
    cancellations = Amount()
    credits_used = Amount()
    amount_due = Amount()


class Review(Schema):
    """What confirming would do and cost; the prices of the quote stand until `expires_at`."""

    draft_id = Id()
    draft_version = Int()
    quote_id = Id()
    expires_at = Instant()
    bookings = each(ReviewLine)
    cancellations = each(ReviewLine)
    totals = One(Totals)
    offices = each(Office)
    next = Str(validate=validate.OneOf(["ok", "pay"]))


class ReviewAnswer(Schema):
    """One review."""

    review = One(Review)


@dataclass(frozen=True, slots=True)
class Consent:
    """Which quote the person has read."""

    quote_id: str


class ConsentSchema(Asked):
    """The quote that the person has read."""

    into = Consent

    quote_id = Id()


DraftReply = dict[str, booking.Draft]


def _tagged(draft: booking.Draft) -> tuple[DraftReply, Headers]:
    return {"draft": draft}, {"ETag": etag(draft.version)}


@blueprint.operation(
    "POST", "", policy="family", body=NothingSchema, returns=DraftAnswer, headers=("ETag", "Location")
)
def open_draft() -> tuple[DraftReply, Headers]:
    """Open the account's basket: the one that is open, or a new one."""
    draft = clients.current().booking.open_draft(session.context())
    reply, headers = _tagged(draft)
    return reply, {**headers, "Location": f"/api/v1/drafts/{draft.id}"}


@blueprint.operation("GET", "/<id:draft_id>", policy="family", returns=DraftAnswer, headers=("ETag",))
def get_draft(draft_id: str) -> tuple[DraftReply, Headers]:
    """Show a basket."""
    return _tagged(clients.current().booking.get_draft(session.context(), draft_id))


@blueprint.operation(
    "PATCH",
    "/<id:draft_id>",
    policy="family",
    body=ChangesSchema,
    returns=Changed,
    refuses=("precondition_failed", "conflict"),
    headers=("ETag",),
    if_match=True,
)
def change_draft(body: Changes, draft_id: str) -> tuple[booking.ChangedDraft, Headers]:
    """Add movements to the basket and take others away; what it does not take comes back with a reason."""
    _check_version(draft_id)
    changed = clients.current().booking.change_draft(
        session.context(), draft_id, add=body.add, remove=body.remove
    )
    return changed, {"ETag": etag(changed.draft.version)}


def _check_version(draft_id: str) -> None:
    """Refuse when the caller read another version; without If-Match movements simply add up."""
    expected = request.if_match
    if not expected or expected.star_tag:
        return
    version = clients.current().booking.get_draft(session.context(), draft_id).version
    if not expected.contains(str(version)):
        raise Refused("precondition_failed")


@blueprint.operation("DELETE", "/<id:draft_id>", policy="family", status=204)
def abandon_draft(draft_id: str) -> None:
    """Throw the basket away."""
    clients.current().booking.abandon_draft(session.context(), draft_id)


@blueprint.operation(
    "POST",
    "/<id:draft_id>/clear",
    policy="family",
    body=NothingSchema,
    returns=DraftAnswer,
    refuses=("conflict",),
    headers=("ETag",),
)
def clear_draft(draft_id: str) -> tuple[DraftReply, Headers]:
    """Empty the basket and keep it."""
    return _tagged(clients.current().booking.clear_draft(session.context(), draft_id))


@blueprint.operation(
    "GET",
    "/<id:draft_id>/review",
    policy="family",
    returns=ReviewAnswer,
    refuses=("draft_empty", "conflict", "no_tariff", "no_wallet"),
)
def review_draft(draft_id: str) -> dict[str, booking.Review]:
    """Review the basket: the expected outcome and the cost of each line; nothing is held yet."""
    return {"review": clients.current().booking.review(session.context(), draft_id)}


@blueprint.operation(
    "POST",
    "/<id:draft_id>/confirmation",
    policy="family",
    body=ConsentSchema,
    returns=ConfirmationAnswer,
    status=201,
    refuses=("review_stale", "confirmation_in_progress", "draft_empty"),
    key=True,
    headers=("Location",),
)
def confirm_draft(body: Consent, draft_id: str, key: Key) -> tuple[dict[str, booking.Confirmation], Headers]:
    """Confirm the basket: every line is checked again and answered on its own."""
    return located(
        clients.current().booking.confirm(
            session.context(), draft_id, body.quote_id, key=key.key, body_sha256=key.body_sha256
        )
    )


@blueprint.operation(
    "GET", "/<id:draft_id>/review.pdf", policy="family", prints=True, refuses=("review_stale",)
)
def print_review(draft_id: str) -> Printed:
    """Return the last review of a draft as PDF, in the language that the caller accepts."""
    return clients.current().booking.print_review(session.context(), draft_id, errors.language())
