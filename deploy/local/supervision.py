"""Programs under supervisord: started, watched, brought back, and never outliving who started them.

A program is a small shell script with its environment in it (mode 0600), so that it can be run by hand
and its environment changed without touching its neighbours. Two threads of life tie the processes
together: supervisord gets SIGTERM when its starter dies, the programs when supervisord dies, both from
the kernel. Start a `Supervisor` from a thread that lives as long as it: the kernel counts the thread.
"""

import contextlib
import os
import resource
import shlex
import subprocess
import sys
import tempfile
import time
import xmlrpc.client
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from supervisor.xmlrpc import Faults, SupervisorTransport

from deploy.local.layout import ROOT, private_directory, write_private

TIED = ("setpriv", "--pdeathsig", "TERM", "--")
MARK = "MARELLE_STACK"
"""In the environment of every process of a stack: the directory of that stack."""

_OPEN_FILES = 16_384
"""mongod holds thousands open while tests make and drop databases; a user has 1,024 unless they ask."""
_SOCKET_PATH_MAX = 100
_START_S = 10.0
_STOP_S = 60.0
_PAUSE_S = 0.05
_AT_REST = {"STOPPED", "FATAL"}
"""What supervisord leaves as it is; a program that has EXITED is started again within a second."""


def clean_environment() -> dict[str, str]:
    """Return what a program may inherit from whoever started us: nothing that changes what it does."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "USER", "PYTHONDONTWRITEBYTECODE")
    return {name: os.environ[name] for name in kept if name in os.environ}


def write_script(path: Path, command: Sequence[str], environment: Mapping[str, str]) -> None:
    """Write a shell script that becomes `command`, with the script's own arguments, in `environment`."""
    lines = [f"export {key}={shlex.quote(value)}" for key, value in sorted(environment.items())]
    write_private(path, "\n".join(["#!/bin/sh", *lines, f'exec {shlex.join(command)} "$@"', ""]))


class SupervisionFailedError(Exception):
    """supervisord did not start or does not answer."""


@dataclass(frozen=True)
class Program:
    """A command with its environment, how it stops and in how many seconds, whether it starts at once."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_s: int = 10
    starts_at_once: bool = False
    stop_signal: str = "TERM"


class Supervisor:
    """One supervisord over a set of programs, with its files in `directory`."""

    def __init__(self, directory: Path, programs: Sequence[Program]) -> None:
        self.directory = private_directory(directory)
        self.programs = {program.name: program for program in programs}
        self._process: subprocess.Popen[bytes] | None = None
        self._socket_home: tempfile.TemporaryDirectory[str] | None = None

    def start(self) -> None:
        """Start supervisord and the programs that start with it."""
        for program in self.programs.values():
            self.write_script(program.name)
        private_directory(self.directory / "log")
        configuration = write_private(self.directory / "supervisord.conf", self._configuration())
        with (self.directory / "log" / "supervisord.out").open("wb") as output:
            self._process = subprocess.Popen(
                [
                    *TIED,
                    sys.executable,
                    "-m",
                    "supervisor.supervisord",
                    "--nodaemon",
                    "-c",
                    str(configuration),
                ],
                cwd=ROOT,
                env={**clean_environment(), MARK: str(self.directory)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait_until_it_answers()

    def write_script(self, name: str, extra: Mapping[str, str] | None = None) -> None:
        """Write the script of a program, with `extra` laid over its environment."""
        program = self.programs[name]
        environment = {**program.environment, **(extra or {})}
        write_script(self.script(name), program.command, environment)

    def stop(self) -> None:
        """Stop the programs, those that others lean on last, then supervisord."""
        if self._process is None:
            return
        with contextlib.suppress(OSError, xmlrpc.client.Error):  # supervisord itself may have died
            self._stop_all([name for name, program in self.programs.items() if not program.starts_at_once])
            self._stop_all(list(self.programs))
        self._process.terminate()
        try:
            self._process.wait(timeout=_STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()  # the programs get SIGTERM from the kernel
            self._process.wait()
        self._process = None
        if self._socket_home:
            self._socket_home.cleanup()
            self._socket_home = None

    def _stop_all(self, names: Sequence[str]) -> None:
        """Stop programs side by side: supervisord by itself takes them one after the other, a second each."""
        for name in names:
            with contextlib.suppress(xmlrpc.client.Fault):  # it does not run
                self._ask("stopProcess", name, False)
        deadline = time.monotonic() + _STOP_S
        while time.monotonic() < deadline and any(self.pid(name) for name in names):
            time.sleep(_PAUSE_S)

    @property
    def running(self) -> bool:
        """Say whether supervisord itself is alive."""
        return self._process is not None and self._process.poll() is None

    def start_program(self, name: str) -> None:
        """Start a program and return at once; a program that runs already is left alone."""
        try:
            self._ask("startProcess", name, False)
        except xmlrpc.client.Fault as fault:
            if fault.faultCode != Faults.ALREADY_STARTED:
                raise

    def stop_program(self, name: str) -> None:
        """Stop a program and wait until it has ended; one that was stopped before is left alone.

        One that has died this instant does not run, but is about to be started again: that one is stopped.
        """
        deadline = time.monotonic() + _STOP_S
        while not self._stopped(name):
            if time.monotonic() > deadline:
                raise SupervisionFailedError(f"{name} died and came back for {_STOP_S:g} s")
            time.sleep(_PAUSE_S)

    def _stopped(self, name: str) -> bool:
        try:
            self._ask("stopProcess", name, True)
        except xmlrpc.client.Fault as fault:
            if fault.faultCode != Faults.NOT_RUNNING:
                raise
            return self.state(name) in _AT_REST
        return True

    def pid(self, name: str) -> int:
        """Return the process id of a program, 0 while it does not run."""
        return int(self._ask("getProcessInfo", name)["pid"])

    def state(self, name: str) -> str:
        """Return supervisord's word for the state of a program, such as RUNNING or BACKOFF."""
        return str(self._ask("getProcessInfo", name)["statename"])

    def log_path(self, name: str) -> Path:
        """Return the file that gathers what a program prints."""
        return self.directory / "log" / f"{name}.log"

    def _ask(self, method: str, *arguments: object) -> Any:
        """Call a method of supervisord's interface, over a connection of its own: threads may ask at once."""
        transport = SupervisorTransport("", "", f"unix://{self._socket()}")
        with xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport) as server:
            return getattr(server.supervisor, method)(*arguments)

    def script(self, name: str) -> Path:
        """Return the script of a program."""
        return self.directory / "programs" / f"{name}.sh"

    def _socket(self) -> Path:
        path = self.directory / "supervisor.sock"
        if len(str(path)) <= _SOCKET_PATH_MAX:
            return path
        if self._socket_home is None:
            self._socket_home = tempfile.TemporaryDirectory(prefix="marelle-")
        return Path(self._socket_home.name) / "supervisor.sock"

    def _configuration(self) -> str:
        head = f"""
[supervisord]
nodaemon=true
directory={ROOT}
logfile={self.directory}/log/supervisord.log
pidfile={self.directory}/supervisord.pid
childlogdir={self.directory}/log
minfds={_open_files()}

[unix_http_server]
file={self._socket()}
chmod=0600

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
"""
        sections = [
            self._section(program, priority)
            for priority, program in enumerate(self.programs.values(), start=1)
        ]
        return "\n".join([head, *sections]).replace("%", "%%")

    def _section(self, program: Program, priority: int) -> str:
        # startretries: the default of 3 is used up before the broker is there
        return f"""
[program:{program.name}]
command={" ".join(TIED)} /bin/sh "{self.script(program.name)}"
priority={priority}
autostart={str(program.starts_at_once).lower()}
autorestart=true
startsecs=1
startretries=1000
stopsignal={program.stop_signal}
stopwaitsecs={program.stop_s}
stopasgroup=false
killasgroup=true
redirect_stderr=true
stdout_logfile={self.log_path(program.name)}
stdout_logfile_maxbytes=20MB
stdout_logfile_backups=1
"""

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + _START_S
        while time.monotonic() < deadline:
            if not self.running:
                break
            try:
                self._ask("getState")
            except (OSError, xmlrpc.client.Error):
                time.sleep(0.02)
            else:
                return
        self.stop()
        output = (self.directory / "log" / "supervisord.out").read_text(encoding="utf-8")
        raise SupervisionFailedError(f"supervisord did not start:\n{output}")


def _open_files() -> int:
    """Return how many files a program may hold open: as many as are wanted, or as the system allows us."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _OPEN_FILES if most == resource.RLIM_INFINITY else min(most, _OPEN_FILES)
