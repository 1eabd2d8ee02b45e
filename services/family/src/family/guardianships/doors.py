"""What a family reads of its own file."""

from chassis.doors.capabilities import own_family
from chassis.doors.rpc import rpc
from chassis.values.errors import Refused
from family.children.contract import Nothing, NothingRequest
from family.children.store import ChildStore
from family.files.contract import Reply
from family.files.store import FileStore
from family.guardianships.contract import FamilyReply
from family.guardianships.render import family_view
from family.people.store import PeopleStore
from family.ports import Call


@rpc(own_family(), request=NothingRequest(), reply=FamilyReply())
def get_family(call: Call, _request: Nothing) -> Reply:
    """Show the person's own file; not_found for who belongs to no family of this organisation."""
    family = call.store(FileStore).family(call.scope)
    if family is None:
        raise Refused("not_found", "the person belongs to no family here")
    guardians = call.store(PeopleStore).guardians(call.scope)
    children = call.store(ChildStore).children(call.scope)
    return {"family": family_view(family, guardians, children)}
