"""One of the services of `lamps` as the only thing in its process, until it is killed."""

import lamps

from chassis.storage.outbox import lease
from chassis.testing import running


def run(name):
    # A killed relay's lease runs out sooner than in earnest, and the tests end sooner.
    lease.LEASE_S, lease.RENEW_AFTER_S = 1.0, 0.3
    with running(getattr(lamps, name)) as container:
        container.wait()
