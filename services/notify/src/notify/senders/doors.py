"""What an organisation decides about who its mails are from."""

from dataclasses import asdict

from chassis.doors.capabilities import may
from chassis.doors.rpc import rpc
from chassis.values.errors import Refused
from notify.ports import Call
from notify.senders import contract
from notify.senders.contract import GetSettings
from notify.senders.model import NotifySettings
from notify.senders.store import NotifySettingsStore

Reply = dict[str, object]


@rpc(may("settings.read"), request=contract.GetSettingsRequest(), reply=contract.SettingsReply())
def get_settings(call: Call, _request: GetSettings) -> Reply:
    """Tell what the organisation decided about its mails, with the version that a change has to name."""
    return {"settings": asdict(call.store(NotifySettingsStore).read(call.scope))}


@rpc(may("settings.write"), request=contract.PutSettingsRequest(), reply=contract.SettingsReply())
def put_settings(call: Call, request: NotifySettings) -> Reply:
    """Keep what the organisation decides; conflict when somebody changed it since `version`."""
    kept = call.store(NotifySettingsStore).put(
        call.scope, request, actor=call.actor, at=call.now(), request_id=call.request_id
    )
    if kept is None:
        raise Refused("conflict", "the settings were changed meanwhile")
    call.bell.wake()
    return {"settings": asdict(kept)}
