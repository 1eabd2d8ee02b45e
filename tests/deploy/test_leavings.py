"""A run of the tests leaves nothing behind, and says so where something does."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from deploy.local import leavings

SLEEPER = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]


def test_what_is_left_in_the_temporary_folder_goes_with_it():
    before = (tempfile.gettempdir(), os.environ.get("TMPDIR"))
    with leavings.temporary_folder() as folder:
        left = Path(tempfile.mkdtemp(prefix="keys-"))
        assert left.parent == Path(folder)
    assert not left.exists()
    assert not Path(folder).exists()
    assert (tempfile.gettempdir(), os.environ.get("TMPDIR")) == before


def test_a_program_that_is_left_running_is_named():
    with leavings.temporary_folder() as folder:
        assert leavings.still_running(folder, within_s=0) == []
        with subprocess.Popen(SLEEPER, stdout=subprocess.PIPE) as sleeper:
            assert sleeper.stdout.readline() == b"up\n"
            [told] = leavings.still_running(folder, within_s=0)
            assert told.startswith(f"{sleeper.pid} ")
            sleeper.kill()
        assert leavings.still_running(folder) == []
