"""The front of one machine: nginx as `deploy/front` has it, before the gateway of one stack.

`prepare` writes its directory, `command` says what to run. nginx's workers outlive a master that was killed
and keep its port: `python -m deploy.local.front DIRECTORY` ends those that are left and becomes nginx.
"""

import contextlib
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import psutil

from deploy.local import system_packages
from deploy.local.layout import ROOT, private_directory, write_private
from deploy.local.ports import LOOPBACK

SOURCES: Final = ROOT / "deploy" / "front"
FILES: Final = tuple(f"{name}.conf" for name in ("nginx", "gateway_pass", "proxies", "words", "answers"))
"""What is the same in every place."""

UNPRIVILEGED: Final = "www-data"
"""Whose rights the workers have where root starts nginx; Debian has that user always."""

_PID: Final = "front.pid"
_ENDING_S: Final = 5.0


def prepare(directory: Path, port: int, gateways: Sequence[int]) -> None:
    """Write the directory of a front that listens on `port` and asks the gateways on these ports."""
    private_directory(directory)
    for name in FILES:
        write_private(directory / name, (SOURCES / name).read_text(encoding="utf-8"))
    write_private(directory / "listen.conf", f"listen {LOOPBACK}:{port};\n")
    servers = [f"server {LOOPBACK}:{gateway} fail_timeout=2s;\n" for gateway in gateways]
    write_private(directory / "gateways.conf", "".join(servers))


def command(directory: Path) -> list[str]:
    """Return the command line of the front that has this directory."""
    return [sys.executable, "-m", "deploy.local.front", str(directory)]


def _nginx(directory: Path) -> list[str]:
    line = [
        system_packages.find_nginx() or "nginx",
        "-p",
        f"{directory}/",
        "-c",
        str(directory / "nginx.conf"),
        "-e",
        "stderr",
    ]
    return [*line, "-g", f"user {UNPRIVILEGED};"] if os.geteuid() == 0 else line


def _left_behind(directory: Path) -> Iterator[psutil.Process]:
    """Yield the workers whose master wrote its id here and is gone: they are still in its group."""
    with contextlib.suppress(OSError, ValueError):
        master = int((directory / _PID).read_text(encoding="ascii"))
        if psutil.pid_exists(master):
            return
        for process in psutil.process_iter(["name"]):
            with contextlib.suppress(OSError, psutil.Error):
                if process.name() == "nginx" and os.getpgid(process.pid) == master:
                    yield process


def main() -> None:
    """End what an earlier front left, and become nginx."""
    directory = Path(sys.argv[1])
    left = list(_left_behind(directory))
    for process in left:
        with contextlib.suppress(psutil.Error):
            process.send_signal(signal.SIGTERM)
    psutil.wait_procs(left, timeout=_ENDING_S)
    line = _nginx(directory)
    os.execv(line[0], line)  # noqa: S606 - supervised by whoever started us


if __name__ == "__main__":
    main()
