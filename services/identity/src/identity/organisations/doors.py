"""What anybody may know of an organisation, and what it decides for itself."""

from dataclasses import asdict

from chassis.doors.capabilities import anybody, may
from chassis.doors.rpc import rpc
from chassis.values.errors import Refused
from identity.organisations import contract
from identity.organisations.contract import GetOrganisation, GetSettings, Reply
from identity.organisations.model import IdentitySettings
from identity.organisations.render import organisation_reply
from identity.organisations.store import IdentitySettingsStore, OrganisationStore
from identity.ports import Call


@rpc(anybody(), request=contract.GetOrganisationRequest(), reply=contract.OrganisationReply())
def get_organisation(call: Call, request: GetOrganisation) -> Reply:
    """Tell what anybody may know of the organisation with this slug; not_found."""
    organisation = call.store(OrganisationStore).organisation_by_slug(request.slug)
    if organisation is None:
        raise Refused("not_found", "no organisation is called so")
    return organisation_reply(organisation)


@rpc(may("settings.read"), request=contract.GetSettingsRequest(), reply=contract.SettingsReply())
def get_settings(call: Call, _request: GetSettings) -> Reply:
    """Tell what the organisation decided about sessions, with the version that a change has to name."""
    return {"settings": asdict(call.store(IdentitySettingsStore).read(call.scope))}


@rpc(may("settings.write"), request=contract.PutSettingsRequest(), reply=contract.SettingsReply())
def put_settings(call: Call, request: IdentitySettings) -> Reply:
    """Keep what the organisation decides; conflict when somebody changed it since `version`."""
    kept = call.store(IdentitySettingsStore).put(
        call.scope, request, actor=call.actor, at=call.now(), request_id=call.request_id
    )
    if kept is None:
        raise Refused("conflict", "the settings were changed meanwhile")
    call.bell.wake()
    return {"settings": asdict(kept)}
