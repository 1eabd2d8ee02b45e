"""A pytest plugin that patches eventlet in before anything else is imported: `-p chassis.testing.patch`.

Without it the first container hangs, since its sockets and the test's locks are not green. Answers are also
checked against their schemas.
"""

import os

os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")
os.environ.setdefault("CHASSIS_CHECK_REPLIES", "1")

import eventlet
from eventlet import debug

eventlet.monkey_patch()
# Tests cut connections in the middle of a read. The reader that is left behind may still be listed when the
# next file gets the same number, and must not keep, say, a program from being started.
debug.hub_prevent_multiple_readers(False)

pytest_plugins = ["chassis.testing.fixtures"]  # loaded after this module, hence patched
