"""Time that stands still and ids that can be foretold; pass them to `running` as `clock` and `ids`."""

import itertools
import uuid
from datetime import UTC, datetime, timedelta

from chassis.values.clock import Clock
from chassis.values.ids import Ids
from chassis.values.instants import from_text


class FrozenClock(Clock):
    """A clock that moves only when told. Instants are aware, in UTC; text is read as ISO 8601."""

    def __init__(self, instant: datetime | str = "2026-11-09T08:00:00Z") -> None:
        self.set(instant)

    def now(self) -> datetime:
        """Return the instant at which it stands."""
        return self._instant

    def set(self, instant: datetime | str) -> None:
        """Move to an instant, backwards too."""
        if isinstance(instant, str):
            instant = from_text(instant)
        self._instant = instant.astimezone(UTC)

    def advance(self, **amount: float) -> None:
        """Move forward by `seconds=`, `minutes=`, `hours=`, `days=`."""
        self._instant += timedelta(**amount)


class SequentialIds(Ids):
    """New ids count up: 00000000-0000-7000-8000-000000000001, …2, …3. Derived ids stay what they are."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def new_id(self) -> str:
        """Return the next one."""
        return str(uuid.UUID(int=0x7 << 76 | 0x2 << 62 | next(self._numbers)))
