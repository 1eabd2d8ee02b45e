"""Closures of an import: what was decided about days is kept, and the running service carries it on."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from booking.closures.model import CLOSING, Closing, ClosingAct, ClosingState
from booking.closures.rules import closing_id_of, days_to_come
from booking.closures.store import Closings
from booking.commands.running import Call
from booking.offer.imports import OfferImport
from booking.offer.model import Closure, ClosureKind
from booking.offer.store import Offers


def keep_closings(call: Call, imported: OfferImport) -> int:
    """Begin what closes and what opens by an import; gives how much of it is new.

    A closure that is closed already, and one withdrawn that never closed anything, begin nothing. Days that
    are over are left as they are.
    """
    both = ((imported.closures, ClosingAct.CLOSE), (imported.withdrawn, ClosingAct.OPEN))
    return sum(_begin(call, closure, act) for closures, act in both for closure in closures)


def _begin(call: Call, closure: Closure, act: ClosingAct) -> bool:
    closings = call.store(Closings)
    wanted = _closing(call, closure)
    found = closings.find(call.scope, wanted.id)
    if found is None and act is ClosingAct.OPEN:
        return False
    state = CLOSING.after(found.state if found else None, act)
    zone = ZoneInfo(call.store(Offers).current(call.scope).organisation.time_zone)
    over = days_to_come(wanted, call.now().astimezone(zone).date()) is None
    if state is None or over or closure.kind is not ClosureKind.CLOSURE:
        return False
    begun = replace(wanted, state=state, version=found.version if found else 0)
    return closings.move(call.scope, begun, act) is not None


def _closing(call: Call, closure: Closure) -> Closing:
    span = (closure.starts_on, closure.ends_on)
    return Closing(
        id=closing_id_of(call.scope.organisation_id, closure.centre_id, span),
        organisation_id=call.scope.organisation_id,
        centre_id=closure.centre_id,
        starts_on=closure.starts_on,
        ends_on=closure.ends_on,
        name=closure.name,
        state=ClosingState.CLOSING,
        version=0,
        changed_at=call.now(),
        actor=call.actor.as_document(),
    )
