"""The doors of the family service: a family reads its own file, and nobody else's."""

from collections.abc import Mapping
from typing import Any

from chassis.doors.rpc import rpc
from chassis.storage.mongo import Mongo
from chassis.storage.outbox import Relay, Rows
from chassis.values.context import Context
from chassis.values.errors import Refused
from family.children import contract
from family.files.store import Store

EVENTS = contract.EVENTS
REFUSALS = contract.REFUSALS

Reply = dict[str, Any]


class Family:
    """Family files: guardians, children, enrolments. They are changed by imports so far."""

    name = "family"

    store: Store = Mongo(Store)
    relay = Relay(events=contract.EVENTS, sources=[Rows("outbox")])

    @rpc(accepts={"gateway": {"person"}}, request=contract.Nothing(), reply=contract.FamilyReply())
    def get_family(self, context: Context, request: Mapping[str, str]) -> Reply:  # noqa: ARG002  (says nothing)
        """Show the person's own file; not_found for who belongs to no family of this organisation."""
        family = self.store.family(context)
        if family is None:
            raise Refused("not_found", "the person belongs to no family here")
        guardians, children = self.store.guardians(context), self.store.children(context)
        return {"family": contract.family_view(family, guardians, children)}

    @rpc(accepts={"gateway": {"person"}}, request=contract.Nothing(), reply=contract.ChildrenReply())
    def list_children(self, context: Context, request: Mapping[str, str]) -> Reply:  # noqa: ARG002  (says nothing)
        """List the children of the person's family, the eldest first; none for who belongs to no family."""
        return {"data": [contract.child_view(child) for child in self.store.children(context)]}

    @rpc(accepts={"gateway": {"person"}}, request=contract.Nothing(), reply=contract.EnrolmentsReply())
    def list_enrolments(self, context: Context, request: Mapping[str, str]) -> Reply:  # noqa: ARG002  (says nothing)
        """List the enrolments of the family's children."""
        return {"data": [contract.enrolment_view(each) for each in self.store.enrolments(context)]}
