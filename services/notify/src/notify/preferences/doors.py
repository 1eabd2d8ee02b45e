"""A person says how they want to be written to."""

from chassis.doors.capabilities import own_account
from chassis.doors.rpc import rpc
from chassis.running.failpoints import failpoint
from chassis.values.errors import Refused
from notify.ports import Call
from notify.preferences import contract
from notify.preferences.contract import GetPreferences, PutPreferences
from notify.preferences.model import Preferences, Telling
from notify.preferences.store import PreferencesStore
from notify.senders.store import NotifySettingsStore

Reply = dict[str, object]


@rpc(own_account(), request=contract.GetPreferencesRequest(), reply=contract.PreferencesReply())
def get_preferences(call: Call, _request: GetPreferences) -> Reply:
    """Tell how the person wants to be written to.

    Refused: not_found for an account that is no guardian here.
    """
    guardian_id = _guardian_id(call)
    decided = call.store(PreferencesStore).of(call.scope, [guardian_id])
    return _reply(call, decided.get(guardian_id, Preferences()))


@rpc(own_account(), request=contract.PutPreferencesRequest(), reply=contract.PreferencesReply())
def put_preferences(call: Call, request: PutPreferences) -> Reply:
    """Keep how the person wants to be written to: it counts for what happens from now on.

    Refused: not_found for an account that is no guardian here.
    """
    wanted = Preferences(Telling(request.telling))
    call.store(PreferencesStore).put(call.scope, _guardian_id(call), wanted)
    failpoint("notify.put_preferences.after_write")
    return _reply(call, wanted)


def _guardian_id(call: Call) -> str:
    if call.context.guardian_id is None:
        raise Refused("not_found", "the account is no guardian here")
    return call.context.guardian_id


def _reply(call: Call, preferences: Preferences) -> Reply:
    digest_at = call.store(NotifySettingsStore).read(call.scope).digest_at
    return {"preferences": {"telling": preferences.telling.value, "digest_at": digest_at}}
