"""What anybody may know of an organisation, and what it decides for itself."""

from dataclasses import asdict

from chassis.doors.capabilities import anybody, may
from chassis.doors.rpc import rpc
from chassis.running.failpoints import failpoint
from chassis.values.errors import FieldError, Refused
from identity.organisations import contract, rules
from identity.organisations.contract import GetAppearance, GetOrganisation, GetSettings, Reply
from identity.organisations.model import Appearance, IdentitySettings
from identity.organisations.render import appearance_reply, organisation_changed, organisation_reply
from identity.organisations.store import IdentitySettingsStore, OrganisationStore, Stamp
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


@rpc(may("settings.read"), request=contract.GetAppearanceRequest(), reply=contract.AppearanceReply())
def get_appearance(call: Call, _request: GetAppearance) -> Reply:
    """Tell colour, crest and help desk of the organisation, with the version that a change has to name."""
    found = call.store(OrganisationStore).organisations([call.scope.organisation_id])
    if not found:
        raise Refused("not_found", "no organisation is called so")
    return appearance_reply(found[call.scope.organisation_id])


@rpc(may("settings.write"), request=contract.PutAppearanceRequest(), reply=contract.AppearanceReply())
def put_appearance(call: Call, request: Appearance) -> Reply:
    """Show the organisation in this colour, with this crest and help desk, on pages and in mails.

    Refused: low_contrast, with the nearest darker colour, where white letters on it would be hard to read;
    conflict when the organisation was changed since `version`.
    """
    shade = rules.legible_shade(request.colour.lower()) if request.colour else ""
    if shade != request.colour.lower():
        nearest = FieldError(pointer="/colour", messages=[shade])
        raise Refused("low_contrast", f"white on colour is hard to read; {shade} is dark enough", [nearest])
    kept = call.store(OrganisationStore).dress(
        call.scope, request, organisation_changed, Stamp(call.now(), call.request_id, call.actor)
    )
    failpoint("identity.put_appearance.after_commit")
    if kept is None:
        raise Refused("conflict", "the organisation was changed meanwhile")
    call.bell.wake()
    return appearance_reply(kept)
