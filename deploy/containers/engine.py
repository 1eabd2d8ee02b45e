"""A container engine of one's own, below the checkout, that is gone when whoever started it is.

`contained` gives the words that put a command into process, mount and, where asked for, network namespaces
of its own: whatever is started there, containers included, ends with it, and neither mounts, bridges nor
rules of a firewall are left on the machine. What the engine keeps (images, volumes) lies in one folder, so
that another engine can go on with it.
"""

import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

from deploy.local.layout import ROOT, VAR, private_directory
from deploy.local.readiness import wait_until

HOME = VAR / "images"
"""Below it lies all that building and running images makes."""
CONTROL_GROUP = "marelle-images"
_CGROUPS = Path("/sys/fs/cgroup")
_DOCKER = "/usr/bin/docker"
_START_S = 60.0
_STOP_S = 60.0
_ALONE = ("--bridge=none", "--iptables=false", "--ip-forward=false", "--ip-masq=false")
"""An engine that only builds touches nothing of the machine's network."""


def contained(*, network: bool) -> tuple[str, ...]:
    """Return the words before a command that is to end with everything it started.

    With `network` it has a network of its own too, in which nothing can be reached but what it runs itself.
    """
    apart = ("--net",) if network else ()
    # unshare ignores SIGTERM while it waits; killed, it has the kernel kill what it started
    tied = ("setpriv", "--pdeathsig", "KILL", "--")
    return (*tied, "unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", *apart, "--")


class Engine:
    """A running engine: `with Engine() as engine: engine.docker("ps")`.

    `networks` says whether containers may have networks, or are only built.
    """

    def __init__(self, *, networks: bool) -> None:
        self._networks = networks
        self._process: subprocess.Popen[bytes] | None = None
        self._place = tempfile.TemporaryDirectory(prefix="marelle-engine-")  # a socket's path must be short

    @property
    def environment(self) -> Mapping[str, str]:
        """What tells docker and docker-compose where this engine listens."""
        return {"DOCKER_HOST": f"unix://{self._place.name}/socket", "DOCKER_BUILDKIT": "0"}

    def __enter__(self) -> Self:
        if self._networks:
            subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        private_directory(HOME)
        command = [
            "dockerd",
            *("--data-root", str(HOME / "engine")),
            *("--exec-root", f"{self._place.name}/exec"),
            *("--pidfile", f"{self._place.name}/pid"),
            *("--host", self.environment["DOCKER_HOST"]),
            *("--cgroup-parent", CONTROL_GROUP),
            *(("--bridge=none",) if self._networks else _ALONE),
        ]
        with (HOME / "engine.log").open("ab") as log:
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_until(self._answers, f"the engine (see {HOME / 'engine.log'})", _START_S)
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(_STOP_S)
        for held in Path(self._place.name).glob("exec/netns/*"):  # the engine leaves its own one mounted
            subprocess.run(["umount", "--lazy", str(held)], check=False)
        self._place.cleanup()
        _leave_no_control_groups()

    def docker(self, *words: str, given: Path | None = None) -> str:
        """Run docker and return what it printed; `given` is a file for its standard input.

        Raises CalledProcessError, with what it printed in `stdout`.
        """
        return self.run([_DOCKER, *words], given=given)

    def run(
        self, command: Sequence[str], given: Path | None = None, environment: Mapping[str, str] | None = None
    ) -> str:
        """Run any program that speaks to this engine and return what it printed."""
        source = given.open("rb") if given else subprocess.DEVNULL
        told = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", **self.environment, **(environment or {})}
        try:
            done = subprocess.run(
                command, cwd=ROOT, env=told, check=False, stdin=source, stdout=-1, stderr=subprocess.STDOUT
            )
        finally:
            if not isinstance(source, int):
                source.close()
        said = done.stdout.decode(errors="replace")
        if done.returncode:
            raise subprocess.CalledProcessError(done.returncode, command, said)
        return said

    def _answers(self) -> bool:
        if self._process is not None and self._process.poll() is not None:
            raise subprocess.CalledProcessError(self._process.returncode, "dockerd")
        with suppress(subprocess.CalledProcessError):
            self.docker("version", "--format", "{{.Server.Version}}")
            return True
        return False


def _leave_no_control_groups() -> None:
    """Remove the control groups that the engine made; the kernel refuses to while anything is in them."""
    for group in sorted(_CGROUPS.glob(f"*/{CONTROL_GROUP}/**/"), key=lambda path: -len(path.parts)):
        with suppress(OSError):
            group.rmdir()
