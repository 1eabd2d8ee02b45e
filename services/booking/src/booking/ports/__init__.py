"""What booking needs of the others, in its own terms: one module per service, one dataclass per message."""

from dataclasses import dataclass

from booking.ports.billing import Billing
from booking.ports.press import Press
from chassis.doors import call


@dataclass(frozen=True, slots=True)
class Ports:
    """The services that booking asks, and what makes its documents."""

    billing: Billing
    press: Press


Call = call.Call[Ports]
"""What booking's doors work with."""
