"""How memberships lie inside the documents of accounts and of sessions.

There is one entry per organisation, in which the release before reads and writes a family, roles and centres
together. Read, it is a membership of the family and one of staff, whose ids are always the same. What an
entry can't say stands beside it, where the release before does not look: grants that are not each role at
each centre, and further families.

The next release keeps them as they are, a list of documents. Both forms are read; `second_form` makes the
second of the first.
"""

from collections.abc import Iterable, Sequence
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


def entries_of(memberships: Iterable[Membership]) -> list[Document]:
    """Return one entry per organisation, in the order in which they are first named."""
    by_organisation: dict[str, list[Membership]] = {}
    for each in memberships:
        by_organisation.setdefault(each.organisation_id, []).append(each)
    return [_entry_of(organisation_id, several) for organisation_id, several in by_organisation.items()]


def more_of(memberships: Iterable[Membership]) -> list[Document]:
    """Return the memberships that no entry holds: of an organisation's second family and further ones."""
    named: set[str] = set()
    more = []
    for each in memberships:
        if each.family_id is None:
            continue
        if each.organisation_id in named:
            more.append(MAPPER.to_document(each))
        named.add(each.organisation_id)
    return more


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


def _entry_of(organisation_id: str, several: Sequence[Membership]) -> Document:
    family = next((each for each in several if each.family_id), None)
    staff = next((each for each in several if each.grants), None)
    entry: Document = {
        "organisation_id": organisation_id,
        "family_id": family.family_id if family else None,
        "guardian_id": family.guardian_id if family else None,
        "roles": list(staff.roles) if staff else [],
        "centre_ids": list(staff.centre_ids) if staff else [],
    }
    if staff and staff.grants != granted(staff.roles, staff.centre_ids):
        entry["grants"] = [MAPPER.to_document(each) for each in staff.grants]
    return entry


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
