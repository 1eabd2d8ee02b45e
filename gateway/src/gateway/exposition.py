"""The metrics page of all workers together, served by gunicorn's master on an address of its own.

Each worker writes what it counts into files of its own, in a folder in memory that the master makes and
empties; the page adds them up. What a worker that has ended had counted stays, in a file for all of those.
`gunicorn.conf.py` calls this; no request of anybody's comes here.
"""

import os
import shutil
import stat
import threading
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from socketserver import TCPServer, ThreadingMixIn
from typing import TYPE_CHECKING, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Where prometheus_client, when it is imported, finds the folder."""
ADDED_UP: Final = ("counter", "histogram")
_READ_S: Final = 5


class FolderTakenError(Exception):
    """The folder of the counts belongs to somebody else."""


class _Handler(WSGIRequestHandler):
    timeout = _READ_S

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's word
        """Say nothing: the log has one JSON object on a line."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def server_bind(self) -> None:
        """Take the address, without asking anybody for the machine's name."""
        TCPServer.server_bind(self)
        host, port = self.server_address[:2]
        self.server_name, self.server_port = str(host), int(port)
        self.setup_environ()


class Exposition:
    """The folder and the page of one master."""

    def __init__(self, folder: Path, host: str, port: int) -> None:
        self._folder, self._address = folder, (host, port)
        self._adding = threading.RLock()
        self._server: _Server | None = None

    def prepare(self) -> None:
        """Make the folder, empty, and nobody else's. Raises FolderTakenError."""
        with suppress(FileExistsError):
            self._folder.mkdir(mode=0o700)
        found = self._folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            raise FolderTakenError(f"{self._folder} is there already, and is not ours")
        for file in self._folder.iterdir():
            file.unlink()

    def start(self) -> None:
        """Serve the page from a thread of the master's."""
        self._server = _Server(self._address, _Handler)
        self._server.set_app(self.application)
        threading.Thread(target=self._server.serve_forever, name="metrics", daemon=True).start()

    def leave(self) -> None:
        """Let go, in a worker, of the port that its master listens on."""
        if self._server is not None:
            self._server.socket.close()

    def end(self) -> None:
        """Remove the folder, after the last worker."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def forget(self, pid: int) -> None:
        """Put what a worker that has ended had counted to that of those before it."""
        with self._adding:
            mark_process_dead(pid, str(self._folder))
            for kind in ADDED_UP:
                counted = self._folder / f"{kind}_{pid}.db"
                if counted.exists():
                    _add(counted, self._folder / f"{kind}_ended.db")
                    counted.unlink()

    def application(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Return the page /metrics, else 404: a WSGI application."""
        status, body = "404 Not Found", b""
        if environ["PATH_INFO"] == "/metrics":
            status, body = "200 OK", self._page()
        start_response(status, [("Content-Type", CONTENT_TYPE_LATEST), ("Content-Length", str(len(body)))])
        return [body]

    def _page(self) -> bytes:
        registry = CollectorRegistry(auto_describe=False)
        with self._adding:
            MultiProcessCollector(registry, str(self._folder))
            return generate_latest(registry)


def _add(counted: Path, to: Path) -> None:
    total = MmapedDict(str(to))
    try:
        for key, value, _, _ in MmapedDict.read_all_values_from_file(str(counted)):
            before, _ = total.read_value(key)
            total.write_value(key, before + value, 0.0)
    finally:
        total.close()


@cache
def of_settings() -> Exposition | None:
    """Return what the environment asks for, the same at every reading of the configuration; None: nothing."""
    folder, port = os.environ.get(FOLDER), os.environ.get("GATEWAY_METRICS_PORT")
    if not folder or not port:
        return None
    return Exposition(Path(folder), os.environ.get("GATEWAY_METRICS_HOST", "127.0.0.1"), int(port))
