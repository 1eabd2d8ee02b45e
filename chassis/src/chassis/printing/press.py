"""Has documents made by a few processes, within a bounded time: at once, in a short line, or not at all.

Sockets and threads as the program has them: a service, which is patched, waits without keeping its other
workers from going on.
"""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import inf
from threading import Condition
from typing import Final

from chassis.printing.document import Document, as_data
from chassis.printing.printer import receive, send
from chassis.running import metrics
from chassis.running.log import get_logger
from chassis.values.errors import Failed, Unavailable

WORK: Final = "printing"
MOMENT_S: Final = 0.001
STARTED_BY: Final = (sys.executable, "-m", "chassis.printing.printer")

_log = get_logger()


@dataclass(frozen=True, slots=True)
class Limits:
    """How many processes there are, how many callers wait, for how long, and how long a document may take."""

    printers: int = 1
    line_max: int = 8
    wait_max_s: float = 1.0
    document_max_s: float = 3.0


class _DiedError(Exception):
    """The process ended, or was ended, before it answered."""


class _Printer:
    """One process that makes documents; started again, it is another one."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self.start()

    def start(self) -> None:
        """Start the process; OSError where the machine has no room for it."""
        self.lasts = True
        self._socket, theirs = socket.socketpair()
        told = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "HOME") if name in os.environ}
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - a program of ours
                [*self._command, str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                # It reads what strangers wrote: it gets no secret, and no more of the machine than one core.
                env={**told, "RAYON_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"},
            )

    def make(self, frame: bytes, within_s: float) -> bytes:
        """Return the document; TimeoutError, _DiedError, or Failed for what can't be made."""
        self._socket.settimeout(within_s)
        try:
            send(self._socket, frame)
            mark = self._socket.recv(1)
            made = receive(self._socket) if mark else None
        except TimeoutError:
            raise
        except OSError:
            made = None
        if made is None:
            raise _DiedError
        self.lasts = mark != b"."  # else it is ending, for it has grown
        if mark == b"-":
            raise Failed(made.decode())
        return made

    def end(self) -> None:
        """End the process and forget it."""
        self._socket.close()
        with suppress(ProcessLookupError):
            self._process.kill()
        self._process.wait()


class Press:
    """Makes documents; every copy of a service has one. Its processes start with the first document."""

    def __init__(self, limits: Limits | None = None, command: Sequence[str] = STARTED_BY) -> None:
        self.limits = limits or Limits()
        self._command = command
        self._free: list[_Printer] = []
        self._working = 0
        self._waiting = 0
        self._closed = False
        self._turn = Condition()

    def make(self, document: Document, left_s: float = inf) -> bytes:
        """Return a document as PDF.

        `left_s` says for how long the caller still listens. Unavailable("overloaded") when there is no place
        in time, Unavailable("timeout") when it takes too long, Failed when it can't be made.
        """
        until = time.monotonic() + min(self.limits.document_max_s, left_s)
        frame = json.dumps(as_data(document), ensure_ascii=False).encode()
        printer = self._take(min(until, time.monotonic() + self.limits.wait_max_s))
        outcome = "died"
        try:
            made = _made(printer, frame, until)
            outcome = "done"
        except TimeoutError:
            outcome = "too late"
            raise Unavailable("timeout", "the document took too long") from None
        except _DiedError:
            raise Unavailable("connection", "the printer died twice over one document") from None
        except Failed:
            outcome = "failed"
            raise
        finally:
            metrics.WORK.labels(WORK, outcome).inc()
            self._give_back(printer, whole=outcome in {"done", "failed"})
        return made

    def connections(self) -> tuple[int, int]:
        """Return how many processes make a document at this moment, and how many wait for one."""
        return self._working, len(self._free)

    def close(self) -> None:
        """End all processes; what is being made ends with its caller."""
        with self._turn:
            self._closed = True
            free, self._free = self._free, []
        for printer in free:
            printer.end()

    def _take(self, until: float) -> _Printer:
        with self._turn:
            if self._waiting >= self.limits.line_max:
                raise self._turned_away()
            self._waiting += 1
            try:
                while self._working >= self.limits.printers:
                    if not self._turn.wait(_left(until)) or _left(until) <= MOMENT_S:
                        raise self._turned_away()
            finally:
                self._waiting -= 1
            self._working += 1
            if self._free:
                return self._free.pop()
        try:
            return _Printer(self._command)
        except OSError as error:
            self._leave()
            raise Unavailable("overloaded", f"no printer could be started: {type(error).__name__}") from None

    def _give_back(self, printer: _Printer, *, whole: bool) -> None:
        if whole and not self._closed and printer.lasts:
            self._free.append(printer)
        else:
            printer.end()
        self._leave()

    def _leave(self) -> None:
        with self._turn:
            self._working -= 1
            self._turn.notify()

    def _turned_away(self) -> Unavailable:
        metrics.WORK.labels(WORK, "turned away").inc()
        return Unavailable("overloaded", "too many documents are being made")


def _made(printer: _Printer, frame: bytes, until: float) -> bytes:
    """Return the document; who was killed over it, or before it, is started again once."""
    try:
        return printer.make(frame, _left(until))
    except _DiedError:
        _log.warning("printer_died")
    printer.end()
    printer.start()
    return printer.make(frame, _left(until))


def _left(until: float) -> float:
    return max(MOMENT_S, until - time.monotonic())
