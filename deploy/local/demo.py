"""`make demo`: the suite with its demo town, until Ctrl-C. `--reset` forgets the town first.

GATEWAY_PORT, MAIL_PORT and PAYMENT_PORT move the three addresses; MONGODB_URI and AMQP_URI bring a
database and a broker of one's own.
"""

import argparse
import fcntl
import os
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime

from deploy.demo import valmont
from deploy.demo.town import PASSWORD
from deploy.local import fsck, given, programs, town
from deploy.local.infrastructure import MissingProgramsError, forget
from deploy.local.layout import VAR, private_directory
from deploy.local.lifeline import end_with_parent
from deploy.local.mongod import DatabaseNotReadyError
from deploy.local.ports import NoFreePortError
from deploy.local.readiness import NotReadyError
from deploy.local.stack import Stack
from deploy.local.supervision import Program, SupervisionFailedError

NAME = "demo"
_PORTS = {"front": ("GATEWAY_PORT", 8000), "mail": ("MAIL_PORT", 8025), "payment": ("PAYMENT_PORT", 8090)}
"""By program: the variable that moves it, and where it is otherwise."""
_LOOK_AGAIN_S = 0.5
_FAILURES = (
    NoFreePortError,
    NotReadyError,
    MissingProgramsError,
    SupervisionFailedError,
    DatabaseNotReadyError,
    town.ImportFailedError,
)


class DemoStack(Stack):
    """The suite, and what answers Valmont's requests in the place of its agents."""

    def _programs(self) -> list[Program]:
        suite = super()._programs()
        return [*suite, programs.answering_program(self._around, valmont.SLUG, valmont.REFUSED_ON)]


class AlreadyRunningError(Exception):
    """The demo of this checkout runs already."""


@contextmanager
def _alone() -> Iterator[None]:
    with (private_directory(VAR) / f"{NAME}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunningError(
                "the demo of this checkout runs already: stop it first (Ctrl-C)"
            ) from None
        yield


def _ports(environment: Mapping[str, str]) -> dict[str, int]:
    return {name: int(environment.get(variable) or port) for name, (variable, port) in _PORTS.items()}


def _reset() -> None:
    """Forget the town, its secrets and its data, also in a database that was given."""
    mongodb_uri = os.environ.get("MONGODB_URI")
    if mongodb_uri:
        given.forget(mongodb_uri, Stack(NAME, mongodb_uri=mongodb_uri).database_names())
    forget(NAME)


def _load_town(stack: Stack) -> None:
    if town.loaded_on(stack) is None:
        print("Loading Carteville and Valmont: 230 families, 395 children (only this once)", flush=True)
        town.load(stack, _today())


def _today() -> date:
    return datetime.now(UTC).date()


def _greet(stack: Stack, seconds: float) -> None:
    made_on = town.loaded_on(stack) or _today()
    print(f"\nMarelle is ready ({seconds:.0f} s).\n")
    print(f"  families and staff  {stack.gateway_url}")
    print(f"  mails               {stack.mail_url}")
    print(f"  payment simulator   {stack.payment_url}")
    print(f"\nLogins (password: {PASSWORD})")
    for each in town.TOWNS:
        print(f"  {each.name}")
        for login, who in each.logins(made_on):
            print(f"    {login:<43} {who}")
    print(f"\n{valmont.TOWN.name} answers requests (garderie du soir) by itself within seconds:")
    print("  yes while there is room, then the waiting list, then no; no to every Friday.")
    for shared in stack.sharing:
        print(f"\nNo user per service could be made: all share {shared} that was given.")
    if made_on != _today():
        print(f"\nThe days of this town are relative to {made_on}; `make demo-reset` makes it anew.")
    print("\nCtrl-C stops everything.", flush=True)


def _run() -> None:
    started = time.monotonic()
    stack = DemoStack(
        NAME,
        mongodb_uri=os.environ.get("MONGODB_URI"),
        amqp_uri=os.environ.get("AMQP_URI"),
        fixed=_ports(os.environ),
    )
    try:
        stack.start()
        _load_town(stack)
        stack.start_program("answers")
        fsck.remember(stack)
        _greet(stack, time.monotonic() - started)
        never = threading.Event()
        while stack.supervisor.running:
            never.wait(_LOOK_AGAIN_S)
        raise SupervisionFailedError(f"the supervisor ended; see {stack.directory / 'log'}")
    finally:
        print("\nStopping", flush=True)
        stack.stop()


def main() -> int:
    """Run the demo; return 0 after Ctrl-C, 1 when it could not run."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--reset", action="store_true", help="forget the town and its data, and end")
    reset = parser.parse_args().reset
    end_with_parent()
    try:
        with _alone():
            if reset:
                _reset()
            else:
                _run()
    except KeyboardInterrupt:
        print("Stopped.")
    except (AlreadyRunningError, *_FAILURES) as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
