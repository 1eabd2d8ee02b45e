"""A machine of the tests' own. Its class is the one that each service has in its vocabulary."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True)
class Machine(Generic[S]):
    """Which acts lead a thing from which state to which. From None it comes to be; `final` is never left."""

    states: type[S]
    moves: Mapping[tuple[S | None, str], S]
    final: frozenset[S] = field(default_factory=frozenset)

    def after(self, state: S | None, act: str) -> S | None:
        """Return the state after an act, or None where the act changes nothing."""
        return self.moves.get((state, act))

    def sources(self, act: str) -> list[str]:
        """Return the states that an act leads away from, by their stored values: a store filters on them."""
        return [state.value for state, each in self.moves if each == act and state is not None]


class Light(StrEnum):
    DARK = "dark"
    LIT = "lit"
    BROKEN = "broken"


LIGHT = Machine(
    Light,
    {
        (None, "hang"): Light.DARK,
        (Light.DARK, "switch on"): Light.LIT,
        (Light.LIT, "switch off"): Light.DARK,
        (Light.DARK, "drop"): Light.BROKEN,
        (Light.LIT, "drop"): Light.BROKEN,
    },
    frozenset({Light.BROKEN}),
)
