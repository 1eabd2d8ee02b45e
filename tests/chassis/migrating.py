"""Migrations of lamps, for tests; as a program it runs one that is killed in the middle: `migrating.py`."""

import os
import signal

import click

from chassis.storage.migrations import Migration, Plan, migration_commands, update_some


def number_rooms(database):
    return update_some(database["lamps"], {"floor": {"$exists": False}}, {"$set": {"floor": 0}}, at_most=10)


def name_makers(database):
    return update_some(
        database["lamps"], {"maker": {"$exists": False}}, [{"$set": {"maker": {"$concat": ["M-", "$room"]}}}]
    )


PLAN = Plan("lamps", (Migration(1, "Lamps have a floor", number_rooms), Migration(2, "Makers", name_makers)))


def number_rooms_and_die(database):
    number_rooms(database)
    if number_rooms(database):
        os.kill(os.getpid(), signal.SIGKILL)
    return 1


KILLED = Plan("lamps", (Migration(1, "Lamps have a floor", number_rooms_and_die),))

if __name__ == "__main__":
    main = click.Group(commands={each.name: each for each in migration_commands(KILLED)})
    main(["migrate"])
