"""Billing as booking sees it: it prices, it settles, and it tells what was paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, cast

from marshmallow import fields

from booking.ports.tolerant import Tolerant
from booking.vocabulary import (
    BookingFacts,
    ChargingMode,
    CreditGiven,
    OfficeDue,
    QuotedPrices,
    SettlementAnswer,
    SettlementState,
)
from chassis.running.failpoints import failpoint
from chassis.running.log import get_logger
from chassis.values.context import Context
from chassis.values.errors import Failed, Refused, Unavailable
from chassis.values.event import Event
from chassis.values.instants import to_text

log = get_logger()


class Rpc(Protocol):
    """What the chassis gives for calling another service."""

    def call(
        self, service: str, method: str, context: Context, request: dict[str, Any], timeout_s: float = ...
    ) -> dict[str, Any]:
        """Ask and wait; raises Refused, Unavailable or Failed."""


@dataclass(frozen=True, slots=True)
class BookingToPrice:
    """A new booking whose price is asked; `charged` says that it is expected to be paid at once."""

    line: int
    booking_id: str
    facts: BookingFacts
    charged: bool


@dataclass(frozen=True, slots=True)
class CancellationToPrice:
    """A cancellation of which is asked what it gives back."""

    line: int
    booking_id: str
    charging_mode: ChargingMode


@dataclass(frozen=True, slots=True)
class Settlement:
    """What billing is told after the seats were written.

    `held` is (line, booking id, held until), `cancelled` is (line, booking id).
    """

    id: str
    quote_id: str | None
    family_id: str
    held: tuple[tuple[int, str, datetime], ...]
    cancelled: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class _PriceRead:
    line: int
    price_cents: int


@dataclass(frozen=True, slots=True)
class _CreditRead:
    line: int
    amount_cents: int


@dataclass(frozen=True, slots=True)
class _QuoteRead:
    quote_id: str
    expires_at: datetime
    lines: Sequence[_PriceRead]
    credits: Sequence[_CreditRead]
    offices: Sequence[OfficeDue]


@dataclass(frozen=True, slots=True)
class _SettlementRead:
    state: str
    offices: Sequence[OfficeDue]
    credit_notes: Sequence[CreditGiven]


class _Office(Tolerant):
    into = OfficeDue
    cash_office_id = fields.String(required=True)
    name = fields.String(required=True)
    bookings_cents = fields.Integer(required=True)
    credits_used_cents = fields.Integer(required=True)
    amount_due_cents = fields.Integer(required=True)


class _Price(Tolerant):
    into = _PriceRead
    line = fields.Integer(required=True)
    price_cents = fields.Integer(required=True)


class _Credit(Tolerant):
    into = _CreditRead
    line = fields.Integer(required=True)
    amount_cents = fields.Integer(required=True)


class _Quote(Tolerant):
    into = _QuoteRead
    quote_id = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)
    lines = fields.List(fields.Nested(_Price), required=True)
    credits = fields.List(fields.Nested(_Credit), load_default=list)
    offices = fields.List(fields.Nested(_Office), required=True)


class _CreditGiven(Tolerant):
    into = CreditGiven
    booking_id = fields.String(required=True)
    number = fields.String(required=True)
    amount_cents = fields.Integer(required=True)


class _Settlement(Tolerant):
    into = _SettlementRead
    state = fields.String(required=True)
    offices = fields.List(fields.Nested(_Office), required=True)
    credit_notes = fields.List(fields.Nested(_CreditGiven), load_default=list)


_QUOTE = _Quote()
_SETTLEMENT = _Settlement()


class Billing:
    """Asks billing; every question has an end."""

    def __init__(self, rpc: Rpc, quote_timeout_s: float, settle_timeout_s: float) -> None:
        self._rpc = rpc
        self._quote_timeout_s = quote_timeout_s
        self._settle_timeout_s = settle_timeout_s

    def quote(
        self,
        context: Context,
        quote_id: str,
        bookings: Sequence[BookingToPrice],
        cancellations: Sequence[CancellationToPrice],
    ) -> QuotedPrices:
        """Ask for prices that stay frozen for half an hour.

        Raises Unavailable when billing does not answer.
        """
        request = {
            "quote_id": quote_id,
            "bookings": [_booking(one) for one in bookings],
            "cancellations": [
                {
                    "line": one.line,
                    "booking_id": one.booking_id,
                    "charging_mode": one.charging_mode.value,
                }
                for one in cancellations
            ],
        }
        answer = self._rpc.call("billing", "quote", context, request, timeout_s=self._quote_timeout_s)
        read = cast("_QuoteRead", _QUOTE.load(answer))
        return QuotedPrices(
            id=read.quote_id,
            expires_at=read.expires_at,
            prices_cents={each.line: each.price_cents for each in read.lines},
            credits_cents={each.line: each.amount_cents for each in read.credits},
            offices=tuple(read.offices),
        )

    def settle(self, context: Context, settlement: Settlement) -> SettlementAnswer | None:
        """Tell what is held and what was given back; billing assigns avoirs and says what is left to pay.

        Idempotent by the settlement's id. None when it gives no answer, whatever the cause: nothing is known
        then, and it is asked again.
        """
        request = {
            "settlement_id": settlement.id,
            "quote_id": settlement.quote_id,
            "family_id": settlement.family_id,
            "held": [
                {"line": line, "booking_id": booking_id, "held_until": to_text(held_until)}
                for line, booking_id, held_until in settlement.held
            ],
            "cancelled": [
                {"line": line, "booking_id": booking_id} for line, booking_id in settlement.cancelled
            ],
        }
        try:
            answer = self._rpc.call("billing", "settle", context, request, timeout_s=self._settle_timeout_s)
        except (Unavailable, Failed, Refused) as error:
            log.warning("settle_unanswered", confirmation=settlement.id, error=str(error))
            return None
        failpoint("booking.settle.after_call")
        read = cast("_SettlementRead", _SETTLEMENT.load(answer))
        return SettlementAnswer(
            state=SettlementState(read.state),
            held_until=min((held_until for _, _, held_until in settlement.held), default=None),
            amount_due_cents=sum(office.amount_due_cents for office in read.offices),
            offices=tuple(read.offices),
            credit_notes=tuple(read.credit_notes),
        )


def _booking(one: BookingToPrice) -> dict[str, Any]:
    return {
        "line": one.line,
        "booking_id": one.booking_id,
        "child_id": one.facts.child_id,
        "activity_id": one.facts.activity_id,
        "activity_group": one.facts.activity_group,
        "day": one.facts.day.isoformat(),
        "day_part": one.facts.day_part.value,
        "charging_mode": one.facts.charging_mode.value,
        "charged": one.charged,
    }


@dataclass(frozen=True, slots=True)
class SettledLine:
    """A booking that is paid."""

    booking_id: str


@dataclass(frozen=True, slots=True)
class PaymentSettled:
    """Billing's event: what was asked under `settlement_id` is paid for these bookings."""

    settlement_id: str
    lines: Sequence[SettledLine]

    @property
    def booking_ids(self) -> tuple[str, ...]:
        """The bookings that are paid."""
        return tuple(line.booking_id for line in self.lines)


class _SettledLine(Tolerant):
    into = SettledLine
    booking_id = fields.String(required=True)


class _PaymentSettled(Tolerant):
    into = PaymentSettled
    settlement_id = fields.String(required=True)
    lines = fields.List(fields.Nested(_SettledLine), required=True)


_PAYMENT_SETTLED = _PaymentSettled()


def payment_settled(event: Event) -> PaymentSettled:
    """Read billing's event."""
    return cast("PaymentSettled", _PAYMENT_SETTLED.load(event.data))
