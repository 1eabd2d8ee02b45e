"""Build every image that docker-compose.yml names: `python -m deploy.containers.build`, inside `check`.

Ours from their Dockerfiles; the others have stand-ins. It prints how long each took and how large it is.
"""

import functools
import re
import subprocess
import sys
import time
from collections.abc import Callable

from deploy.containers import base, standins
from deploy.containers.engine import Engine
from deploy.local.layout import ROOT, SERVICES

DOCKERFILES = {
    **{f"marelle-{name}": f"services/{name}/Dockerfile" for name in SERVICES},
    "marelle-gateway": "gateway/Dockerfile",
    "marelle-simulators": "deploy/simulators/Dockerfile",
}
_MEBIBYTE = 1 << 20
_NAMED = re.compile(r"^\s+image:\s*(\S+)", re.MULTILINE)


def named() -> list[str]:
    """Return the names of all images in docker-compose.yml, each once."""
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    return sorted(set(_NAMED.findall(text)))


def main() -> int:
    """Build all; return 1 when one could not be built, after printing what the engine said."""
    with Engine(networks=False) as engine:
        try:
            _timed(engine, base.NAME, lambda: base.make(engine))
            for name in named():
                _timed(engine, name, functools.partial(_build, engine, name))
        except subprocess.CalledProcessError as failure:
            print(failure, failure.stdout or "", sep="\n", file=sys.stderr)
            return 1
    return 0


def _build(engine: Engine, name: str) -> None:
    recipe = DOCKERFILES.get(name.partition(":")[0])
    if recipe is None:
        standins.make(engine, name)
    else:
        engine.docker("build", "--network", "host", "--file", recipe, "--tag", name, ".")


def _timed(engine: Engine, name: str, make: Callable[[], None]) -> None:
    started = time.monotonic()
    make()
    size = int(engine.docker("image", "inspect", "--format", "{{.Size}}", name)) / _MEBIBYTE
    print(f"{name:<32} {time.monotonic() - started:6.1f} s {size:6.0f} MiB", flush=True)


if __name__ == "__main__":
    sys.exit(main())
