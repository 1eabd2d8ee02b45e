"""A cable between a service and its broker, or its database, that a test can pull out."""

import contextlib
from urllib.parse import urlsplit

import eventlet


class Cable:
    """Forwards a local port to the first host of `uri`; its own `uri` is the way through it."""

    def __init__(self, uri):
        self._far = urlsplit(uri.split(",")[0])
        self._listener = eventlet.listen(("127.0.0.1", 0))
        self._port = self._listener.getsockname()[1]
        self._sockets = set()
        self._whole = True
        self._threads = [eventlet.spawn(self._accept)]

    @property
    def uri(self):
        login, at, _ = self._far.netloc.rpartition("@")
        return self._far._replace(netloc=f"{login}{at}127.0.0.1:{self._port}").geturl()

    def pull(self):
        """Cut every connection, and let none be made."""
        self._whole = False
        for each in list(self._sockets):
            with contextlib.suppress(OSError):
                each.shutdown(2)
            each.close()
        self._sockets.clear()

    def plug(self):
        self._whole = True

    def close(self):
        self.pull()
        self._listener.close()
        for thread in self._threads:
            thread.kill()

    def _accept(self):
        while True:
            near, _ = self._listener.accept()
            if not self._whole:
                near.close()
                continue
            far = eventlet.connect((self._far.hostname, self._far.port))
            self._sockets |= {near, far}
            self._threads += [eventlet.spawn(self._copy, near, far), eventlet.spawn(self._copy, far, near)]

    def _copy(self, source, target):
        with contextlib.suppress(OSError, EOFError):
            while data := source.recv(65536):
                target.sendall(data)
        for each in (source, target):
            with contextlib.suppress(OSError):
                each.shutdown(2)
