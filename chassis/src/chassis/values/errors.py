"""What a call may end in, other than an answer: refused, unavailable, failed.

Here live the three exceptions that cross the bus and how they are written on the wire.
Not here: which codes exist (each service publishes its own) and what a reader is told (the gateway).
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypedDict


class FieldError(TypedDict):
    """One place of a request that is wrong: a JSON pointer and what is wrong there."""

    pointer: str
    messages: list[str]


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """An answer that says no. It comes back over the bus as itself, and equal to itself.

    `code` is published language. Codes that belong to no service: malformed, unauthenticated, forbidden,
    not_found, conflict, unavailable. `detail` is for logs and developers. `retry_after_s` is whole seconds.
    """

    def __init__(
        self,
        code: str,
        detail: str = "",
        errors: Iterable[FieldError] = (),
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail
        self.errors = [FieldError(pointer=e["pointer"], messages=list(e["messages"])) for e in errors]
        self.retry_after_s = retry_after_s

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}" if self.detail else self.code

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Refused) and self.to_wire() == other.to_wire()

    def __hash__(self) -> int:
        return hash((self.code, self.detail, self.retry_after_s))

    def to_wire(self) -> dict[str, Any]:
        """Return the refusal as JSON can carry it."""
        return {
            "type": "refused",
            "code": self.code,
            "detail": self.detail,
            "errors": self.errors,
            "retry_after_s": self.retry_after_s,
        }


class Unavailable(Exception):  # noqa: N818 - named for what the caller is told
    """Nobody answered, and whether the work was done is unknown unless the reason says otherwise.

    Reasons: timeout (may have been done), no_service and overloaded (was not done), connection (may have
    been done), database (the remote side lost its database; may have been done), distrusted (the remote side
    did not believe the caller's signature; was not done).
    """

    def __init__(self, reason: str, detail: str = "", retry_after_s: int = 1) -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail
        self.retry_after_s = retry_after_s

    def __str__(self) -> str:
        return f"{self.reason}: {self.detail}" if self.detail else self.reason

    def to_wire(self) -> dict[str, Any]:
        """Return the same as JSON can carry it."""
        return {
            "type": "unavailable",
            "reason": self.reason,
            "detail": self.detail,
            "retry_after_s": self.retry_after_s,
        }


class Failed(Exception):  # noqa: N818 - named for what the caller is told
    """The remote side broke. Only the exception's type is named: its text may hold personal data."""

    def __init__(self, type_name: str) -> None:
        super().__init__(type_name)
        self.type_name = type_name

    def to_wire(self) -> dict[str, Any]:
        """Return the same as JSON can carry it."""
        return {"type": "failed", "name": self.type_name}


def from_wire(error: Mapping[str, Any]) -> Refused | Unavailable | Failed:
    """Return what `to_wire` wrote; whatever else stands there counts as a failure of the remote side."""
    match error.get("type"):
        case "refused":
            return Refused(
                str(error.get("code", "")),
                str(error.get("detail", "")),
                error.get("errors") or (),
                error.get("retry_after_s"),
            )
        case "unavailable":
            return Unavailable(
                str(error.get("reason", "connection")),
                str(error.get("detail", "")),
                int(error.get("retry_after_s") or 1),
            )
        case _:
            return Failed(str(error.get("name", "unknown")))
