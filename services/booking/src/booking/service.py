"""Booking's doors. Each hands its call to the function that does it, in the neighbouring modules by noun."""

from typing import Any

from booking import contract
from booking.basket import doors as drafting
from booking.bookings import doors as listing
from booking.bookings.store import complete, project
from booking.confirmations.doors import confirming, settling, sweeping, tracking
from booking.copies import doors as hearing
from booking.desk import Bell, Desk
from booking.planning import doors as looking
from booking.ports.billing import Billing
from booking.settings import settings
from booking.store import Store
from chassis.doors.events import on_event
from chassis.doors.providers import ClockProvider, IdsProvider, RpcCaller
from chassis.doors.rpc import rpc
from chassis.doors.timers import every
from chassis.storage.mongo import Mongo
from chassis.storage.outbox import Documents, Relay
from chassis.values.clock import Clock
from chassis.values.context import Context
from chassis.values.event import Event
from chassis.values.ids import Ids
from chassis.wire.rpc import RpcPool

FAMILIES = {"gateway": {"person"}}

Request = dict[str, Any]
Reply = dict[str, Any]


class Booking:
    """The service; every door accepts persons through the gateway, and nobody else."""

    name = "booking"

    store: Store = Mongo(Store)
    rpc_client: RpcPool = RpcCaller()
    relay: Bell = Relay(
        events=contract.EVENTS,
        sources=[
            Documents("seats", complete=complete, project=project, keep=("organisation_id",)),
            Documents("confirmations", keep=("organisation_id",)),
        ],
    )
    clock: Clock = ClockProvider()
    ids: Ids = IdsProvider()

    def _desk(self) -> Desk:
        own = settings()
        billing = Billing(self.rpc_client, own.quote_timeout_s, own.settle_timeout_s)
        return Desk(self.store, billing, self.clock, self.ids, self.relay, own)

    # --- what families see -------------------------------------------------------------------------

    @rpc(accepts=FAMILIES, request=contract.ListOfferRequest(), reply=contract.Offer())
    def list_offer(self, context: Context, request: Request) -> Reply:
        """Show what the family may choose from, with the account's basket where it is asked for."""
        shown = looking.list_offer(self._desk(), context)
        return shown | drafting.open_draft(self._desk(), context) if request["with_draft"] else shown

    @rpc(accepts=FAMILIES, request=contract.GetCalendarRequest(), reply=contract.Calendar())
    def get_calendar(self, context: Context, request: Request) -> Reply:
        """Show the grid of some children."""
        return looking.get_calendar(self._desk(), context, request)

    @rpc(accepts=FAMILIES, request=contract.GetDayRequest(), reply=contract.Day())
    def get_day(self, context: Context, request: Request) -> Reply:
        """Show one child's activities of one day."""
        return looking.get_day(self._desk(), context, request)

    # --- the basket --------------------------------------------------------------------------------

    @rpc(accepts=FAMILIES, request=contract.OpenDraftRequest(), reply=contract.DraftReply())
    def open_draft(self, context: Context, request: Request) -> Reply:  # noqa: ARG002 - nothing is asked
        """Give the account's one open draft."""
        return drafting.open_draft(self._desk(), context)

    @rpc(accepts=FAMILIES, request=contract.DraftRequest(), reply=contract.DraftReply())
    def get_draft(self, context: Context, request: Request) -> Reply:
        """Show a draft."""
        return drafting.get_draft(self._desk(), context, request["draft_id"])

    @rpc(accepts=FAMILIES, request=contract.ChangeDraftRequest(), reply=contract.ChangedDraft())
    def change_draft(self, context: Context, request: Request) -> Reply:
        """Put movements into a draft and take movements out."""
        return drafting.change_draft(self._desk(), context, request)

    @rpc(accepts=FAMILIES, request=contract.DraftRequest(), reply=contract.DraftReply())
    def clear_draft(self, context: Context, request: Request) -> Reply:
        """Empty a draft."""
        return drafting.clear_draft(self._desk(), context, request["draft_id"])

    @rpc(accepts=FAMILIES, request=contract.DraftRequest(), reply=contract.Nothing())
    def abandon_draft(self, context: Context, request: Request) -> Reply:
        """Throw a draft away."""
        return drafting.abandon_draft(self._desk(), context, request["draft_id"])

    @rpc(accepts=FAMILIES, request=contract.DraftRequest(), reply=contract.ReviewReply())
    def review(self, context: Context, request: Request) -> Reply:
        """Show what confirming a draft would answer, with its prices."""
        return drafting.review(self._desk(), context, request["draft_id"])

    # --- confirmations -----------------------------------------------------------------------------

    @rpc(accepts=FAMILIES, request=contract.ConfirmRequest(), reply=contract.ConfirmationReply())
    def confirm(self, context: Context, request: Request) -> Reply:
        """Confirm the draft that was reviewed."""
        return confirming.confirm(self._desk(), context, request)

    @rpc(accepts=FAMILIES, request=contract.CancelRequest(), reply=contract.ConfirmationReply())
    def cancel(self, context: Context, request: Request) -> Reply:
        """Cancel one booking."""
        return confirming.cancel(self._desk(), context, request)

    @rpc(accepts=FAMILIES, request=contract.GetConfirmationRequest(), reply=contract.ConfirmationReply())
    def get_confirmation(self, context: Context, request: Request) -> Reply:
        """Show a confirmation as it stands now."""
        return tracking.get_confirmation(self._desk(), context, request["confirmation_id"])

    # --- looking back ------------------------------------------------------------------------------

    @rpc(accepts=FAMILIES, request=contract.ListBookingsRequest(), reply=contract.BookingList())
    def list_bookings(self, context: Context, request: Request) -> Reply:
        """List the family's bookings."""
        return listing.list_bookings(self._desk(), context, request)

    @rpc(accepts=FAMILIES, request=contract.ListRequestsRequest(), reply=contract.RequestList())
    def list_requests(self, context: Context, request: Request) -> Reply:
        """List the family's numbered requests."""
        return tracking.list_requests(self._desk(), context, request)

    @rpc(accepts=FAMILIES, request=contract.GetRequestRequest(), reply=contract.RequestReply())
    def get_request(self, context: Context, request: Request) -> Reply:
        """Show one numbered request."""
        return tracking.get_request(self._desk(), context, request["request_id"])

    # --- what is heard, and what nobody asks for -----------------------------------------------------

    @on_event("identity", "organisation_changed")
    def on_organisation_changed(self, event: Event) -> None:
        """Keep the organisation."""
        hearing.on_organisation_changed(self._desk(), event)

    @on_event("family", "child_changed")
    def on_child_changed(self, event: Event) -> None:
        """Keep the child."""
        hearing.on_child_changed(self._desk(), event)

    @on_event("family", "enrolment_changed")
    def on_enrolment_changed(self, event: Event) -> None:
        """Keep the enrolment."""
        hearing.on_enrolment_changed(self._desk(), event)

    @on_event("billing", "payment_settled")
    def on_payment_settled(self, event: Event) -> None:
        """Give the paid bookings their seats."""
        settling.on_payment_settled(self._desk(), event)

    @every(seconds=0.5)
    def sweep(self) -> None:
        """Free what is overdue, finish what was left, ask billing again."""
        sweeping.sweep(self._desk())
