"""The key pairs by which issuers sign contexts: `python -m chassis.running.keys DIRECTORY ISSUER...`.

Each issuer gets its own private key and everybody's public keys. A private key is its owner's alone.
"""

import os
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat


def make_pair(directory: Path, issuer: str) -> bool:
    """Write `<issuer>.private.pem` (its owner's alone) and `<issuer>.public.pem`, and return True.

    An existing private key is kept, and False is returned: making it anew would cut off running services.
    """
    directory.mkdir(parents=True, exist_ok=True)
    private, public = directory / f"{issuer}.private.pem", directory / f"{issuer}.public.pem"
    if private.exists() and public.exists():
        return False
    key = Ed25519PrivateKey.generate()
    # Created with its mode, so that there is no moment at which others may read it.
    descriptor = os.open(private, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return True


def main(arguments: list[str]) -> int:
    """Make the pairs that are missing, say which, and return 0; 2 when asked for nothing."""
    if len(arguments) < 2:  # noqa: PLR2004 - a directory and one issuer
        sys.stderr.write("usage: python -m chassis.running.keys DIRECTORY ISSUER...\n")
        return 2
    directory = Path(arguments[0])
    for issuer in arguments[1:]:
        made = make_pair(directory, issuer)
        sys.stdout.write(f"{issuer}: {'made' if made else 'kept'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
