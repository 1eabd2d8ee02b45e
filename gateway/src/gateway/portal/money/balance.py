"""The balance of each wallet with an estimate up to a day, avoirs with their story, payments, what is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from flask import Blueprint, Response, render_template, request

from gateway import clients, policy, session
from gateway.clients.billing import CreditNote
from gateway.clients.booking import Booking
from gateway.errors import Failed, Refused, Unavailable
from gateway.pages import addresses, frame, printed
from gateway.portal import days
from gateway.portal.money.tills import together

blueprint = Blueprint("balance", __name__, template_folder="templates")

AHEAD: Final = timedelta(days=30)
BEHIND: Final = timedelta(days=366)
STORIES_MAX: Final = 100
ENDED: Final = ("cancelled", "expired")


@dataclass(frozen=True, slots=True)
class Story:
    """A credit note, and the booking that it came from; None where that is not told any more."""

    note: CreditNote
    booking: Booking | None


@blueprint.get("/balance")
@policy.family
def show() -> str:
    """Show the money of the family."""
    billing, context = clients.current().billing, session.context()
    until_on = request.args.get("until", "")
    if not addresses.is_day(until_on):
        until_on = (frame.today() + AHEAD).isoformat()
    pending = request.args.get("pending") == "1"
    due = billing.list_settlements_due(context)
    return render_template(
        "money/balance.html",
        wallets=billing.list_wallets(context, until_on, pending=pending),
        stories=stories(billing.list_credit_notes(context)),
        payments=billing.list_payments(context),
        due=due,
        tills=together(due),
        held=days.held() if due else {},
        until_on=until_on,
        pending=pending,
    )


@blueprint.get("/balance/receipts/<payment_id>.pdf")
@policy.family
def receipt(payment_id: str) -> Response:
    """Give the receipt of a payment."""
    billing = clients.current().billing
    return printed.response(billing.print_receipt(session.context(), payment_id, frame.language()))


@blueprint.get("/balance/credit-notes/<credit_note_id>.pdf")
@policy.family
def credit_note(credit_note_id: str) -> Response:
    """Give a credit note."""
    billing = clients.current().billing
    return printed.response(billing.print_credit_note(session.context(), credit_note_id, frame.language()))


def stories(notes: Sequence[CreditNote]) -> list[Story]:
    """Return credit notes with the days that they came from, as far as booking tells of them."""
    wanted = {note.booking_id for note in notes if note.booking_id}
    found: dict[str, Booking] = {}
    if wanted:
        try:
            listed = clients.current().booking.list_bookings(
                session.context(),
                from_on=(frame.today() - BEHIND).isoformat(),
                states=ENDED,
                limit=STORIES_MAX,
            )
            found = {row.id: row for row in listed.data if row.id in wanted}
        except (Refused, Unavailable, Failed):
            found = {}
    return [Story(note, found.get(note.booking_id or "")) for note in notes]
