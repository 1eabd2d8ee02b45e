"""The draft: what a family has in mind, and the review of it. Amounts are integer cents."""

from dataclasses import dataclass

from gateway.clients.booking.facts import CancellableFacts


@dataclass(frozen=True, slots=True)
class Movement:
    """One change in a draft: `action` is book or cancel."""

    action: str
    child_id: str
    activity_id: str
    centre_id: str
    day: str
    day_part: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The changes that an account has gathered."""

    id: str
    version: int
    updated_at: str
    movements: tuple[Movement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """A movement that the draft did not take, and why."""

    movement: Movement
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedDraft:
    """The draft after a change."""

    draft: Draft
    ignored: tuple[Ignored, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewLine(CancellableFacts):
    """One movement as it would be answered if it were confirmed now."""

    line: int
    expected: str
    reason: str | None = None
    rank: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The sums of a review."""

    bookings_cents: int
    cancellations_cents: int
    credits_used_cents: int
    amount_due_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """What one cash office charges."""

    cash_office_id: str
    name: str
    bookings_cents: int
    credits_used_cents: int
    amount_due_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What confirming a draft would do and cost; `next` is ok or pay."""

    draft_id: str
    draft_version: int
    quote_id: str
    expires_at: str
    bookings: tuple[ReviewLine, ...]
    cancellations: tuple[ReviewLine, ...]
    totals: Totals
    offices: tuple[Office, ...]
    next: str
