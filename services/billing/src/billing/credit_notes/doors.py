"""Looking at credit notes, and giving back what was paid for a seat that is gone."""

from billing.credit_notes import contract, render
from billing.credit_notes.model import CreditReason
from billing.credit_notes.store import CreditNotesStore
from billing.ledger.store.transactions import Stamp
from billing.ports import Call
from billing.vocabulary import Reply
from chassis.doors.capabilities import own_family
from chassis.doors.events import on_event
from chassis.doors.rpc import rpc
from chassis.running.failpoints import failpoint
from chassis.values.event import Event


@rpc(own_family(), reply=contract.CreditNoteList())
def list_credit_notes(call: Call, _request: object) -> Reply:
    """List the family's credit notes, the latest first."""
    return render.credit_notes(call.store(CreditNotesStore).history(call.scope, call.family_id))


@on_event("booking", "seat_lost")
def on_seat_lost(call: Call, event: Event) -> None:
    """Give back what was paid for a seat that nobody could take back."""
    stamp = Stamp.of(call)
    failpoint("billing.seat_lost.before_commit")
    notes = call.store(CreditNotesStore)
    notes.credit(call.scope, event.data["booking_id"], CreditReason.SEAT_LOST, stamp)
    failpoint("billing.seat_lost.after_commit")
    call.bell.wake()
