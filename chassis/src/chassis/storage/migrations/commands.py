"""The two commands of an operator, which every service adds to its own: `migrate` and `migrations`."""

import click

from chassis.storage.migrations.plan import Migration, Plan
from chassis.storage.migrations.run import Busy, migrate, records
from chassis.storage.mongo import open_database

PATIENCE_S = 600.0


def migration_commands(plan: Plan) -> tuple[click.Command, click.Command]:
    """Return `migrate` and `migrations` of a service, on the database that MONGODB_URI and its name tell."""

    @click.command("migrate")
    @click.option("--wait", default=PATIENCE_S, show_default=True, help="Seconds to wait for another copy.")
    def run(wait: float) -> None:
        """Bring what is stored to today's form. May run beside the service; a second run changes nothing."""
        with open_database(plan.service) as database:
            try:
                done = migrate(database, plan, wait_s=wait, progress=_say)
            except Busy as error:
                raise click.ClickException(str(error)) from error
        for record in done:
            click.echo(f"{record.number}  {record.documents} documents  {record.title}")
        click.echo(f"{len(done)} migrations run")

    @click.command("migrations")
    def show() -> None:
        """List the migrations and when each was run, changing nothing; fails while one is due."""
        with open_database(plan.service) as database:
            done = records(database)
        for migration in plan.migrations:
            record = done.get(migration.number)
            when = f"{record.done_at:%Y-%m-%d %H:%M:%S}Z" if record else "due"
            click.echo(f"{migration.number}  {when}  {migration.title}")
        for number in sorted(done.keys() - {migration.number for migration in plan.migrations}):
            click.echo(f"{number}  run by a later release  {done[number].title}")
        if any(migration.number not in done for migration in plan.migrations):
            raise SystemExit(1)

    return run, show


def _say(migration: Migration, documents: int) -> None:
    click.echo(f"{migration.number}  {documents} so far", err=True)
