"""Billing as booking sees it: it prices, it settles, and it tells what was paid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from marshmallow import fields

from booking.basket.model import Line
from booking.basket.rules.prices import is_charged
from booking.ports import Tolerant
from booking.vocabulary import Action, Office, Payment, PaymentState, Quote
from chassis.values.context import Context
from chassis.values.event import Event


class Rpc(Protocol):
    """What the chassis gives for calling another service."""

    def call(
        self, service: str, method: str, context: Context, request: dict[str, Any], timeout_s: float = ...
    ) -> dict[str, Any]:
        """Ask and wait; raises Refused, Unavailable or Failed."""


class _Office(Tolerant):
    cash_office_id = fields.String(required=True)
    name = fields.String(required=True)
    bookings_cents = fields.Integer(required=True)
    credits_used_cents = fields.Integer(required=True)
    amount_due_cents = fields.Integer(required=True)


class _Price(Tolerant):
    line = fields.Integer(required=True)
    price_cents = fields.Integer(required=True)


class _Credit(Tolerant):
    line = fields.Integer(required=True)
    amount_cents = fields.Integer(required=True)


class _Quote(Tolerant):
    quote_id = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)
    lines = fields.List(fields.Nested(_Price), required=True)
    credits = fields.List(fields.Nested(_Credit), load_default=list)
    offices = fields.List(fields.Nested(_Office), required=True)


class _Settlement(Tolerant):
    state = fields.String(required=True)
    offices = fields.List(fields.Nested(_Office), required=True)


_QUOTE = _Quote()
_SETTLEMENT = _Settlement()


class Billing:
    """Billing as booking sees it: it prices a basket, and settles what was confirmed."""

    def __init__(self, rpc: Rpc, quote_timeout_s: float, settle_timeout_s: float) -> None:
        self._rpc = rpc
        self._quote_timeout_s = quote_timeout_s
        self._settle_timeout_s = settle_timeout_s

    def quote(self, context: Context, quote_id: str, lines: Sequence[Line]) -> Quote:
        """Ask for prices that stay frozen for half an hour.

        Raises Unavailable when billing does not answer.
        """
        request = {
            "quote_id": quote_id,
            "bookings": [_quoted(line) for line in lines if line.action is Action.BOOK],
            "cancellations": [
                {
                    "line": line.line,
                    "booking_id": line.booking_id,
                    "charging_mode": line.charging_mode.value,
                }
                for line in lines
                if line.action is Action.CANCEL and line.booking_id
            ],
        }
        asking = context.as_service("booking")
        answer = self._rpc.call("billing", "quote", asking, request, timeout_s=self._quote_timeout_s)
        quote = _QUOTE.load(answer)
        return Quote(
            id=quote["quote_id"],
            expires_at=quote["expires_at"],
            prices_cents={line["line"]: line["price_cents"] for line in quote["lines"]},
            credits_cents={credit["line"]: credit["amount_cents"] for credit in quote["credits"]},
            offices=tuple(Office(**office) for office in quote["offices"]),
        )

    def settle(self, context: Context, settlement: "Settlement") -> Payment:
        """Tell what is held and what was given back; billing assigns avoirs and says what is left to pay.

        Idempotent by the settlement's id. Raises Unavailable, Failed or Refused; then nothing is known.
        """
        request = {
            "settlement_id": settlement.id,
            "quote_id": settlement.quote_id,
            "family_id": settlement.family_id,
            "held": [
                {"line": line, "booking_id": booking_id, "held_until": _instant(held_until)}
                for line, booking_id, held_until in settlement.held
            ],
            "cancelled": [
                {"line": line, "booking_id": booking_id} for line, booking_id in settlement.cancelled
            ],
        }
        answer = self._rpc.call("billing", "settle", context, request, timeout_s=self._settle_timeout_s)
        read = _SETTLEMENT.load(answer)
        offices = tuple(Office(**office) for office in read["offices"])
        return Payment(
            state=PaymentState(read["state"]),
            held_until=min((held_until for _, _, held_until in settlement.held), default=None),
            amount_due_cents=sum(office.amount_due_cents for office in offices),
            offices=offices,
        )


@dataclass(frozen=True, slots=True)
class Settlement:
    """What billing is told after the seats were written.

    (line, booking id, held until) and (line, booking id).
    """

    id: str
    quote_id: str | None
    family_id: str
    held: tuple[tuple[int, str, datetime], ...]
    cancelled: tuple[tuple[int, str], ...]


def _quoted(line: Line) -> dict[str, Any]:
    return {
        "line": line.line,
        "booking_id": line.booking_id,
        "child_id": line.child_id,
        "activity_id": line.activity_id,
        "activity_group": line.activity_group,
        "day": line.day.isoformat(),
        "day_part": line.day_part.value,
        "charging_mode": line.charging_mode.value,
        "charged": is_charged(line),
    }


def _instant(instant: datetime) -> str:
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class _SettledLine(Tolerant):
    booking_id = fields.String(required=True)


class _PaymentSettled(Tolerant):
    settlement_id = fields.String(required=True)
    lines = fields.List(fields.Nested(_SettledLine), required=True)


_PAYMENT_SETTLED = _PaymentSettled()


def payment_settled(event: Event) -> tuple[str, tuple[str, ...]]:
    """Read billing's event: settlement id, and the bookings that are paid."""
    data: Mapping[str, Any] = _PAYMENT_SETTLED.load(event.data)
    return data["settlement_id"], tuple(line["booking_id"] for line in data["lines"])
