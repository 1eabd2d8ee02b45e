"""A stack with towns in it, as the journeys, the browser and the chaos want it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from chassis.testing.waiting import eventually
from deploy.demo.town import Town
from deploy.fsck import report
from deploy.local import fsck, town
from deploy.local.stack import Stack
from tests.journeys.people import Person


@contextmanager
def inhabited(
    name: str, towns: Sequence[Town] = town.TOWNS, environment: Mapping[str, str] | None = None
) -> Iterator[Stack]:
    """Start a fresh stack, load the towns into it, and wait until its gateway knows Carteville."""
    with Stack(name, fresh=True) as stack:
        town.load(stack, datetime.now(UTC).date(), towns, environment)
        eventually(lambda: bool(Person(stack.gateway_url).get("/organisations/carteville")))
        yield stack


def assert_sound(stack: Stack) -> None:
    """Look for what does not hold once everything has come to rest."""
    findings = report.converged(fsck.where(stack))
    assert not findings, "\n".join(findings)
