"""From the rows of accounts.csv to accounts with hashed passwords."""

from collections.abc import Hashable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from chassis.values.ids import named_id
from chassis.values.tables import Row
from identity.accounts import rules
from identity.accounts.model import Account
from identity.copies.store import FamilyStore
from identity.memberships.model import Membership
from identity.memberships.rules import granted, in_order, with_membership
from identity.memberships.store import membership_id
from identity.organisations.imports import Report, organisation_id
from identity.organisations.store import OrganisationStore
from identity.passwords.rules import password_faults
from identity.ports.hashing import Passwords

UNKNOWN_FAMILY = "No family is called so here yet; the line is kept."


@dataclass(slots=True)
class Wanted:
    """An account as the file wants it, its password still in clear, and the row that began it."""

    account: Account
    password: str | None
    row: Row


def wanted_accounts(store: OrganisationStore, found: Sequence[Row], report: Report) -> dict[str, Wanted]:
    """Gather the rows by login; a row whose organisation is unknown or that belongs nowhere is left out."""
    known = store.organisations({organisation_id(row.cells["organisation"]) for row in found})
    wanted: dict[str, Wanted] = {}
    told: dict[Hashable, Row] = {}
    for row in found:
        standing = [told[key] for key in _told_by(row) if key in told]
        if standing:
            report.faults.append(row.fault("", f"Stands already on line {standing[0].line}."))
        elif organisation_id(row.cells["organisation"]) not in known:
            report.faults.append(row.fault("organisation", "No organisation is called so."))
        elif not row.cells["family_reference"] and not row.cells["roles"]:
            report.faults.append(row.fault("family_reference", "Neither a family nor roles."))
        else:
            told |= dict.fromkeys(_told_by(row), row)
            _add_row(wanted, row)
    return wanted


def doubts_about_families(families: FamilyStore, found: Sequence[Row]) -> list[str]:
    """Return a warning for each row whose family was never heard of.

    Such a row is kept, for the files of two services may be imported in any order; `make fsck` tells what is
    still not there in the end.
    """
    of_family = [row for row in found if row.cells["family_reference"]]
    ids = {_family_id(row) for row in of_family}
    known = families.known_ids(ids)
    if ids and not known:
        file = of_family[0].file
        return [f"{file}: none of its families is known here yet; when they are imported, run fsck."]
    doubtful = [row for row in of_family if _family_id(row) not in known]
    return [f"{row.fault('family_reference', UNKNOWN_FAMILY)}" for row in doubtful]


def _family_id(row: Row) -> str:
    return named_id(organisation_id(row.cells["organisation"]), "family", row.cells["family_reference"])


def _told_by(row: Row) -> list[Hashable]:
    """Return the memberships that a row tells of: of a family, of the staff, or both."""
    cells = row.cells
    here = (rules.normalised_login(cells["login"]), cells["organisation"])
    family, staff = cells["family_reference"], "staff" if cells["roles"] else None
    return [(*here, "family", family)] * bool(family) + [(*here, staff)] * bool(staff)


def _add_row(wanted: dict[str, Wanted], row: Row) -> None:
    login = rules.normalised_login(row.cells["login"])
    before = wanted.get(login)
    account_id = named_id("", "account", login)
    memberships = before.account.memberships if before else ()
    for each in _memberships_of(row, account_id):
        memberships = with_membership(memberships, each)
    account = Account(
        id=account_id,
        login=login,
        first_name=row.cells["first_name"],
        last_name=row.cells["last_name"],
        language=row.cells["language"],
        password_hash="",
        memberships=in_order(memberships),
    )
    password = row.cells["password"] or (before.password if before else None)
    wanted[login] = Wanted(account, password, before.row if before else row)


def _memberships_of(row: Row, account_id: str) -> Iterator[Membership]:
    """Yield what a row makes of an account: a guardian of a family, a member of staff, or both in turn."""
    cells, organisation = row.cells, organisation_id(row.cells["organisation"])
    if cells["family_reference"]:
        family_id = named_id(organisation, "family", cells["family_reference"])
        guardian = cells["guardian_reference"]
        guardian_id = named_id(organisation, "guardian", guardian) if guardian else None
        yield Membership(
            membership_id(organisation, account_id, family_id), organisation, family_id, guardian_id
        )
    if cells["roles"]:
        centre_ids = [named_id(organisation, "centre", centre) for centre in cells["centre_references"]]
        grants = granted(cells["roles"], centre_ids)
        yield Membership(membership_id(organisation, account_id, None), organisation, grants=grants)


def is_new_account_good(wanted: Wanted, report: Report) -> bool:
    """Return whether a new account has a password that can be taken; each fault is reported."""
    if wanted.password is None:
        faults = ["A new account needs a password."]
    else:
        faults = password_faults(wanted.password, wanted.account.login)
    report.faults += [wanted.row.fault("password", fault) for fault in faults]
    return not faults


def hashed(passwords: Passwords, wanted: Sequence[Wanted]) -> list[Account]:
    """Hash the passwords on every processor: argon2 lets go of the interpreter while it works."""
    with ThreadPoolExecutor() as threads:
        hashes = threads.map(passwords.hash, [each.password or "" for each in wanted])
        return [replace(each.account, password_hash=new) for each, new in zip(wanted, hashes, strict=True)]
