"""Confirmations: the second validation of a basket with its answer, its numbered requests and its money."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from booking.basket.model import BasketState, Line
from booking.vocabulary import SettlementAnswer


class RequestState(StrEnum):
    """The state of a numbered request, derived from its lines."""

    AWAITING_PAYMENT = "awaiting_payment"
    SUBMITTED = "submitted"
    REQUESTED = "requested"
    ACCEPTED = "accepted"
    PARTLY_ACCEPTED = "partly_accepted"
    WAITLISTED = "waitlisted"
    REFUSED = "refused"
    CANCELLATION_REQUESTED = "cancellation_requested"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class NumberedRequest:
    """What a confirmation makes for one child, centre and period."""

    id: str
    number: str
    child_id: str
    centre_id: str
    period_id: str | None


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The second validation of a basket, or the cancelling of one booking.

    ``lines`` and ``payment`` are the stored answer and never change once ``answered``; ``money`` is where the
    payment stands now. ``lease_until`` is until when one process has the answering to itself. ``actor`` is
    who asked, as events tell of it; None where an earlier release wrote it. ``key`` is the name under which a
    basket was confirmed; a confirmation without one is itself called so.
    """

    id: str
    organisation_id: str
    account_id: str
    family_id: str
    body_sha256: str
    draft_id: str | None
    quote_id: str | None
    request_id: str
    asked_at: datetime
    lease_until: datetime
    lines: tuple[Line, ...]
    requests: tuple[NumberedRequest, ...] = ()
    state: BasketState = BasketState.CONFIRMING
    answered_at: datetime | None = None
    payment: SettlementAnswer = field(default_factory=SettlementAnswer)
    money: SettlementAnswer = field(default_factory=SettlementAnswer)
    actor: Mapping[str, str] | None = None
    key: str | None = None

    @property
    def asked_as(self) -> str:
        """The name that the same question has when it is asked again."""
        return self.key or self.id
