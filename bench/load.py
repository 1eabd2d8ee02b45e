"""Many clients in one thread: each keeps one connection and sends its next request when it has its answer.

No HTTP library, so that the clients take as little as possible of the machine that they share with what they
measure. A client walks through journeys: generators that yield requests and are sent the answers.
"""

import json
import selectors
import socket
import time
import uuid
from collections import deque
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from typing import Any

ANSWER_S = 30.0
_END_OF_HEAD = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: bytes

    def json(self) -> Any:
        """Return the body's JSON."""
        return json.loads(self.body)


Journey = Generator[bytes, Answer, str]
"""Yields requests; what it returns is counted as its outcome."""


@dataclass
class Outcome:
    """What became of a crowd of journeys: seconds of each, how they ended, and seconds in all."""

    seconds: list[float] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)
    wall_s: float = 0.0
    bytes_in: int = 0

    def add(self, other: "Outcome") -> None:
        """Count another crowd that came after this one."""
        self.seconds += other.seconds
        self.ends += other.ends
        self.wall_s += other.wall_s
        self.bytes_in += other.bytes_in


def request(method: str, path: str, token: str, body: object = None, *, keyed: bool = False) -> bytes:
    """Return the bytes of a request to the interface; `keyed` gives it an idempotency key of its own."""
    content = b"" if body is None else json.dumps(body, separators=(",", ":")).encode()
    head = [
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Bearer {token}",
        f"Cookie: session={token}",
        "Accept-Encoding: gzip",
    ]
    if body is not None:
        head += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    if keyed:
        head.append(f"Idempotency-Key: {uuid.uuid4()}")
    return "\r\n".join([*head, "", ""]).encode() + content


def run(address: tuple[str, int], journeys: Iterable[Journey], clients: int) -> Outcome:
    """Let `clients` walk through all journeys and give what came of it."""
    waiting, outcome = deque(journeys), Outcome()
    with selectors.DefaultSelector() as selector:
        started = time.monotonic()
        busy = {_Client(address, selector) for _ in range(min(clients, len(waiting)))}
        for client in busy:
            client.begin(waiting.popleft())
        while busy:
            ready = selector.select(ANSWER_S)
            if not ready:
                raise TimeoutError(f"no answer within {ANSWER_S:g} s")
            for key, _ in ready:
                client = key.data
                if not client.hear(outcome):
                    continue
                if waiting:
                    client.begin(waiting.popleft())
                else:
                    client.close(selector)
                    busy.discard(client)
        outcome.wall_s = time.monotonic() - started
    return outcome


class _Client:
    def __init__(self, address: tuple[str, int], selector: selectors.BaseSelector) -> None:
        self._socket = socket.create_connection(address)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._heard = b""
        self._journey: Journey | None = None
        self._begun_at = 0.0
        selector.register(self._socket, selectors.EVENT_READ, self)

    def begin(self, journey: Journey) -> None:
        self._journey, self._begun_at = journey, time.monotonic()
        self._socket.sendall(next(journey))

    def hear(self, outcome: Outcome) -> bool:
        """Read; go on with the journey when an answer is whole. True when the journey has ended."""
        chunk = self._socket.recv(65_536)
        if not chunk:
            raise ConnectionError("the server closed the connection of a client that waited for its answer")
        self._heard += chunk
        answer = _whole(self._heard)
        if answer is None or self._journey is None:
            return False
        outcome.bytes_in += len(self._heard)
        self._heard = b""
        try:
            self._socket.sendall(self._journey.send(answer))
        except StopIteration as end:
            outcome.seconds.append(time.monotonic() - self._begun_at)
            outcome.ends.append(end.value)
            return True
        return False

    def close(self, selector: selectors.BaseSelector) -> None:
        selector.unregister(self._socket)
        self._socket.close()


def _whole(heard: bytes) -> Answer | None:
    end = heard.find(_END_OF_HEAD)
    if end < 0:
        return None
    head = heard[:end].lower()
    _, found, rest = head.partition(b"content-length:")
    if not found:
        raise ConnectionError("an answer without a length can't be read")
    length = int(rest.split(b"\r\n", 1)[0])
    body = heard[end + len(_END_OF_HEAD) :]
    return Answer(int(head.split(b" ", 2)[1]), body) if len(body) >= length else None
