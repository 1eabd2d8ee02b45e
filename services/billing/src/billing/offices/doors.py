"""What an organisation decides about its money."""

from dataclasses import asdict

from billing.offices import contract
from billing.offices.contract import GetSettings
from billing.offices.model import BillingSettings
from billing.offices.store import BillingSettingsStore
from billing.ports import Call
from billing.vocabulary import Reply
from chassis.doors.capabilities import may
from chassis.doors.rpc import rpc
from chassis.values.errors import Refused


@rpc(may("settings.read"), request=contract.GetSettingsRequest(), reply=contract.SettingsReply())
def get_settings(call: Call, _request: GetSettings) -> Reply:
    """Tell what the organisation decided about its money, with the version that a change has to name."""
    return {"settings": asdict(call.store(BillingSettingsStore).read(call.scope))}


@rpc(may("settings.write"), request=contract.PutSettingsRequest(), reply=contract.SettingsReply())
def put_settings(call: Call, request: BillingSettings) -> Reply:
    """Keep what the organisation decides; conflict when somebody changed it since `version`."""
    kept = call.store(BillingSettingsStore).put(
        call.scope, request, actor=call.actor, at=call.now(), request_id=call.request_id
    )
    if kept is None:
        raise Refused("conflict", "the settings were changed meanwhile")
    call.bell.wake()
    return {"settings": asdict(kept)}
