"""`make lock`: compile requirements/*.txt with hashes, and with no word about where packages came from.

dev.txt holds everything and decides the versions; the others are its subsets: one per image, and demo.txt
for running without testing. pip.txt holds the pip that installs them, and nothing else. `--upgrade` takes
newer versions, otherwise those in dev.txt are kept.
"""

import subprocess
import sys
from collections.abc import Sequence

from deploy.local.layout import ROOT, SERVICES

_REQUIREMENTS = ROOT / "requirements"
_CHASSIS = "chassis/pyproject.toml"
_GATEWAY = "gateway/pyproject.toml"
_PACKAGES = (_CHASSIS, _GATEWAY, *(f"services/{name}/pyproject.toml" for name in SERVICES))


def _compile(name: str, sources: Sequence[str], options: Sequence[str]) -> None:
    output = f"requirements/{name}.txt"
    command = [
        sys.executable,
        "-m",
        "uv",
        "pip",
        "compile",
        "--quiet",
        "--generate-hashes",
        "--python-version",
        "3.11",
    ]
    # A name that is asked for with an extra is locked with it: pip before 23.3 takes the newest release of
    # such a name otherwise, for which no hash is known.
    command.append("--no-strip-extras")
    silence = ["--no-emit-index-url", "--no-emit-find-links", "--custom-compile-command", "make lock"]
    subprocess.run([*command, *silence, *options, "--output-file", output, *sources], cwd=ROOT, check=True)
    print(output, flush=True)


def main() -> None:
    """Compile all files."""
    _REQUIREMENTS.mkdir(exist_ok=True)
    groups = ["--group", "pyproject.toml:demo"]
    upgrade = ["--upgrade"] if "--upgrade" in sys.argv[1:] else []
    _compile("dev", _PACKAGES, [*groups, "--group", "pyproject.toml:tests", *upgrade])
    pinned = ["--constraints", "requirements/dev.txt"]
    _compile("demo", _PACKAGES, [*groups, *pinned])
    # the gateway's own list names what it uses of the chassis: no nameko, no eventlet, no pymongo
    _compile("gateway", [_GATEWAY], pinned)
    _compile("pip", ["--group", "pyproject.toml:installer"], upgrade)
    _compile("simulators", ["--group", "pyproject.toml:simulators"], pinned)
    for name in SERVICES:
        _compile(name, [_CHASSIS, f"services/{name}/pyproject.toml"], pinned)


if __name__ == "__main__":
    main()
