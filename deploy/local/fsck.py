"""`make fsck`: check the invariants of the running demo; tests check their own stacks by `where`."""

import json
import sys
from dataclasses import asdict

from deploy.fsck import Databases, shown
from deploy.local.layout import VAR, private_directory
from deploy.local.stack import Stack

DEMO = "demo"
_FILE = "fsck.json"


def where(stack: Stack) -> Databases:
    """Return where the databases, the broker and the mails of a started stack are."""
    return Databases(
        mongodb_uri=stack.mongodb_uri,
        amqp_uri=stack.amqp_uri,
        names=dict(stack.databases),
        mail_url=stack.mail_url,
    )


def remember(stack: Stack) -> None:
    """Keep where a stack is, readable by its owner alone, for `make fsck` from another shell."""
    file = private_directory(stack.directory) / _FILE
    file.touch(mode=0o600)
    file.write_text(json.dumps(asdict(where(stack))), encoding="utf-8")


def main() -> int:
    """Print every finding of the demo, and what waits for people.

    Returns 1 when there is a finding, 2 when no demo was ever started.
    """
    file = VAR / DEMO / _FILE
    if not file.exists():
        print("no demo has been started here: run `make demo` first", file=sys.stderr)
        return 2
    return shown(Databases(**json.loads(file.read_text(encoding="utf-8"))))


if __name__ == "__main__":
    sys.exit(main())
