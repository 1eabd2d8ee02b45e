"""What a family reads of its children."""

from chassis.doors.capabilities import own_account
from chassis.doors.rpc import rpc
from family.children.contract import ChildrenReply, Nothing, NothingRequest
from family.children.render import child_view
from family.children.store import ChildStore
from family.files.contract import Reply
from family.ports import Call


@rpc(own_account(), request=NothingRequest(), reply=ChildrenReply())
def list_children(call: Call, _request: Nothing) -> Reply:
    """List the children of the person's family, the eldest first; none for who belongs to no family."""
    return {"data": [child_view(child) for child in call.store(ChildStore).children(call.scope)]}
