"""What an organisation decides about their files."""

from dataclasses import asdict

from chassis.doors.capabilities import may
from chassis.doors.rpc import rpc
from chassis.values.errors import Refused
from family.files import contract
from family.files.contract import GetSettings, Reply
from family.files.model import FamilySettings
from family.files.store import FamilySettingsStore
from family.ports import Call


@rpc(may("settings.read"), request=contract.GetSettingsRequest(), reply=contract.SettingsReply())
def get_settings(call: Call, _request: GetSettings) -> Reply:
    """Tell what the organisation decided about their files, with the version that a change has to name."""
    return {"settings": asdict(call.store(FamilySettingsStore).read(call.scope))}


@rpc(may("settings.write"), request=contract.PutSettingsRequest(), reply=contract.SettingsReply())
def put_settings(call: Call, request: FamilySettings) -> Reply:
    """Keep what the organisation decides; conflict when somebody changed it since `version`."""
    kept = call.store(FamilySettingsStore).put(
        call.scope, request, actor=call.actor, at=call.now(), request_id=call.request_id
    )
    if kept is None:
        raise Refused("conflict", "the settings were changed meanwhile")
    call.bell.wake()
    return {"settings": asdict(kept)}
