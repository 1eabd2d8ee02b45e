"""The doors of the family service: a family reads its own file, and nobody else's."""

from collections.abc import Mapping
from typing import Any

from chassis.doors.rpc import rpc
from chassis.storage.mongo import Mongo
from chassis.storage.outbox import Relay, Rows
from chassis.storage.outbox.sources import Db
from chassis.values.context import Context
from chassis.values.errors import Refused
from family.children import contract, render
from family.children.store import ChildStore
from family.enrolments import contract as enrolments
from family.enrolments.render import enrolment_view
from family.enrolments.store import EnrolmentStore
from family.files.store import FileStore
from family.people import contract as people
from family.people.store import PeopleStore

EVENTS = people.EVENTS | contract.EVENTS | enrolments.EVENTS
REFUSALS = ("malformed", "forbidden", "not_found")

Reply = dict[str, Any]


class Store:
    """What the nouns of the family service remember, in one database."""

    def __init__(self, database: Db) -> None:
        self.database = database
        self.files = FileStore(database)
        self.people = PeopleStore(database)
        self.children = ChildStore(database)
        self.enrolments = EnrolmentStore(database)

    @staticmethod
    def ensure_indexes(database: Db) -> None:
        """Create what is missing; called at every start."""
        for store in (FileStore, PeopleStore, ChildStore, EnrolmentStore):
            store.ensure_indexes(database)


class Family:
    """Family files: guardians, children, enrolments. They are changed by imports so far."""

    name = "family"

    store: Store = Mongo(Store)
    relay = Relay(events=EVENTS, sources=[Rows("outbox")])

    @rpc(accepts={"gateway": {"person"}}, request=contract.Nothing(), reply=contract.FamilyReply())
    def get_family(self, context: Context, request: Mapping[str, str]) -> Reply:  # noqa: ARG002  (says nothing)
        """Show the person's own file; not_found for who belongs to no family of this organisation."""
        family = self.store.files.family(context)
        if family is None:
            raise Refused("not_found", "the person belongs to no family here")
        guardians, children = self.store.people.guardians(context), self.store.children.children(context)
        return {"family": render.family_view(family, guardians, children)}

    @rpc(accepts={"gateway": {"person"}}, request=contract.Nothing(), reply=contract.ChildrenReply())
    def list_children(self, context: Context, request: Mapping[str, str]) -> Reply:  # noqa: ARG002  (says nothing)
        """List the children of the person's family, the eldest first; none for who belongs to no family."""
        return {"data": [render.child_view(child) for child in self.store.children.children(context)]}

    @rpc(accepts={"gateway": {"person"}}, request=contract.Nothing(), reply=enrolments.EnrolmentsReply())
    def list_enrolments(self, context: Context, request: Mapping[str, str]) -> Reply:  # noqa: ARG002  (says nothing)
        """List the enrolments of the family's children."""
        return {"data": [enrolment_view(each) for each in self.store.enrolments.enrolments(context)]}
