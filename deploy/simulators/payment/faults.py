"""What the simulator does wrong on purpose, per reference or for all ("*")."""

import threading
from dataclasses import dataclass, field, fields
from typing import Any

EVERYBODY = "*"


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong: notifications dropped, doubled or late; answers slow or broken, or of another thing.

    Such as another amount, or a payment that was only a test.
    """

    drop_notification: bool = False
    double_notification: bool = False
    delay_s: float = 0.0
    latency_s: float = 0.0
    http_500: bool = False
    reported_amount_cents: int | None = None
    reported_test: bool = False
    purge: bool = False

    @classmethod
    def read(cls, given: dict[str, Any]) -> "Fault":
        """Read a fault from JSON; TypeError names what it does not know."""
        known = {each.name for each in fields(cls)}
        if unknown := sorted(set(given) - known):
            raise TypeError(f"unknown: {', '.join(unknown)}")
        return cls(**given)


@dataclass
class Faults:
    """The faults in force."""

    _by_reference: dict[str, Fault] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def set(self, reference: str, fault: Fault) -> None:
        """Put a fault in force for a reference; the empty fault heals it."""
        with self._lock:
            self._by_reference[reference] = fault

    def of(self, reference: str) -> Fault:
        """Give what is in force for a reference: its own fault, else everybody's."""
        return self._by_reference.get(reference) or self._by_reference.get(EVERYBODY) or Fault()

    def heal(self) -> None:
        """Put nothing in force any more."""
        with self._lock:
            self._by_reference.clear()
