"""Looking at credit notes, one as a document, and giving back what was paid for a seat that is gone."""

from billing.copies.render import letterhead
from billing.copies.store import CopiesStore
from billing.credit_notes import contract, render
from billing.credit_notes.contract import PrintCreditNote
from billing.credit_notes.model import CreditReason
from billing.credit_notes.store import CreditNotesStore
from billing.ledger.store.transactions import Stamp
from billing.ports import Call
from billing.vocabulary import Reply
from chassis.doors.capabilities import own_family
from chassis.doors.events import on_event
from chassis.doors.rpc import rpc
from chassis.printing.contract import PrintedReply, printed
from chassis.running.failpoints import failpoint
from chassis.values.errors import Refused
from chassis.values.event import Event


@rpc(own_family(), reply=contract.CreditNoteList())
def list_credit_notes(call: Call, _request: object) -> Reply:
    """List the family's credit notes, the latest first."""
    return render.credit_notes(call.store(CreditNotesStore).history(call.scope, call.family_id))


@rpc(own_family(), request=contract.PrintCreditNoteRequest(), reply=PrintedReply())
def print_credit_note(call: Call, request: PrintCreditNote) -> Reply:
    """Make a credit note as PDF, as it was issued. Refused: not_found."""
    note = call.store(CreditNotesStore).get(call.scope, call.family_id, request.credit_note_id)
    if note is None:
        raise Refused("not_found", "no such credit note")
    copies = call.store(CopiesStore)
    head = letterhead(copies.issuer(call.scope), note.office.name, request.language)
    family = copies.family(call.scope, call.family_id).name
    document = render.printed_note(note, family, head, copies.time_zone(call.scope), request.language)
    return printed(f"{note.number}.pdf", call.ports.press.make(document, call.left_s()))


@on_event("booking", "seat_lost")
def on_seat_lost(call: Call, event: Event) -> None:
    """Give back what was paid for a seat that nobody could take back."""
    stamp = Stamp.of(call)
    failpoint("billing.seat_lost.before_commit")
    notes = call.store(CreditNotesStore)
    notes.credit(call.scope, event.data["booking_id"], CreditReason.SEAT_LOST, stamp)
    failpoint("billing.seat_lost.after_commit")
    call.bell.wake()
