"""A pytest plugin that patches eventlet in before anything else is imported: `-p chassis.testing.patch`.

Without it the first container hangs, since its sockets and the test's locks are not green. Answers are also
checked against their schemas.
"""

import os

os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")
os.environ.setdefault("CHASSIS_CHECK_REPLIES", "1")

import eventlet

eventlet.monkey_patch()

pytest_plugins = ["chassis.testing.fixtures"]  # loaded after this module, hence patched
