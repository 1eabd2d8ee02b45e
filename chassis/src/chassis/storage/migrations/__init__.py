"""Migrations: how the documents of a service are brought to the form of today, once, while it may be running.

A service lists its migrations, numbered from 1. Each is a step that is called until nothing is left to do. It
changes a bounded number of documents at a time, adds and never removes: what the release before still reads
is taken away by a migration of the release after, so that going back means the previous release on migrated
data. A step finds by its own query what is left, and so may be killed anywhere and called again.

`plan` says what a migration is, `run` which are due and how they are run, `commands` how an operator does it.
"""

from chassis.storage.migrations.commands import migration_commands
from chassis.storage.migrations.plan import Migration, Plan, update_some
from chassis.storage.migrations.run import Busy, migrate, records

__all__ = ["Busy", "Migration", "Plan", "migrate", "migration_commands", "records", "update_some"]
