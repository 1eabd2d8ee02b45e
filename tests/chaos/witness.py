"""What families saw of a fault: every answer with its time, and whether people may be given such a one."""

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import requests

TOLD_WITHIN_S = 3.0
UNAVAILABLE = 503
FAULT = 500


@dataclass(frozen=True)
class Seen:
    """One answer: when it was asked for (monotonic), how long it took, 0 as status where there was none."""

    asked: str
    at: float
    took_s: float
    status: int
    retry_after: str
    kind: str

    @classmethod
    def of(cls, asked: str, began: float, response: requests.Response | None) -> "Seen":
        took_s = time.monotonic() - began
        if response is None:
            return cls(asked, began, took_s, 0, "", "")
        retry_after = response.headers.get("Retry-After", "")
        return cls(
            asked, began, took_s, response.status_code, retry_after, response.headers.get("Content-Type", "")
        )

    def wrong(self, told_within_s: float = TOLD_WITHIN_S) -> str | None:
        """Say what is wrong with it: no answer, a stack trace, a wrong 503, or one that came too late."""
        if self.status == 0:
            return f"{self.asked} was not answered"
        if self.took_s > told_within_s:
            return f"{self.asked} was answered {self.status} after {self.took_s:.1f} s"
        if self.status == UNAVAILABLE:
            truthful = self.kind == "application/problem+json" and self.retry_after.isdigit()
            return None if truthful else f"{self.asked} was answered 503 and not told when to come back"
        return f"{self.asked} was answered {self.status}" if self.status >= FAULT else None


def wrongs(seen: Iterable[Seen], told_within_s: float = TOLD_WITHIN_S) -> list[str]:
    """Everything that people should not have seen."""
    return [wrong for each in seen if (wrong := each.wrong(told_within_s))]


def summary(seen: Sequence[Seen]) -> str:
    """How many answers were good, and how many said "later"; and the slowest."""
    if not seen:
        return "asked nothing"
    counts = Counter("later" if each.status == UNAVAILABLE else "answered" for each in seen)
    slowest = max(each.took_s for each in seen)
    return f"{counts['answered']} answered, {counts['later']} told to come back, slowest {slowest:.1f} s"
