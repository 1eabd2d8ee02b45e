"""A line between a browser and the gateway that can be cut, or break in the middle of an answer."""

import socket
import threading
from contextlib import suppress
from urllib.parse import urlsplit

PIECE_BYTES = 1000


class Line:
    """Carries connections to an address; the browser believes all along that it has a network."""

    def __init__(self, to: str) -> None:
        there = urlsplit(to)
        self._to = (there.hostname, there.port)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        self._ends: list[socket.socket] = []
        self._is_cut, self._bytes_max = False, None
        threading.Thread(target=self._serve, daemon=True).start()

    def cut(self) -> None:
        """Let nothing through from now on."""
        self._is_cut = True
        self._drop()

    def break_after(self, bytes_max: int) -> None:
        """Let so many bytes of each connection's answers through, then close it."""
        self._bytes_max = bytes_max
        self._drop()

    def mend(self) -> None:
        """Let everything through again."""
        self._is_cut, self._bytes_max = False, None
        self._drop()

    def close(self) -> None:
        self._door.close()
        self._drop()

    def _drop(self) -> None:
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._ends.clear()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._door.accept()
                if self._is_cut:
                    near.close()
                    continue
                far = socket.create_connection(self._to)
                self._ends += [near, far]
                for source, sink, most in ((near, far, None), (far, near, self._bytes_max)):
                    threading.Thread(target=_carry, args=(source, sink, most), daemon=True).start()


def _carry(source: socket.socket, sink: socket.socket, bytes_max: int | None) -> None:
    left = bytes_max
    with suppress(OSError):
        while piece := source.recv(PIECE_BYTES if left is None else min(PIECE_BYTES, left)):
            sink.sendall(piece)
            left = None if left is None else left - len(piece)
            if left == 0:
                break
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
