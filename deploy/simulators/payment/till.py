"""The payments that the simulator knows, in memory, with a clock of its own.

What is wrong on purpose is in `faults`.
"""

import secrets
import threading
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

PAGE_OPEN = timedelta(minutes=15)
KEPT_MAX = 100_000


@dataclass(frozen=True, slots=True)
class Intent:
    """What a shop asks for; the same reference again must ask for the same."""

    reference: str
    amount_cents: int
    email: str
    label: str
    return_url: str
    notify_url: str


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment. `result`: pending, paid, refused, abandoned (until the page closes), expired."""

    id: str
    intent: Intent
    opened_at: datetime
    result: str = "pending"
    authorisation: str | None = None
    paid_at: datetime | None = None


class OtherIntentError(Exception):
    """A reference came again with another content."""


@dataclass
class Till:
    """All payments; every method may be called from any thread."""

    _payments: dict[str, Payment] = field(default_factory=dict)
    _by_reference: dict[str, str] = field(default_factory=dict)
    _offset: timedelta = timedelta()
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def now(self) -> datetime:
        """Tell the simulator's own time, in UTC."""
        return datetime.now(UTC) + self._offset

    def advance(self, seconds: float) -> datetime:
        """Move the clock, and tell the new time."""
        with self._lock:
            self._offset += timedelta(seconds=seconds)
        return self.now()

    def open(self, intent: Intent) -> Payment:
        """Open a payment, or find the one of the same reference."""
        with self._lock:
            known = self._payments.get(self._by_reference.get(intent.reference, ""))
            if known is not None:
                if known.intent != intent:
                    raise OtherIntentError(intent.reference)
                return known
            if len(self._payments) >= KEPT_MAX:
                self._payments.clear()
                self._by_reference.clear()
            payment = Payment(str(uuid4()), intent, self.now())
            self._payments[payment.id] = payment
            self._by_reference[intent.reference] = payment.id
            return payment

    def find(self, payment_id: str) -> Payment | None:
        """Find a payment as it stands now: one that nobody finished in time is expired."""
        payment = self._payments.get(payment_id)
        if payment and payment.result == "pending" and self.now() >= payment.opened_at + PAGE_OPEN:
            return replace(payment, result="expired")
        return payment

    def decide(self, payment_id: str, result: str) -> Payment | None:
        """Let the person decide; what is paid, refused or expired stays so."""
        with self._lock:
            payment = self.find(payment_id)
            if payment is None or payment.result not in {"pending", "abandoned"}:
                return payment
            if self.now() >= payment.opened_at + PAGE_OPEN:
                return payment
            paid = result == "paid"
            decided = replace(
                payment,
                result=result,
                authorisation=f"{secrets.randbelow(1_000_000):06d}" if paid else None,
                paid_at=self.now() if paid else None,
            )
            self._payments[payment_id] = decided
            return decided

    def forget(self, payment_id: str) -> None:
        """Purge a payment, as providers do at night."""
        with self._lock:
            payment = self._payments.pop(payment_id, None)
            if payment:
                self._by_reference.pop(payment.intent.reference, None)

    def clear(self) -> None:
        """Forget every payment, and go back to the real time."""
        with self._lock:
            self._payments.clear()
            self._by_reference.clear()
            self._offset = timedelta()
