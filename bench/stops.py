"""`python -m bench.stops`: the way of a prepaid confirmation, stop by stop.

One line of one family, first try. Gateway, booking and billing run in this process, over the database of a
stack of its own, so that a profiler sees the whole way. A stop is a function of theirs that is under way when
the database or another service is asked something: what only computes and returns on the spot is none, nor is
the chassis. The list is kept in docs/architecture.md.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

from pymongo import MongoClient

from bench import grounds, in_process, town
from bench.journeys import Family, Reviewed, prepare
from bench.load import run
from chassis.storage.mongo import connect
from chassis.testing.waiting import eventually
from deploy.local.layout import ROOT
from deploy.local.lifeline import end_with_parent
from deploy.local.stack import Stack
from gateway import app as gateway_app
from gateway import clients, settings

Stop = tuple[str, str]
"""The file, below its package's sources, and the function."""

_SOURCES = (ROOT / "gateway/src", *(ROOT / "services").glob("*/src"))
_ASKED = ("pymongo/synchronous/collection.py", "bench/in_process.py")


class Way:
    """Notes each stop when it is first under way while something is asked, outermost first."""

    def __init__(self) -> None:
        self.stops: dict[Stop, None] = {}

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Watch this thread."""
        sys.setprofile(self._on_call)
        try:
            yield
        finally:
            sys.setprofile(None)

    def returns(self) -> int:
        """How often the way comes back to a file that it had left."""
        files = [file for file, _ in self.stops]
        entered = [file for before, file in zip(["", *files], files, strict=False) if file != before]
        return len(entered) - len(set(entered))

    def _on_call(self, frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and frame.f_code.co_filename.endswith(_ASKED):
            self.stops.update(dict.fromkeys(reversed([*_stops_of(frame)])))


def _stops_of(frame: FrameType | None) -> Iterator[Stop]:
    """The stops that are under way in a frame, innermost first."""
    while frame is not None:
        path, name = Path(frame.f_code.co_filename), frame.f_code.co_qualname
        source = next((source for source in _SOURCES if source in path.parents), None)
        if source is not None and not frame.f_code.co_name.startswith("<"):
            yield str(path.relative_to(source)), name
        frame = frame.f_back


def _reviewed(stack: Stack, today: datetime) -> tuple[Family, Reviewed]:
    """One family with a basket of one prepaid day that was reviewed."""
    town.load(stack, today.date())
    with MongoClient[dict[str, Any]](stack.mongodb_uri) as mongo:
        wanted = town.FAMILIES * town.CHILDREN
        eventually(lambda: mongo["booking"]["children"].estimated_document_count() >= wanted, timeout_s=60)
    address = ("127.0.0.1", stack.ports["gateway"])
    families = grounds.logged_in(address)
    movement = town.movement(families[0].children[0], town.PREPAID, next(iter(town.weekdays(today.date()))))
    baskets: list[Reviewed] = []
    run(address, [prepare(families[0], [movement], baskets)], clients=1)
    return families[0], baskets[0]


def main() -> int:
    """Print the stops and how many they are; 1 when the seat was not held."""
    end_with_parent()
    way = Way()
    with Stack("stops", fresh=True) as stack:
        family, basket = _reviewed(stack, datetime.now(UTC))
        os.environ.update(stack.env("billing") | stack.env("gateway"))
        read = settings.read()
        services = in_process.Doors(connect(stack.mongodb_uri), {family.token: family.session})
        client = gateway_app.build(read, clients.connect(services, read.rpc_timeout_s)).test_client()
        headers = {"Authorization": f"Bearer {family.token}", "Idempotency-Key": "one-line-first-try"}
        client.get(f"/api/v1/drafts/{basket.draft_id}", headers=headers)  # the session is known from now on
        with way.watched():
            answer = client.post(
                f"/api/v1/drafts/{basket.draft_id}/confirmation",
                json={"quote_id": basket.quote_id},
                headers=headers,
            )
    verdicts = [line["verdict"] for line in answer.get_json()["confirmation"]["lines"]]
    for number, (file, function) in enumerate(way.stops, 1):
        print(f"{number:3}  {file:40} {function}")
    files = len({file for file, _ in way.stops})
    print(f"{verdicts}: {len(way.stops)} functions in {files} files, {way.returns()} ways back")
    return 0 if verdicts == ["held"] else 1


if __name__ == "__main__":
    sys.exit(main())
