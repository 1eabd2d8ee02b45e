"""What an organisation decides about bookings. What it offers is shown by planning, and comes by imports."""

from dataclasses import asdict

from booking.offer import contract
from booking.offer.contract import GetSettings, Reply
from booking.offer.model import BookingSettings
from booking.offer.store import BookingSettingsStore
from booking.ports import Call
from chassis.doors.capabilities import may
from chassis.doors.rpc import rpc
from chassis.values.errors import Refused


@rpc(may("settings.read"), request=contract.GetSettingsRequest(), reply=contract.SettingsReply())
def get_settings(call: Call, _request: GetSettings) -> Reply:
    """Tell what the organisation decided about bookings, with the version that a change has to name."""
    return {"settings": asdict(call.store(BookingSettingsStore).read(call.scope))}


@rpc(may("settings.write"), request=contract.PutSettingsRequest(), reply=contract.SettingsReply())
def put_settings(call: Call, request: BookingSettings) -> Reply:
    """Keep what the organisation decides; conflict when somebody changed it since `version`."""
    kept = call.store(BookingSettingsStore).put(
        call.scope, request, actor=call.actor, at=call.now(), request_id=call.request_id
    )
    if kept is None:
        raise Refused("conflict", "the settings were changed meanwhile")
    call.bell.wake()
    return {"settings": asdict(kept)}
