"""One of the services of `lamps` as the only thing in its process, until it is killed."""

import lamps

from chassis.storage.outbox import relay
from chassis.testing import running


def run(name):
    # A killed relay's lease expires sooner than in earnest, and the tests end sooner.
    relay.LEASE_S = 1.0
    with running(getattr(lamps, name)) as container:
        container.wait()
