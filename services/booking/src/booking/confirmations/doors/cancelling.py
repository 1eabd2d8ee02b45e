"""Cancelling one booking: a confirmation of one line, without a basket."""

from dataclasses import replace

from booking.basket.rules.lines import line_of_record
from booking.confirmations import contract
from booking.confirmations.contract import Cancel
from booking.confirmations.doors.confirming import after_another, again, complete, name_of, of_lines
from booking.confirmations.doors.tracking import as_answered, record_of
from booking.confirmations.store import Confirmations
from booking.offer.rules.openings import period_of
from booking.offer.store import Offers
from booking.ports import Call
from chassis.doors.capabilities import own_family
from chassis.doors.rpc import rpc
from chassis.running.failpoints import failpoint
from chassis.storage.documents import Document


@rpc(own_family(), request=contract.CancelRequest(), reply=contract.ConfirmationReply())
def cancel(call: Call, request: Cancel) -> Document:
    """Cancel one booking.

    Refused: not_found, confirmation_in_progress, idempotency_mismatch.
    """
    name, confirmations = name_of(call, "cancel", request.key), call.store(Confirmations)
    known = confirmations.find(call.scope, name)
    if known is not None:
        return again(call, known, request.body_sha256)
    record = record_of(call, request.booking_id)
    offer = call.store(Offers).known(call.scope)
    period = period_of(offer.periods, record.facts.centre_id, record.facts.day)
    line = line_of_record(record, offer.activities.get(record.facts.activity_id), 1)
    asked = of_lines(call, offer, name, (replace(line, period_id=period.id if period else None),))
    asked = replace(asked, body_sha256=request.body_sha256)
    if not confirmations.begin(call.scope, asked):
        return after_another(call, asked)
    failpoint("booking.cancel.after_begin")
    return as_answered(call, complete(call, asked))
