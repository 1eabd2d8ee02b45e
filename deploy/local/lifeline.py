"""End with who started us: without it, a killed `make` would leave a whole town running."""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Get SIGTERM from the kernel when the parent dies, and leave in order on SIGTERM."""
    parent = os.getppid()
    signal.signal(signal.SIGTERM, _exit)
    # a shell starts what runs in its background with Ctrl-C ignored
    signal.signal(signal.SIGINT, signal.default_int_handler)
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:  # it died before the kernel knew
        sys.exit(1)


def _exit(number: int, _frame: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough: the rest of the time is for cleaning up
    sys.exit(128 + number)
