"""What anybody may know of an organisation."""

from chassis.doors.capabilities import anybody
from chassis.doors.rpc import rpc
from chassis.values.errors import Refused
from identity.organisations import contract
from identity.organisations.contract import GetOrganisation, Reply
from identity.organisations.render import organisation_reply
from identity.organisations.store import OrganisationStore
from identity.ports import Call


@rpc(anybody(), request=contract.GetOrganisationRequest(), reply=contract.OrganisationReply())
def get_organisation(call: Call, request: GetOrganisation) -> Reply:
    """Tell what anybody may know of the organisation with this slug; not_found."""
    organisation = call.store(OrganisationStore).organisation_by_slug(request.slug)
    if organisation is None:
        raise Refused("not_found", "no organisation is called so")
    return organisation_reply(organisation)
