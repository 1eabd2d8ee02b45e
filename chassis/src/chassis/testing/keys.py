"""Keys for the tests of one process, made when first asked for and deleted at its end."""

import atexit
import functools
import shutil
import tempfile
from pathlib import Path

from chassis.running.keys import make_pair
from chassis.values.context import Signer


@functools.cache
def keys_directory() -> Path:
    """Return the KEYS_DIR of this process's containers."""
    directory = tempfile.mkdtemp(prefix="keys-")
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    return Path(directory)


@functools.cache
def signer(issuer: str) -> Signer:
    """Return the signer of an issuer; containers started from then on know its public key."""
    make_pair(keys_directory(), issuer)
    return Signer.from_directory(keys_directory(), issuer)
