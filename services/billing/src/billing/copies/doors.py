"""Hearing what others own: an organisation's time zone, a family's name and addresses."""

from billing.copies.model import Contact, Family, Issuer
from billing.copies.store import CopiesStore
from billing.ports import Call
from billing.ports.family import FamilyFact
from billing.ports.identity import OrganisationFact
from chassis.doors.events import on_event
from chassis.values.event import Event


@on_event("identity", "organisation_changed")
def on_organisation_changed(call: Call, event: Event) -> None:
    """Know the organisation's time zone, and what its documents say of it."""
    fact = OrganisationFact.read(event.data)
    issuer = Issuer(fact.name, fact.colour, fact.lines)
    call.store(CopiesStore).keep_organisation(call.scope, fact.slug, fact.time_zone, event.sequence, issuer)


@on_event("family", "family_changed")
def on_family_changed(call: Call, event: Event) -> None:
    """Know a family's name and mail addresses."""
    fact = FamilyFact.read(event.data)
    contacts = tuple(Contact(each.guardian_id, each.name, each.email) for each in fact.contacts)
    family = Family(fact.name, contacts)
    call.store(CopiesStore).keep_family(call.scope, fact.family_id, family, event.sequence)
