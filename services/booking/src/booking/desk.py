"""What every door works with: the memory, billing, time, ids, the relay's bell, the settings."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from booking.confirmations.model import Confirmation
from booking.confirmations.rules.orders import Holding
from booking.offer.model import Offer
from booking.ports.billing import Billing
from booking.seats.model import Occasion
from booking.settings import Settings
from booking.store import Store
from chassis.values.clock import Clock
from chassis.values.context import Context, service_context
from chassis.values.errors import Refused
from chassis.values.ids import Ids


class Bell(Protocol):
    """The relay as a door sees it."""

    def wake(self) -> None:
        """Send at once what was written."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The tools of one call."""

    store: Store
    billing: Billing
    clock: Clock
    ids: Ids
    relay: Bell
    settings: Settings

    def offer(self, context: Context) -> Offer:
        """Find the offer of the context's organisation.

        An organisation that was never heard of offers nothing.
        """
        offer = self.store.offers.find(context)
        if offer is None:
            raise Refused("not_found", "the organisation is not known here")
        return offer

    def holding(self) -> Holding:
        """Say how long seats are kept for somebody who pays."""
        return Holding(self.settings.hold_s, self.settings.promoted_hold_s)


def occasion(context: Context, now: datetime) -> Occasion:
    """Say when something is asked of the seats, and by which request."""
    return Occasion(now, context.request_id)


def organisation_of(context: Context) -> str:
    """Name the organisation; a context without one sees nothing."""
    if context.organisation_id is None:
        raise Refused("not_found", "the context names no organisation")
    return context.organisation_id


def family_of(context: Context) -> str:
    """Name the family; staff accounts have none and book on behalf through doors of their own."""
    if context.family_id is None:
        raise Refused("not_found", "the account belongs to no family here")
    return context.family_id


def on_behalf(confirmation: Confirmation) -> Context:
    """Go on with somebody's confirmation when they are not there any more."""
    context = service_context(
        "booking", confirmation.organisation_id, confirmation.request_id, on_behalf_of=confirmation.account_id
    )
    return replace(context, family_id=confirmation.family_id)
