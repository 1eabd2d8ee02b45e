"""What a family reads of its enrolments."""

from chassis.doors.capabilities import own_account
from chassis.doors.rpc import rpc
from family.children.contract import Nothing, NothingRequest
from family.enrolments.contract import EnrolmentsReply
from family.enrolments.render import enrolment_view
from family.enrolments.store import EnrolmentStore
from family.files.contract import Reply
from family.ports import Call


@rpc(own_account(), request=NothingRequest(), reply=EnrolmentsReply())
def list_enrolments(call: Call, _request: Nothing) -> Reply:
    """List the enrolments of the family's children; none for who belongs to no family."""
    return {"data": [enrolment_view(each) for each in call.store(EnrolmentStore).enrolments(call.scope)]}
