"""Looking at the history of payments."""

from billing.payments import contract, render
from billing.payments.store import PaymentsStore
from billing.ports import Call
from billing.vocabulary import Reply
from chassis.doors.capabilities import own_family
from chassis.doors.rpc import rpc


@rpc(own_family(), reply=contract.PaymentList())
def list_payments(call: Call, _request: object) -> Reply:
    """List the family's payments, the latest first."""
    return render.payments(call.store(PaymentsStore).of_family(call.scope, call.family_id))
