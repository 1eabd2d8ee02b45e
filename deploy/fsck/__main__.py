"""`python -m deploy.fsck`: check a suite wherever it runs.

Environment: MONGODB_URI and AMQP_URI (or …_FILE) of administrators; MAIL_URL of a mail catcher, if there is
one. Each database is named after its service. Exit status 1 when something was found.
"""

import os
import sys

from chassis.running.settings import secret
from deploy.fsck import Databases, shown
from deploy.local.layout import SERVICES


def main() -> int:
    """Print every finding, and what waits for people."""
    return shown(
        Databases(
            mongodb_uri=secret("MONGODB_URI"),
            amqp_uri=secret("AMQP_URI"),
            names={name: name for name in SERVICES},
            mail_url=os.environ.get("MAIL_URL"),
        )
    )


if __name__ == "__main__":
    sys.exit(main())
