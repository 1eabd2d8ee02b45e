"""How memberships lie inside the documents of accounts and of sessions: a list of documents.

The release before wrote one entry per organisation, in which a family, roles and centres stand together, and
beside the entries what they can't say: grants that are not each role at each centre, and further families.
Such an entry is a membership of the family and one of staff, whose ids are always the same.
"""

from collections.abc import Iterable
from typing import Any

from chassis.storage.documents import Document, Form, Mapper
from chassis.values.ids import named_id
from identity.memberships.model import Grant, Membership
from identity.memberships.rules import granted, in_order

FORMS = (Form(Membership, sparse=True), Form(Grant, sparse=True))
MAPPER = Mapper(*FORMS)


def membership_id(organisation_id: str, account_id: str, family_id: str | None) -> str:
    """Return the id of an account's membership of a family or, without one, of the staff: always the same."""
    return named_id(organisation_id, "membership", f"{account_id}/{family_id or 'staff'}")


def memberships_from(
    account_id: str, entries: Iterable[Document], more: Iterable[Document]
) -> tuple[Membership, ...]:
    """Return the memberships that entries, and what stands beside them, say."""
    listed = [each for entry in entries for each in _memberships_of(account_id, entry)]
    beside = [MAPPER.from_document(Membership, each) for each in more]
    organisations = {each.organisation_id for each in listed}
    return in_order((*listed, *(each for each in beside if each.organisation_id in organisations)))


def second_form(account_id: str, entries: Iterable[Document], more: Iterable[Document]) -> list[Document]:
    """Return what entries, and what stands beside them, say, as documents of memberships."""
    return [MAPPER.to_document(each) for each in memberships_from(account_id, entries, more)]


def _memberships_of(account_id: str, entry: Document) -> list[Membership]:
    organisation_id, family_id = entry["organisation_id"], entry["family_id"]
    found = []
    if family_id:
        named = membership_id(organisation_id, account_id, family_id)
        found.append(Membership(named, organisation_id, family_id, entry["guardian_id"]))
    if grants := _grants_of(entry):
        named = membership_id(organisation_id, account_id, None)
        found.append(Membership(named, organisation_id, grants=grants))
    return found


def _grants_of(entry: Document) -> tuple[Grant, ...]:
    told: list[Any] = entry.get("grants") or []
    if told:
        return tuple(MAPPER.from_document(Grant, each) for each in told)
    return granted(entry["roles"], entry["centre_ids"])
