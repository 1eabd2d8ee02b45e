"""What identity needs of the outside, and what it hears of others: one module for each of them."""

from dataclasses import dataclass

from chassis.doors.call import Call as AnyCall
from identity.ports.hashing import HashingQueue


@dataclass(frozen=True, slots=True)
class Ports:
    """What doors need of the outside: a place in the queue for hashing."""

    hashing: HashingQueue


Call = AnyCall[Ports]
