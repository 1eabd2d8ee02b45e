"""`make long`: what takes too long for `make test`, in the same manner; all of it takes about three hours.

`python -m deploy.local.long [STAGE…]` runs some of the stages, in the order below. Nobody else should be
working on the machine: `faults`, `sockets`, `hints`, `alerts` and `bench` say how soon answers come.
"""

import sys

from deploy.local import check, stages
from deploy.local.layout import SERVICES
from deploy.local.stages import Stage, module, pytest, tests

_LONG = ("--hypothesis-profile=long", "--timeout=7200")
"""How many examples that is stands in tests/conftest.py; one test may then take two hours."""
_LIVES = {"SEATS_PROGRAMS": "1000"}


def rules() -> int:
    """Have hypothesis look for what breaks a rule, by thousands of examples."""
    return check.patched(tests("chassis", *SERVICES), "pure and hypothesis", *_LONG)


def files() -> int:
    """Read files with faults of every kind, whichever is imported."""
    return check.patched(tests("contracts/test_hostile_files.py"), "long")


def lives() -> int:
    """Live through random lives of seats and of books, in the model and in the database."""
    paths = tests("booking/seats/test_seats_programs.py", "billing/test_books.py")
    return check.on_real_parts([paths], "pure or not pure", *_LONG, extra=_LIVES)


def fuzz() -> int:
    """Ask the interface what nobody would: without services, then on real ones, ten minutes as each."""
    return pytest(tests("gateway/api/test_fuzz.py"), *_LONG) or module("tests.journeys.fuzzing")


def releases() -> int:
    """Run the release before and this one side by side, forward, back and forward again."""
    return module("tests.releases.side_by_side")


def walk() -> int:
    """Have something happen at every failpoint."""
    return module("tests.chaos.walk")


def faults() -> int:
    """Have every fault by itself."""
    return module("tests.chaos.faults")


def sockets() -> int:
    """Have two hundred sockets be slow for a minute; fails when people were not answered, or late."""
    return module("tests.loads.slow_sockets")


def hints() -> int:
    """Have notifications by the hundred while the payment provider is slow."""
    return module("tests.loads.hints")


def imports() -> int:
    """Bring fifty thousand bookings over in one command; fails when one was lost or a process grew."""
    return module("tests.loads.imports")


def rush() -> int:
    """Have two hundred log in within a second, and a thousand guess; fails when somebody was not let in."""
    return module("tests.loads.log_ins")


def alerts() -> int:
    """Make every alert fire, and end; fails when one does not, or fires while all is well."""
    return module("tests.alerts")


def bench() -> int:
    """Measure; fails when a seat was sold twice or an invariant does not hold."""
    return module("bench")


STAGES = (
    Stage("rules", "rules, thousands of examples of each property", rules),
    Stage("files", "files with faults of every kind, whichever is imported", files),
    Stage("lives", "random lives of seats and of books, in model and database", lives),
    Stage("fuzz", "generated requests and walks: by thousands, as a family and as nobody", fuzz),
    Stage("releases", "the release before and this one side by side", releases),
    Stage("walk", "every failpoint killed at, stopped at, broken at", walk),
    Stage("faults", "every fault by itself", faults),
    Stage("sockets", "two hundred slow sockets", sockets),
    Stage("hints", "notifications by the hundred while the payment provider is slow", hints),
    Stage("rush", "two hundred log-ins in a second, a thousand wrong ones", rush),
    Stage("imports", "fifty thousand bookings in one command", imports),
    Stage("alerts", "every alert fires for its fault, ends after it, and is silent before", alerts),
    Stage("bench", "what a request costs", bench),
)


if __name__ == "__main__":
    sys.exit(stages.main(STAGES, __doc__))
