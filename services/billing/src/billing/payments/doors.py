"""Looking at the history of payments, and a payment's receipt."""

from billing.copies.render import letterhead
from billing.copies.store import CopiesStore
from billing.payments import contract, render
from billing.payments.contract import PrintReceipt
from billing.payments.store import PaymentsStore
from billing.ports import Call
from billing.vocabulary import Reply
from chassis.doors.capabilities import own_family
from chassis.doors.rpc import rpc
from chassis.printing.contract import PrintedReply, printed
from chassis.values.errors import Refused


@rpc(own_family(), reply=contract.PaymentList())
def list_payments(call: Call, _request: object) -> Reply:
    """List the family's payments, the latest first."""
    return render.payments(call.store(PaymentsStore).of_family(call.scope, call.family_id))


@rpc(own_family(), request=contract.PrintReceiptRequest(), reply=PrintedReply())
def print_receipt(call: Call, request: PrintReceipt) -> Reply:
    """Make the receipt of a payment as PDF. Refused: not_found."""
    payment = call.store(PaymentsStore).get(call.scope, call.family_id, request.payment_id)
    if payment is None or not payment.receipt_number:
        raise Refused("not_found", "no such receipt")
    copies = call.store(CopiesStore)
    head = letterhead(copies.issuer(call.scope), payment.office.name, request.language)
    family = copies.family(call.scope, call.family_id).name
    document = render.receipt(payment, family, head, copies.time_zone(call.scope), request.language)
    return printed(f"{payment.receipt_number}.pdf", call.ports.press.make(document, call.left_s()))
