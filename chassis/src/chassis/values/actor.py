"""Who did something: made once at the door, and kept with whatever followed from it.

An actor stands in every history, event, journal entry and confirmation. A history can't be completed
afterwards, so all that an audit will ask is here from the start. A free reason is not, since it may have to
be erased: it lives in a field of whoever owns it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self, cast, get_args

ActorKind = Literal["person", "agent", "machine", "service", "provider", "operator"]
"""A family or a visitor; a member of staff; a program with a key; one of our services by itself; the payment
provider; somebody at the command line."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role of a member of staff: everywhere in the organisation, or at one centre or cash office."""

    role: str
    centre_id: str | None = None
    cash_office_id: str | None = None

    def as_list(self) -> list[str | None]:
        """The grant as it travels in a signed context."""
        return [self.role, self.centre_id, self.cash_office_id]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acted. Ids are UUIDs as text.

    `for_family_id` is the family whose affair it was: one's own, or the one that an agent acts for.
    `on_behalf_of` is the account for which a service or an agent acted.
    """

    kind: ActorKind
    account_id: str | None = None
    membership_id: str | None = None
    for_family_id: str | None = None
    on_behalf_of: str | None = None
    reason_code: str | None = None

    def as_document(self) -> dict[str, str]:
        """The actor as it is stored and as it travels: what is absent is left out."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        """The actor that `as_document` wrote in this release or another; unknown fields are passed over.

        Raises ValueError for a kind that is none, TypeError for a field that is not text.
        """
        kind = document.get("kind")
        if kind not in get_args(ActorKind):
            raise ValueError(f"{kind!r} is no kind of actor")
        texts = {name: document.get(name) for name in _TEXTS}
        if not all(value is None or isinstance(value, str) for value in texts.values()):
            raise TypeError("a field of the actor is not text")
        return cls(cast("ActorKind", kind), **texts)


_TEXTS = tuple(name for name in Actor.__slots__ if name != "kind")
