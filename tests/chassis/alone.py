"""One of the services of `lamps` as the only thing in its process, until it is killed."""

import lamps

from chassis.testing import running


def run(name):
    with running(getattr(lamps, name)) as container:
        container.wait()
