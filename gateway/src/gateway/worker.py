"""The worker of gunicorn's that gives nobody a thread for as long as they like.

gunicorn's own threads wait for a head and a body without an end: as many sockets as there are threads, each
sending a byte now and then, stop a gateway. Here a thread is given to who has begun to speak; a head, a body
and an answer each have a deadline of their own. What can't be read as a request is answered in the product's
form. The front before us sees to all that; this holds where it is not.
"""

import errno
import selectors
import socket
import time
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Self

from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, NoMoreData, ParseException
from gunicorn.workers.gthread import TConn, ThreadWorker
from werkzeug.exceptions import BadRequest, RequestTimeout
from werkzeug.test import EnvironBuilder, run_wsgi_app

from gateway.edge import UNREADABLE

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

HEAD_S: Final = 5.0
BODY_S: Final = 10.0
ANSWER_S: Final = 60.0
GOODBYE_S: Final = 1.0
_STATUSES: Final = {LimitRequestLine: 414, LimitRequestHeaders: 431}
_UNREADABLE_STATUS: Final = 400
_PIECE_BYTES: Final = 65_536


class TooSlow(NoMoreData):
    """A request did not arrive by its deadline; for gunicorn, its sender has left."""


class DeadlineSocket(socket.socket):
    """A socket from which can be read until an instant, and whose answer must be taken in time.

    However little comes at a time: a time-out for each piece would begin again with each.
    """

    _read_by: float
    _taken_by: float | None

    @classmethod
    def of(cls, accepted: socket.socket) -> Self:
        """Return the accepted connection with deadlines."""
        made = cls(accepted.family, accepted.type, accepted.proto, fileno=accepted.detach())
        made.begin(HEAD_S)
        return made

    def begin(self, seconds: float) -> None:
        """Let what comes next arrive within so many seconds, and a new answer begin after it."""
        self._read_by, self._taken_by = time.monotonic() + seconds, None

    def end(self) -> None:
        """Say that nothing more comes, and hear the other side out for a moment.

        Closing on unread bytes resets a connection, and its answer may get lost. gunicorn would wait here
        too, but on the one thread that all connections of a worker share.
        """
        with suppress(OSError):
            self.shutdown(socket.SHUT_WR)
            self.begin(GOODBYE_S)
            while self.recv(_PIECE_BYTES):
                pass
        self._read_by = 0.0

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        """Return what has come; raises TooSlow at the deadline."""
        kept = self.gettimeout()
        left = self._read_by - time.monotonic()
        if left <= 0:
            raise TooSlow
        self.settimeout(left if kept is None else min(kept, left))
        try:
            return super().recv(size, flags)
        except TimeoutError as error:
            raise TooSlow from error
        finally:
            self.settimeout(kept)

    def sendall(self, content: Any, flags: int = 0, /) -> None:
        """Send everything; raises ConnectionResetError when the answer is not taken in time."""
        kept, now = self.gettimeout(), time.monotonic()
        self._taken_by = self._taken_by or now + ANSWER_S
        if kept != 0:  # gunicorn sends its own short words without waiting at all
            self.settimeout(max(self._taken_by - now, 0.001))
        try:
            super().sendall(content, flags)
        except TimeoutError as error:
            raise ConnectionResetError(errno.ECONNRESET, "the answer was not taken in time") from error
        finally:
            self.settimeout(kept)


class ReadBody:
    """A request's body, whose faults are the caller's: 400 for what can't be read, 408 for what is late."""

    def __init__(self, body: Any) -> None:
        self._body = body

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes, all of them by default."""
        return self._told(self._body.read, None if size < 0 else size)

    def readline(self, size: int = -1) -> bytes:
        """Return a line, or what there is of it in `size` bytes."""
        return self._told(self._body.readline, None if size < 0 else size)

    @staticmethod
    def _told(read: Any, size: int | None) -> bytes:
        try:
            return bytes(read(size))
        except TooSlow as error:
            raise RequestTimeout from error
        except (NoMoreData, ParseException) as error:
            raise BadRequest from error


class DeadlineWorker(ThreadWorker):
    """gunicorn's threads, with deadlines, and an end when their master is gone."""

    wsgi: "WSGIApplication"

    def load_wsgi(self) -> None:
        """Load the application, and hand it bodies that tell what is wrong with them."""
        super().load_wsgi()
        application = self.wsgi

        def reading(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
            environ["wsgi.input"] = ReadBody(environ["wsgi.input"])
            return application(environ, start_response)

        self.wsgi = reading

    def is_parent_alive(self) -> bool:
        """Say whether the master is there; without it we let go of its port, which the next one needs."""
        alive = bool(super().is_parent_alive())
        if not alive:
            self.set_accept_enabled(False)
            for listener in self.sockets:
                listener.close()
        return alive

    def enqueue_req(self, conn: TConn) -> None:
        """Give a connection a thread, a new one once its client has begun to speak."""
        if conn.initialized or conn.data_ready:
            super().enqueue_req(conn)
            return
        conn.sock = DeadlineSocket.of(conn.sock)
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + HEAD_S
        self.pending_conns.append(conn)
        ready = partial(self.on_pending_socket_readable, conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, ready)

    def handle(self, conn: TConn) -> Any:
        """Read a head by its deadline and answer the request."""
        conn.sock.begin(HEAD_S)
        kept = super().handle(conn)
        if not kept:
            conn.sock.end()
        return kept

    def handle_request(self, req: Any, conn: TConn) -> Any:
        """Answer a request whose head was read; its body has a deadline of its own."""
        conn.sock.begin(BODY_S)
        return super().handle_request(req, conn)

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: BaseException) -> None:
        """Answer what can't be read as a request; anything else is ours, and gunicorn's to log."""
        if not isinstance(exc, ParseException):
            super().handle_error(req, client, addr, exc)
            return
        status = next(
            (status for kind, status in _STATUSES.items() if isinstance(exc, kind)), _UNREADABLE_STATUS
        )
        environ = EnvironBuilder("/api/", environ_overrides={UNREADABLE: status}).get_environ()
        body, told, headers = run_wsgi_app(self.wsgi, environ, buffered=True)
        lines = [f"HTTP/1.1 {told}", "Connection: close", *(f"{name}: {value}" for name, value in headers)]
        client.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + b"".join(body))
