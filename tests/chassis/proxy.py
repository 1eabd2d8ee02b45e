"""A proxy between a test and a server that can be cut, frozen and healed."""

import socket
from contextlib import suppress

import eventlet
from eventlet.event import Event


class Proxy:
    """Forwards a port of its own to `host:port`."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._listener = eventlet.listen(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._sockets: list[socket.socket] = []
        self.connections = 0
        self._whole = True
        self._flowing = Event()
        self._flowing.send()
        self._acceptor = eventlet.spawn(self._accept)

    def cut(self) -> None:
        """Close all connections, and refuse new ones until healed."""
        self._whole = False
        sockets, self._sockets = self._sockets, []
        for end in sockets:
            # Closing is left to the pumps that read from it.
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def freeze(self) -> None:
        """Let nothing through; connections stay open and new ones are accepted."""
        self._flowing = Event()

    def say(self, data: bytes) -> None:
        """Say something in the server's name on every connection; it must be silent itself."""
        for near in self._sockets[::2]:
            near.sendall(data)

    def heal(self) -> None:
        self._whole = True
        if not self._flowing.ready():
            self._flowing.send()

    def close(self) -> None:
        self._acceptor.kill()
        self._listener.close()
        self.cut()

    def _accept(self):
        while True:
            near, _ = self._listener.accept()
            if not self._whole:
                near.close()
                continue
            eventlet.spawn_n(self._join, near)

    def _join(self, near):
        self._flowing.wait()
        try:
            far = socket.create_connection(self._target)
        except OSError:
            near.close()
            return
        self._sockets += [near, far]
        self.connections += 1
        there = eventlet.spawn(self._pump, near, far)
        self._pump(far, near)
        there.wait()
        near.close()
        far.close()

    def _pump(self, source, sink):
        with suppress(OSError, EOFError):
            while data := source.recv(65536):
                self._flowing.wait()
                sink.sendall(data)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
