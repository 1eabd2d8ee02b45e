"""The program that makes documents, one after the other, for the process that started it.

`python -m chassis.printing.printer FD` reads a frame of JSON from the socket and writes back one byte (`+`
for a document, `.` for its last one, `-` for what went wrong) and a frame. It ends when the other end is
closed. It is a process of its own: the compiler does not let go of the interpreter, and what takes too long
is killed.
"""

import json
import resource
import signal
import socket
import struct
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent
STANDARDS: Final = ("ua-1", "a-2a")
"""PDF/UA-1 and PDF/A-2a in one file: tagged, and archival. A-4 wants PDF 2.0, which UA-1 does not allow."""
GROWN_BYTES: Final = 128 * 1024 * 1024
"""The compiler remembers what it has set: 500 rows add some 25 MiB each time, one page a third of one."""
CPU_MAX_S: Final = 300
"""For all documents of its life: it ends even where nobody is left to end it."""
LINE_PART: Final = 24
CELL_PART: Final = 8
"""A word of twice so many signs may be broken after so many: in a line of the page, in a cell of a table."""
HEAD: Final = struct.Struct(">I")


def receive(source: socket.socket) -> bytes | None:
    """Return the next frame; None when the other end is closed, also in the middle of one."""
    head = _exactly(source, HEAD.size)
    return None if head is None else _exactly(source, HEAD.unpack(head)[0])


def send(target: socket.socket, frame: bytes, mark: bytes = b"") -> None:
    """Send a frame, with a mark before it."""
    target.sendall(mark + HEAD.pack(len(frame)) + frame)


def _exactly(source: socket.socket, size: int) -> bytes | None:
    parts: list[bytes] = []
    while size:
        part = source.recv(min(size, 1 << 16))
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


class Printer:
    """A compiler with our fonts and our layout, which are read once."""

    def __init__(self) -> None:
        # Both are the printer's alone: a service that only asks for documents never loads them.
        import typst  # noqa: PLC0415

        from chassis.printing.coverage import signs_of  # noqa: PLC0415

        fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[HERE / "fonts"]
        )
        self._signs = signs_of(sorted(HERE.glob("fonts/*.ttf")))
        self._compiler = typst.Compiler(HERE / "house.typ", HERE, fonts, ignore_system_fonts=True)

    def make(self, said: dict[str, Any]) -> bytes:
        """Return the PDF of a document as `as_data` wrote it."""
        shown = json.dumps(self._shown(said), ensure_ascii=False)
        made = self._compiler.compile(
            format="pdf",
            sys_inputs={"said": shown},
            pdf_standards=list(STANDARDS),
            timestamp=datetime.fromtimestamp(said["at"], UTC),
        )
        if not isinstance(made, bytes):
            raise TypeError("the compiler made no document")
        return made

    def _shown(self, said: Any, part: int = LINE_PART) -> Any:
        """Return what is said as it can be shown: signs that have a shape, words that a line can hold."""
        from chassis.printing.coverage import broken, shown_by  # noqa: PLC0415

        match said:
            case str():
                return broken(shown_by(self._signs, said), part)
            case dict():
                part = CELL_PART if said.get("kind") == "table" else part
                return {name: self._shown(value, part) for name, value in said.items()}
            case list():
                return [self._shown(each, part) for each in said]
            case _:
                return said


def serve(asked: socket.socket) -> None:
    """Make what is asked for until nobody asks any more."""
    printer = Printer()
    while (frame := receive(asked)) is not None:
        try:
            made, mark = printer.make(json.loads(frame)), b"." if grown() else b"+"
        except Exception as error:  # noqa: BLE001 - whatever went wrong, whoever asked is answered
            made, mark = type(error).__name__.encode(), b"-"  # its text may show what was to be printed
        send(asked, made, mark)
        if mark == b".":
            return


def grown() -> bool:
    """Return whether this process has grown so large that another one should take its place."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() > GROWN_BYTES


if __name__ == "__main__":
    # Who stops the service sends the signal to all its processes: it lets this one finish, then hangs up.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_MAX_S, CPU_MAX_S))
    asked = socket.socket(fileno=int(sys.argv[1]))
    asked.setblocking(True)  # a patched program has made both ends such that they don't wait
    serve(asked)
