"""What others say of themselves: who writes, and whom to write to."""

from chassis.doors.events import on_event
from chassis.running.failpoints import failpoint
from chassis.values.event import Event
from notify.copies.store import CopyStore
from notify.ports import Call
from notify.ports.family import read_family
from notify.ports.identity import read_language, read_organisation


@on_event("identity", "organisation_changed")
def on_organisation_changed(call: Call, event: Event) -> None:
    """Know who writes."""
    organisation = read_organisation(event.data)
    failpoint("notify.organisation_changed.before_write")
    call.store(CopyStore).keep_organisation(call.scope, organisation, event.sequence)
    failpoint("notify.organisation_changed.after_write")


@on_event("family", "family_changed")
def on_family_changed(call: Call, event: Event) -> None:
    """Know whom to write to."""
    family = read_family(event.data)
    failpoint("notify.family_changed.before_write")
    call.store(CopyStore).keep_family(call.scope, family, event.sequence)
    failpoint("notify.family_changed.after_write")


@on_event("identity", "language_chosen")
def on_language_chosen(call: Call, event: Event) -> None:
    """Know in which language a guardian reads."""
    chosen = read_language(event.data)
    failpoint("notify.language_chosen.before_write")
    call.store(CopyStore).keep_language(call.scope, chosen, event.sequence)
    failpoint("notify.language_chosen.after_write")
