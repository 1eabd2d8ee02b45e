"""Programs from the system's packages: nginx, RabbitMQ, Python's venv; for tests a browser and more.

Installed where this process may (root, or sudo without a question), otherwise named with the line to run.
Standard library only.
"""

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_POLICY = Path("/usr/sbin/policy-rc.d")
_REFUSE_STARTS = "#!/bin/sh\n# 101: action forbidden by policy\nexit 101\n"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class MissingPackagesError(Exception):
    """Something must be installed by somebody with the right to; the message holds the line."""


def need_venv() -> None:
    """Make sure that `python3 -m venv` works; Debian keeps half of it in a package of its own."""
    if importlib.util.find_spec("ensurepip") is None:
        _install(["python3-venv"])


def need_programs(*, browser: bool, broker: bool) -> None:
    """Make sure of nginx, and of RabbitMQ and a browser, each if asked for."""
    missing: list[str] = [] if find_nginx() else ["nginx"]
    if broker and not _has_broker():
        missing.append("rabbitmq-server")
    if browser and find_browser() is None:
        missing.append("chromium")
    if missing:
        _install(missing)


def need_engine() -> None:
    """Make sure of a container engine and of what makes a base image. Raises MissingPackagesError."""
    programs = {"dockerd": "docker.io", "docker-compose": "docker-compose", "debootstrap": "debootstrap"}
    needed = {**programs, "ip": "iproute2", "iptables": "iptables"}
    missing = [package for program, package in needed.items() if shutil.which(program) is None]
    if missing:
        _install(missing)


def need_prometheus() -> None:
    """Make sure of Prometheus and its promtool. Raises MissingPackagesError."""
    if any(shutil.which(program) is None for program in ("prometheus", "promtool")):
        _install(["prometheus"])


def find_browser() -> str | None:
    """Return where a browser of Chromium's family lies, or None."""
    return next(filter(None, map(shutil.which, _BROWSERS)), None)


def find_nginx() -> str | None:
    """Return where nginx lies, or None; /usr/sbin is on the path of administrators alone."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")


def _has_broker() -> bool:
    scripts = Path("/usr/lib/rabbitmq/lib").glob("rabbitmq_server-*/sbin/rabbitmq-server")
    return any(scripts) and shutil.which("epmd") is not None


def _install(packages: Sequence[str]) -> None:
    line = f"apt-get update && apt-get install -y --no-install-recommends {' '.join(packages)}"
    prefix = _privilege()
    if prefix is None or shutil.which("apt-get") is None:
        raise MissingPackagesError(f"Missing: {', '.join(packages)}. As root, run:\n  {line}")
    print(f"Installing {', '.join(packages)} from the system's packages", flush=True)
    environment = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive"]
    with _no_service_starts(prefix):
        for command in (
            ["apt-get", "-q", "update"],
            ["apt-get", "-q", "install", "-y", "--no-install-recommends", *packages],
        ):
            if subprocess.run([*environment, *command], check=False, stdout=subprocess.DEVNULL).returncode:
                raise MissingPackagesError(
                    f"apt-get could not install {', '.join(packages)}. As root, run:\n  {line}"
                )


def _privilege() -> list[str] | None:
    """Return what makes a command root's: nothing for root, sudo where it asks nothing, None otherwise."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], check=False, capture_output=True).returncode == 0:
        return [sudo, "-n"]
    return None


@contextmanager
def _no_service_starts(prefix: Sequence[str]) -> Iterator[None]:
    """Keep packages from starting a broker or an nginx of the system's; a policy that is there is kept."""
    if _POLICY.exists():
        yield
        return
    write = ["sh", "-c", f"cat > {_POLICY} && chmod 755 {_POLICY}"]
    subprocess.run([*prefix, *write], input=_REFUSE_STARTS, text=True, check=True)
    try:
        yield
    finally:
        subprocess.run([*prefix, "rm", "-f", str(_POLICY)], check=True)
