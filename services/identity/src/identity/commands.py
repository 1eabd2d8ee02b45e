"""What an operator runs beside the service: `python -m identity.commands import DIRECTORY`.

The same environment as the service. Events wait in the outbox, from which the running service sends them.
"""

from pathlib import Path

import click

from chassis.process.imports import end_import, import_options, imported_into
from chassis.storage.migrations import Migration, Plan, migration_commands
from chassis.storage.mongo import Db, open_database
from chassis.storage.outbox import republish_command
from chassis.values.actor import Actor
from chassis.values.clock import Clock
from chassis.values.ids import new_id
from chassis.values.tables import in_batches
from identity import settings
from identity.accounts import contract as accounts
from identity.accounts.imports import doubts_about_families, hashed, is_new_account_good, wanted_accounts
from identity.accounts.render import languages_told
from identity.accounts.rules import imported_account
from identity.accounts.store import AccountStore, upgrade_some
from identity.copies.store import FamilyStore
from identity.organisations import contract as organisations
from identity.organisations import render
from identity.organisations.imports import Report, organisation_of
from identity.organisations.store import OrganisationStore
from identity.ports.hashing import Passwords
from identity.sessions.store import SessionStore

ACCOUNTS_AT_ONCE = 500
OPERATOR = Actor("operator")


def tell_organisations_anew(database: Db) -> int:
    """Have copies of some organisations that were told before learn their colour and help desk; how many."""
    return OrganisationStore(database).tell_some_anew(render.organisation_changed, Clock().now(), new_id())


MIGRATIONS = Plan(
    "identity",
    (
        Migration(1, "Accounts list their memberships one by one", upgrade_some),
        Migration(2, "Organisations are told with their colour and help desk", tell_organisations_anew),
    ),
)


def import_organisations(database: Db, directory: Path, report: Report) -> None:
    """Keep the organisations of organisations.csv; each changed one is told as organisation_changed."""
    found = report.rows(directory / "organisations.csv", organisations.OrganisationRow(), ["slug"])
    store, sessions = OrganisationStore(database), SessionStore(database)
    for row in report.progress.each("organisations.csv", found):
        organisation = organisation_of(row)
        data = render.organisation_changed(organisation)
        changed = store.keep_organisation(organisation, data, Clock().now(), new_id())
        sessions.show_organisation(organisation)
        report.read["organisations"] += 1
        report.changed["organisations"] += changed


def import_accounts(database: Db, passwords: Passwords, directory: Path, report: Report) -> None:
    """Keep the accounts of accounts.csv, some hundred at a time; only new ones have their password hashed."""
    found = report.rows(directory / "accounts.csv", accounts.AccountRow(), [])
    store = AccountStore(database)
    wanted = list(wanted_accounts(OrganisationStore(database), found, report).values())
    report.warnings += doubts_about_families(FamilyStore(database), found)
    report.read["accounts"] += len(wanted)
    for batch in report.progress.batches("accounts.csv", wanted, ACCOUNTS_AT_ONCE):
        stored = store.accounts_by_id(each.account.id for each in batch)
        new = [each for each in batch if each.account.id not in stored]
        known = [each.account for each in batch if each.account.id in stored]
        merged = [imported_account(stored[account.id], account) for account in known]
        changed = [account for account in merged if account != stored[account.id]]
        added = hashed(passwords, [each for each in new if is_new_account_good(each, report)])
        told = languages_told([*changed, *added], Clock().now(), new_id(), OPERATOR)
        store.keep_accounts(changed, added, told)
        SessionStore(database).end_outdated_sessions(merged)
        report.changed["accounts"] += len(changed) + len(added)


@click.group()
def main() -> None:
    """Run a command of the identity service."""


@main.command("import")
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--organisation", help="Accepted as by the other services; the files name theirs in each row.")
@import_options
def import_(directory: Path, organisation: str | None, errors: Path | None, *, dry_run: bool) -> None:  # noqa: ARG001  (one command line for all services)
    """Import organisations.csv and accounts.csv of DIRECTORY; running it again changes nothing."""
    read, report = settings.read(), Report()
    passwords = Passwords(read.pepper, memory_kib=read.memory_kib, time_cost=read.time_cost)
    kept = click.get_current_context().with_resource(open_database("identity"))
    with imported_into(kept, None, dry_run=dry_run) as database, report.progress:
        for store in (OrganisationStore, AccountStore, FamilyStore, SessionStore):
            store.ensure_indexes(database)
        import_organisations(database, directory, report)
        import_accounts(database, passwords, directory, report)
    for warning in report.warnings:
        click.echo(f"warning: {warning}", err=True)
    for kind, count in report.read.items():
        click.echo(f"{kind}: {count} read, {report.changed[kind]} changed")
    end_import(directory, report.faults, errors, dry_run=dry_run)


def tell_organisations(database: Db, organisation_id: str | None) -> str:
    """Tell one organisation, or all, and in which languages guardians read; returns how many, in words."""
    store, now, request_id = OrganisationStore(database), Clock().now(), new_id()
    found = store.organisations(store.ids() if organisation_id is None else [organisation_id])
    if organisation_id is not None and not found:
        raise click.ClickException("No organisation is called so.")
    for each in found.values():
        store.republish(each, render.organisation_changed(each), now, request_id)
    languages = 0
    for some in in_batches(AccountStore(database).guardians(organisation_id), ACCOUNTS_AT_ONCE):
        rows = languages_told(some, now, request_id, OPERATOR, organisation_id)
        AccountStore(database).republish(rows)
        languages += len(rows)
    counted = f"{len(found)} organisation{'s' * (len(found) != 1)}"
    return f"{counted} and {languages} language{'s' * (languages != 1)} told"


republish = republish_command("identity", tell_organisations)
main.add_command(republish)
main.add_command(republish, "tell-again")  # as the runbook of the release before calls it
for command in migration_commands(MIGRATIONS):
    main.add_command(command)

if __name__ == "__main__":
    main()
