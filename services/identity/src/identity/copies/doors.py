"""What others say of themselves: families."""

from chassis.doors.events import on_event
from chassis.running.failpoints import failpoint
from chassis.values.event import Event
from identity.copies.model import Family
from identity.copies.store import FamilyStore
from identity.ports import Call
from identity.ports.family import family_changed


@on_event("family", "family_changed")
def on_family_changed(call: Call, event: Event) -> None:
    """Know what a family is called, and which files are one."""
    heard = family_changed(event)
    family = Family(heard.family_id, call.scope.organisation_id, heard.name, heard.merged_into)
    failpoint("identity.family_changed.before_write")
    call.store(FamilyStore).keep_family(call.scope, family, event.sequence)
    failpoint("identity.family_changed.after_write")
