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
        return through(self._far.geturl(), self._port)

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


def through(uri, port):
    """Give the way to what `uri` names that leads through a port of this machine."""
    parts = urlsplit(uri)
    login, at, _ = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{login}{at}127.0.0.1:{port}").geturl()


def directly(uri):
    """Make of a replica set's address that of the one server it names: its members are not asked for."""
    where, _, options = uri.partition("?")
    kept = [each for each in options.split("&") if each and not each.startswith("replicaSet=")]
    return f"{where}?{'&'.join([*kept, 'directConnection=true'])}"
