"""What an operator runs beside the service: `python -m identity.commands import DIRECTORY`.

The same environment as the service. Events wait in the outbox, from which the running service sends them.
"""

import sys
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import click

from chassis.storage.mongo import open_database
from chassis.values.clock import Clock
from chassis.values.ids import named_id, new_id
from chassis.values.tables import Fault, Row, in_batches, read_table
from identity import settings
from identity.accounts import contract as rows
from identity.accounts import rules as accounts
from identity.passwords.rules import password_faults
from identity.ports.hashing import Passwords
from identity.sessions import render as replies
from identity.sessions.model import Account, Announcement, Membership, Organisation
from identity.sessions.store import Store

ACCOUNTS_AT_ONCE = 500


@dataclass(slots=True)
class Report:
    """What an import did: how many things of each kind were read, how many changed, and each fault."""

    read: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    changed: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    faults: list[Fault] = field(default_factory=list)


@dataclass(slots=True)
class Wanted:
    """An account as the file wants it, its password still in clear, and the row that began it."""

    account: Account
    password: str | None
    row: Row


def organisation_id(slug: str) -> str:
    """Derive an organisation's id from its slug, as every service does."""
    return named_id("", "organisation", slug)


def import_organisations(store: Store, directory: Path, report: Report) -> None:
    """Keep the organisations of organisations.csv; each changed one is told as organisation_changed."""
    found, faults = read_table(directory / "organisations.csv", rows.OrganisationRow())
    report.faults += faults
    for row in found:
        organisation = _organisation(row)
        data = replies.organisation_changed(organisation)
        changed = store.keep_organisation(organisation, data, Clock().now(), new_id())
        store.show_organisation(organisation)
        report.read["organisations"] += 1
        report.changed["organisations"] += changed


def import_accounts(store: Store, passwords: Passwords, directory: Path, report: Report) -> None:
    """Keep the accounts of accounts.csv, some hundred at a time; only new ones have their password hashed."""
    found, faults = read_table(directory / "accounts.csv", rows.AccountRow())
    report.faults += faults
    wanted = list(_wanted(store, found, report).values())
    report.read["accounts"] += len(wanted)
    for batch in in_batches(wanted, ACCOUNTS_AT_ONCE):
        stored = store.accounts_by_id(each.account.id for each in batch)
        new = [each for each in batch if each.account.id not in stored]
        known = [each.account for each in batch if each.account.id in stored]
        merged = [accounts.imported_account(stored[account.id], account) for account in known]
        changed = [account for account in merged if account != stored[account.id]]
        added = _hashed(passwords, [each for each in new if _is_new_account_good(each, report)])
        store.keep_accounts(changed, added)
        store.end_outdated_sessions(merged)
        report.changed["accounts"] += len(changed) + len(added)


def _organisation(row: Row) -> Organisation:
    cells = row.cells
    title, text = cells["announcement_title"], cells["announcement_text"]
    return Organisation(
        id=organisation_id(cells["slug"]),
        slug=cells["slug"],
        name=cells["name"],
        time_zone=cells["time_zone"],
        language=cells["language"],
        announcements=(Announcement(title, text),) if title or text else (),
    )


def _wanted(store: Store, found: Sequence[Row], report: Report) -> dict[str, Wanted]:
    """Gather the rows by login; a row whose organisation is unknown or that belongs nowhere is left out."""
    known = store.organisations({organisation_id(row.cells["organisation"]) for row in found})
    wanted: dict[str, Wanted] = {}
    for row in found:
        membership = _membership(row)
        if membership.organisation_id not in known:
            report.faults.append(row.fault("organisation", "No organisation is called so."))
        elif not membership.family_id and not membership.roles:
            report.faults.append(row.fault("family_reference", "Neither a family nor roles."))
        else:
            _add_row(wanted, row, membership)
    return wanted


def _add_row(wanted: dict[str, Wanted], row: Row, membership: Membership) -> None:
    login = accounts.normalised_login(row.cells["login"])
    before = wanted.get(login)
    account = Account(
        id=named_id("", "account", login),
        login=login,
        first_name=row.cells["first_name"],
        last_name=row.cells["last_name"],
        language=row.cells["language"],
        password_hash="",
        memberships=accounts.with_membership(before.account.memberships if before else (), membership),
    )
    password = row.cells["password"] or (before.password if before else None)
    wanted[login] = Wanted(account, password, before.row if before else row)


def _membership(row: Row) -> Membership:
    cells, organisation = row.cells, organisation_id(row.cells["organisation"])
    family, guardian = cells["family_reference"], cells["guardian_reference"]
    return Membership(
        organisation_id=organisation,
        family_id=named_id(organisation, "family", family) if family else None,
        guardian_id=named_id(organisation, "guardian", guardian) if guardian else None,
        roles=tuple(cells["roles"]),
        centre_ids=tuple(named_id(organisation, "centre", centre) for centre in cells["centre_references"]),
    )


def _is_new_account_good(wanted: Wanted, report: Report) -> bool:
    if wanted.password is None:
        faults = ["A new account needs a password."]
    else:
        faults = password_faults(wanted.password, wanted.account.login)
    report.faults += [wanted.row.fault("password", fault) for fault in faults]
    return not faults


def _hashed(passwords: Passwords, wanted: Sequence[Wanted]) -> list[Account]:
    """Hash the passwords on every processor: argon2 lets go of the interpreter while it works."""
    with ThreadPoolExecutor() as threads:
        hashes = threads.map(passwords.hash, [each.password or "" for each in wanted])
        return [replace(each.account, password_hash=new) for each, new in zip(wanted, hashes, strict=True)]


@click.group()
def main() -> None:
    """Run a command of the identity service."""


@main.command("import")
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--organisation", help="Accepted as by the other services; the files name theirs in each row.")
def import_(directory: Path, organisation: str | None) -> None:  # noqa: ARG001  (one command line for all services)
    """Import organisations.csv and accounts.csv of DIRECTORY; running it again changes nothing."""
    read, report = settings.read(), Report()
    database = click.get_current_context().with_resource(open_database("identity"))
    Store.ensure_indexes(database)
    store = Store(database)
    import_organisations(store, directory, report)
    passwords = Passwords(read.pepper, memory_kib=read.memory_kib, time_cost=read.time_cost)
    import_accounts(store, passwords, directory, report)
    for fault in report.faults:
        click.echo(str(fault), err=True)
    for kind, count in report.read.items():
        click.echo(f"{kind}: {count} read, {report.changed[kind]} changed")
    sys.exit(1 if report.faults else 0)


@main.command("tell-again")
@click.option("--organisation", required=True, help="The slug of the organisation that is told.")
def tell_again(organisation: str) -> None:
    """Tell the other services an organisation again: for one whose copy is behind, or new."""
    store = Store(click.get_current_context().with_resource(open_database("identity")))
    found = store.organisation_by_slug(organisation)
    if found is None:
        raise click.ClickException("No organisation is called so.")
    store.tell_organisation_again(found, replies.organisation_changed(found), Clock().now(), new_id())
    click.echo("1 organisation told")


if __name__ == "__main__":
    main()
