"""Everything secret that a stack needs, each in a file of its own that only its owner reads.

Made on the first start and kept: a second start finds what the database and the broker already know.
"""

import base64
import itertools
import secrets as chance
import shutil
from pathlib import Path

from chassis.running.keys import make_pair
from deploy.local.layout import CALLERS, private_directory, write_private


class Credentials:
    """The secrets of one stack, below `directory`."""

    def __init__(self, directory: Path) -> None:
        self.directory = private_directory(directory)

    def path(self, name: str) -> Path:
        """Return the file of a secret of 43 letters, digits, - and _, which is made if it is not there."""
        path = self.directory / name
        return path if path.exists() else write_private(path, chance.token_urlsafe(32))

    def text(self, name: str) -> str:
        """Return the secret called `name`."""
        return self.path(name).read_text(encoding="utf-8")

    def keep(self, name: str, text: str) -> Path:
        """Keep a text that holds a secret, such as an address with a password, and return its file."""
        return write_private(self.directory / name, text)

    def key_file(self) -> Path:
        """Return mongod's key file: base64, read by its owner alone."""
        path = self.directory / "mongod.key"
        if not path.exists():
            write_private(path, base64.b64encode(chance.token_bytes(96)).decode())
        path.chmod(0o400)
        return path

    def keys_directory(self, caller: str) -> Path:
        """Return the directory with the private key of `caller` and the public keys of all."""
        directory = self.directory / "keys" / caller
        if len(list(directory.glob("*.public.pem"))) < len(CALLERS):
            self._make_keys()
        return directory

    def _make_keys(self) -> None:
        home = self.directory / "keys"
        for issuer in CALLERS:
            make_pair(home / issuer, issuer)
        for issuer, reader in itertools.permutations(CALLERS, 2):
            public = f"{issuer}.public.pem"
            shutil.copyfile(home / issuer / public, home / reader / public)
