"""What notify needs of the outside, and what it hears of others: one module for each of them."""

from collections.abc import Callable
from dataclasses import dataclass

from chassis.doors.call import Call as AnyCall
from notify.ports.postman import Postman
from notify.vocabulary import Sender


@dataclass(frozen=True, slots=True)
class Ports:
    """What doors need of the outside: a postman for each round, who writes, and where links in letters lead.

    `sender` holds the address that all organisations share that have none of their own. `gather_s` is how
    long what belongs to one act is gathered before it is told.

    With `enabled` false letters are neither written nor sent (for load tests of everything else).
    """

    postman: Callable[[], Postman]
    sender: Sender
    public_url: str
    enabled: bool
    gather_s: float = 0.0


Call = AnyCall[Ports]
