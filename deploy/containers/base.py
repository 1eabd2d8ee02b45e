"""The image that all of ours begin with, made of the machine's own Debian where no registry can be reached.

A stand-in for the official image of its name: the same Debian and Python, but none of that image's own
layers. What is shown with it holds for our Dockerfiles, not for that image.
"""

import shutil
import subprocess
import time
from pathlib import Path

from deploy.containers.engine import HOME, Engine

NAME = "python:3.11-slim-bookworm"
"""As the Dockerfiles call it; a test compares."""
_RELEASE = "bookworm"
_PACKAGES = "python3,python3-pip,ca-certificates"
_PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_FRESH_S = 7 * 24 * 3600
_FROM_THIS_MACHINE = ("etc/pip.conf", "etc/ssl/certs/ca-certificates.crt")
"""How this machine finds packages, and whom it trusts."""


def make(engine: Engine) -> None:
    """Put the stand-in into the engine under the official image's name; one made this week is used again."""
    archive = HOME / "base.tar"
    if not archive.exists() or time.time() - archive.stat().st_mtime > _FRESH_S:
        _bootstrap(archive)
    engine.docker("import", "--change", f"ENV {_PATH}", "-", NAME, given=archive)


def _bootstrap(archive: Path) -> None:
    root = HOME / "base"
    shutil.rmtree(root, ignore_errors=True)
    with (HOME / "base.log").open("wb") as log:
        subprocess.run(
            ["debootstrap", "--variant=minbase", f"--include={_PACKAGES}", _RELEASE, str(root), mirror()],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    (root / "usr/bin/python").symlink_to("python3")
    for mark in root.glob("usr/lib/python3*/EXTERNALLY-MANAGED"):
        mark.unlink()  # the official image's Python is its own, too
    for name in _FROM_THIS_MACHINE:
        if Path("/", name).exists():
            shutil.copy(Path("/", name), root / name)
    draft = archive.with_suffix(".draft")
    subprocess.run(["tar", "--directory", str(root), "--create", "--file", str(draft), "."], check=True)
    draft.replace(archive)
    shutil.rmtree(root)


def mirror() -> str:
    """Return where this machine gets the packages of the release. Raises LookupError."""
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(RELEASE) $(REPO_URI)", "Created-By: Packages"],
        check=True,
        capture_output=True,
        text=True,
    )
    for line in listed.stdout.splitlines():
        release, _, address = line.partition(" ")
        if release == _RELEASE:
            return address
    raise LookupError(f"apt knows no source of {_RELEASE}.")
