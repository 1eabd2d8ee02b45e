"""What the catcher does wrong on purpose, per address or for all ("*"), and how often it did."""

import threading
from collections import Counter
from dataclasses import asdict, dataclass, field, fields
from typing import Any

EVERYBODY = "*"
_REFUSAL_MIN, _REFUSAL_MAX = 400, 599


@dataclass(frozen=True, slots=True)
class Fault:
    """A mail is answered after `latency_s`, with `code` (4xx, 5xx) and `words` instead of being caught."""

    code: int = 0
    words: str = "refused on purpose"
    latency_s: float = 0.0

    @classmethod
    def read(cls, given: dict[str, Any]) -> "Fault":
        """Read a fault from JSON; TypeError or ValueError says what is wrong with it."""
        if unknown := sorted(set(given) - {each.name for each in fields(cls)}):
            raise TypeError(f"unknown: {', '.join(unknown)}")
        fault = cls(**given)
        if fault.code and not _REFUSAL_MIN <= fault.code <= _REFUSAL_MAX:
            raise ValueError("code must be 4xx or 5xx")
        return fault

    @property
    def answer(self) -> str | None:
        """The line of a refusal; None where the mail is caught after all."""
        return f"{self.code} {self.words}" if self.code else None


@dataclass
class Faults:
    """The faults in force. Safe to use from several threads."""

    _by_address: dict[str, Fault] = field(default_factory=dict)
    _struck: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def set(self, address: str, fault: Fault) -> None:
        """Put a fault in force for an address, whatever its case, or for everybody."""
        with self._lock:
            self._by_address[address.casefold()] = fault

    def strike(self, addresses: list[str]) -> Fault:
        """Give what is in force for the first of these addresses that has a fault, and count it."""
        with self._lock:
            for address in (*(each.casefold() for each in addresses), EVERYBODY):
                if fault := self._by_address.get(address):
                    self._struck[address] += 1
                    return fault
        return Fault()

    def heal(self) -> None:
        """Put nothing in force any more, and count anew."""
        with self._lock:
            self._by_address.clear()
            self._struck.clear()

    def told(self) -> list[dict[str, Any]]:
        """List the faults in force, each with its address and how many mails met it."""
        with self._lock:
            return [
                {"to": address, **asdict(fault), "struck": self._struck[address]}
                for address, fault in self._by_address.items()
            ]
