"""What a command works with: the same call as a door, made by an operator."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import cast

from booking.stores import STORES
from chassis.doors import call
from chassis.doors.call import Tools, call_of_timer
from chassis.process.imports import imported_into
from chassis.storage.mongo import Stores, open_database
from chassis.values.actor import Actor
from chassis.values.clock import Clock
from chassis.values.ids import Ids, named_id, new_id

Call = call.Call[None]
"""A command asks no other service."""

OPERATOR = Actor("operator")


class _NoRelay:
    """Events wait in the documents that they tell of, from which the running service sends them."""

    def wake(self) -> None:
        """Leave it to the service, which looks several times a second."""


@contextmanager
def everywhere(clock: Clock, tried_for: str | None = None) -> Iterator[Call]:
    """Open the database for what looks over all organisations, or a copy of one's, to try something."""
    kinds = Stores(STORES)
    with (
        open_database("booking") as kept,
        imported_into(kept, tried_for, dry_run=tried_for is not None) as database,
    ):
        kinds.ensure_indexes(database)
        stores = cast("dict[type, object]", kinds(database))
        tools = Tools("booking", clock, Ids(), _NoRelay(), None, stores)
        yield replace(call_of_timer(tools), actor=OPERATOR)


@contextmanager
def within(organisation: str, clock: Clock, *, dry_run: bool = False) -> Iterator[Call]:
    """Open the database for the organisation of this slug, or for a dry run a copy that is forgotten."""
    organisation_id = named_id("", "organisation", organisation)
    with everywhere(clock, organisation_id if dry_run else None) as all_over:
        yield all_over.acting_for(organisation_id, request_id=new_id(), actor=OPERATOR)
