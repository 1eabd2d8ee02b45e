"""`python -m tests.releases.dump NAME`: start this checkout's demo small, live in it, and keep its databases.

What is kept in `tests/releases/<name>`:

origin.json      when its programs were switched off, and what is needed to log in
<service>.jsonl.gz   what was in the databases then (`stored`)
answers.json.gz  what families were told of it over HTTP, by who asked and what, shortly before
in_hand.json     what the programs had begun and not ended (`lived.InHand`)
"""

import argparse
import shutil
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from deploy.demo.town import PASSWORD
from deploy.local.lifeline import end_with_parent
from deploy.local.stack import Stack
from tests.journeys.people import Person
from tests.releases import lived, stored
from tests.releases.asked import everything_told
from tests.releases.opened import opened
from tests.releases.small_towns import TOWNS, VALMONT
from tests.releases.stored import Origin
from tests.towns import assert_sound, inhabited

STACK = "dump"
ASKED = 5
"""How many families look at all that is theirs: those who live before the end."""


def dump(directory: Path) -> None:
    """Make a dump in `directory`, whose name says which code made it."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir()
    with inhabited(STACK, TOWNS) as stack, opened(stack) as databases:
        today = datetime.now(UTC).date()
        families = lived.entered(stack, today)
        in_both = Person.logged_in(stack.gateway_url, VALMONT.newcomers[0].email)
        lived.live(stack, families)
        lived.live_in_both_towns(in_both)
        assert_sound(stack)
        in_hand = lived.begin_without_end(stack, families, databases)
        stored.write_json(directory / "in_hand.json", asdict(in_hand))
        looking = [family.person for family in families[:ASKED]] + [in_both]
        told = [asdict(each) for person in looking for each in everything_told(person, today)]
        lived.switch_off(stack)
        stored.write_json(directory / "answers.json.gz", told)
        stored.write_json(directory / "origin.json", asdict(_origin(stack, in_both)))
        stored.save(databases, directory)


def _origin(stack: Stack, somebody: Person) -> Origin:
    return Origin(
        made_at=datetime.now(UTC).isoformat(),
        identity_pepper=stack.credentials.text("identity.pepper"),
        password=PASSWORD,
        login=somebody.login,
        token=str(somebody.http.headers["Authorization"]).removeprefix("Bearer "),
    )


def main() -> int:
    """Make a dump, and say how large it is."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("name", help="made_by_ and the commit, such as made_by_1d38cb3")
    directory = stored.HERE / parser.parse_args().name
    end_with_parent()
    dump(directory)
    for path in sorted(directory.iterdir()):
        print(f"{path.stat().st_size:>8} {path.name}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
