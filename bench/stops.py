"""`python -m bench.stops`: the way of a prepaid confirmation, stop by stop.

One line of one family, first try. Gateway, booking and billing run in this process, over the database of a
stack of its own, so that a profiler sees the whole way. A stop is a function of theirs that is under way when
the database or another service is asked something: what only computes and returns on the spot is none, nor is
the chassis. The programs have served another family and this one's review, so that they know what they
remember for some seconds; with `--cold` they were started this instant. The list is kept in
docs/architecture.md.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

from flask.testing import FlaskClient
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


def _reviewed(stack: Stack, today: datetime) -> list[tuple[Family, Reviewed]]:
    """Two families, each with a basket of one prepaid day that was reviewed."""
    town.load(stack, today.date())
    with MongoClient[dict[str, Any]](stack.mongodb_uri) as mongo:
        wanted = town.FAMILIES * town.CHILDREN
        eventually(lambda: mongo["booking"]["children"].estimated_document_count() >= wanted, timeout_s=60)
    address = ("127.0.0.1", stack.ports["front"])
    day, baskets = next(iter(town.weekdays(today.date()))), list[Reviewed]()
    families = grounds.logged_in(address)[:2]
    for family in families:
        movement = town.movement(family.children[0], town.PREPAID, day)
        run(address, [prepare(family, [movement], baskets)], clients=1)
    return list(zip(families, baskets, strict=True))


def _confirm(client: FlaskClient, family: Family, basket: Reviewed, way: Way, *, warm: bool) -> list[str]:
    """Confirm a basket under watch, by somebody whose session is known; return the verdicts."""
    headers = {"Authorization": f"Bearer {family.token}", "Idempotency-Key": "one-line-first-try"}
    draft, quote_id = f"/api/v1/drafts/{basket.draft_id}", basket.quote_id
    client.get(draft, headers=headers)
    if warm:
        quote_id = client.get(f"{draft}/review", headers=headers).get_json()["review"]["quote_id"]
    with way.watched():
        answer = client.post(f"{draft}/confirmation", json={"quote_id": quote_id}, headers=headers)
    return [line["verdict"] for line in answer.get_json()["confirmation"]["lines"]]


def main() -> int:
    """Print the stops and how many they are; 1 when the seat was not held."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cold", action="store_true", help="watch the first confirmation of the programs")
    cold = parser.parse_args().cold
    end_with_parent()
    ways = Way(), Way()
    with Stack("stops", fresh=True) as stack:
        asked = _reviewed(stack, datetime.now(UTC))
        os.environ.update(stack.env("billing") | stack.env("gateway"))
        read = settings.read()
        services = in_process.Doors(
            connect(stack.mongodb_uri), {family.token: family.session for family, _ in asked}
        )
        client = gateway_app.build(read, clients.connect(services, read.rpc_timeout_s)).test_client()
        told = [
            _confirm(client, *asked[0], ways[0], warm=False),
            _confirm(client, *asked[1], ways[1], warm=True),
        ]
    way, verdicts = (ways[0], told[0]) if cold else (ways[1], told[1])
    for number, (file, function) in enumerate(way.stops, 1):
        print(f"{number:3}  {file:40} {function}")
    files = len({file for file, _ in way.stops})
    print(f"{verdicts}: {len(way.stops)} functions in {files} files, {way.returns()} ways back")
    return 0 if verdicts == ["held"] else 1


if __name__ == "__main__":
    sys.exit(main())
