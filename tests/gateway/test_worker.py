"""The gateway's own gunicorn, with real sockets: who sends or reads slowly is ended, others are served."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager

import psutil
import pytest
import requests

from deploy.local.layout import ROOT
from deploy.local.ports import LOOPBACK, answers, choose
from deploy.local.readiness import wait_until
from deploy.local.supervision import TIED

WORKERS, THREADS = 1, 3
MORE_THAN_THREADS = 3 * THREADS
DEADLINES = {"HEAD_S": 1.0, "BODY_S": 1.5, "ANSWER_S": 2.0, "GOODBYE_S": 0.5}
HURRIED = f"""
import sys
from gateway import worker
vars(worker).update({DEADLINES})
from gunicorn.app.wsgiapp import run
sys.argv[0] = "gunicorn"
run()
"""
WITHIN_S = 30
HEAD = b"POST /told HTTP/1.1\r\nHost: 127.0.0.1\r\n"
UNFINISHED = {
    "nothing": b"",
    "half a head": HEAD,
    "half a body": HEAD + b"Content-Length: 9\r\n\r\nbegun",
    "half a chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nbe",
    "all, and no goodbye": HEAD + b"Connection: close\r\nContent-Length: 4\r\n\r\ndone",
}
ENDS = {
    "nothing": b"",
    "half a head": b"",
    "half a body": b"HTTP/1.1 408 ",
    "half a chunk": b"HTTP/1.1 408 ",
    "all, and no goodbye": b"HTTP/1.1 200 ",
}


class Gateway:
    """A gunicorn with the gateway's settings, deadlines shortened or the class of its workers replaced."""

    def __init__(self, directory, worker_class=None):
        self.port = choose(["gateway"], {}, directory / "ports.json")["gateway"]
        self.url = f"http://{LOOPBACK}:{self.port}"
        settings = ["--config", "gateway/gunicorn.conf.py", "tests.gateway.listening:create_app()"]
        self._command = [sys.executable, "-c", HURRIED, *settings]
        if worker_class:
            self._command += ["--worker-class", worker_class]
        self._environment = {
            **os.environ,
            "GATEWAY_BIND": f"{LOOPBACK}:{self.port}",
            "GATEWAY_WORKERS": str(WORKERS),
            "GATEWAY_THREADS": str(THREADS),
        }

    def start(self):
        self.process = subprocess.Popen([*TIED, *self._command], cwd=ROOT, env=self._environment)
        wait_until(lambda: answers(self.port) and self.workers(), "gunicorn", WITHIN_S)
        wait_until(self.alive, "the gateway", WITHIN_S)

    def workers(self):
        return psutil.Process(self.process.pid).children()

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=WITHIN_S)

    def alive(self, timeout_s=5):
        try:
            return requests.get(f"{self.url}/healthz", timeout=timeout_s).ok
        except requests.RequestException:
            return False

    def connection(self):
        return socket.create_connection((LOOPBACK, self.port), timeout=WITHIN_S)

    def told(self, sent):
        with self.connection() as connection:
            connection.sendall(sent)
            return read(connection)


def read(connection):
    return b"".join(iter(lambda: connection.recv(65536), b""))


@contextmanager
def running(directory, worker_class=None):
    gateway = Gateway(directory, worker_class)
    gateway.start()
    try:
        yield gateway
    finally:
        gateway.stop()


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    with running(tmp_path_factory.mktemp("gateway")) as started:
        yield started


@contextmanager
def sent_slowly(gateway, content):
    """More connections than there are threads, all of which have sent this and say no more."""
    connections = [gateway.connection() for _ in range(MORE_THAN_THREADS)]
    try:
        for connection in connections:
            connection.sendall(content)
        yield connections
    finally:
        for connection in connections:
            connection.close()


@pytest.mark.parametrize("sent", UNFINISHED)
def test_whoever_sends_slowly_is_ended_and_others_are_served(gateway, sent):
    with sent_slowly(gateway, UNFINISHED[sent]) as connections:
        assert gateway.alive(WITHIN_S)
        for connection in connections:
            assert read(connection).startswith(ENDS[sent])


def test_a_byte_now_and_then_puts_no_deadline_off(gateway):
    with gateway.connection() as connection:
        connection.settimeout(0.2)
        connection.sendall(UNFINISHED["half a head"])
        received = None
        for _ in range(60):
            try:
                received = connection.recv(100)
                break
            except TimeoutError:
                connection.sendall(b"X")
            except ConnectionResetError:
                received = b""
                break
        assert received == b""


def test_plain_threads_are_stopped_by_all_of_these(tmp_path):
    """The control: what is served above is served because of the deadlines."""
    with running(tmp_path, "gthread") as plain:
        for sent in ("half a body", "all, and no goodbye"):
            with sent_slowly(plain, UNFINISHED[sent]):
                # one that came in between is answered before its worker waits for goodbyes
                assert not all(plain.alive(2 * max(DEADLINES.values())) for _ in range(3))
            wait_until(plain.alive, "the gateway", WITHIN_S)


def test_whoever_reads_slowly_is_ended_and_others_are_served(gateway):
    connections = [gateway.connection() for _ in range(MORE_THAN_THREADS)]
    for connection in connections:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(b"GET /large HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    assert gateway.alive(WITHIN_S)
    for connection in connections:
        connection.close()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"\x16\x03 no request\r\n\r\n", 400),
        (b"GET /%s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" % (b"x" * 9000), 414),
        (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: %s\r\n\r\n" % (b"x" * 9000), 431),
        (b"POST /told HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: x\r\n\r\n", 400),
        (HEAD + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nno\r\n", 400),
        (b"GET /planning HTTP/1.1\r\nHost: a..b\r\nConnection: close\r\n\r\n", 400),
    ],
)
def test_what_is_no_request_is_told_so_in_the_products_own_form(gateway, sent, status):
    head, _, body = gateway.told(sent).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert b"Content-Security-Policy: default-src 'none'" in head
    assert b"X-Request-Id: " in head
    assert b"Traceback" not in body
    assert b'"code": "malformed"' in body or b"La demande est illisible" in body


def test_a_connection_serves_one_request_after_the_other(gateway):
    with requests.Session() as session:
        for length in (0, 5, 100_000):
            assert session.post(f"{gateway.url}/told", data=b"x" * length, timeout=WITHIN_S).text == str(
                length
            )


def test_without_their_master_the_workers_let_go_of_its_port(tmp_path):
    with running(tmp_path) as gateway:
        left = gateway.workers()
        with gateway.connection() as busy:
            busy.sendall(b"GET /slow?s=6 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            gateway.process.send_signal(signal.SIGKILL)
            gateway.process.wait(timeout=WITHIN_S)
            gateway.start()  # gunicorn itself waits no more than 5 s for a port
            assert read(busy).startswith(b"HTTP/1.1 200 ")
        assert psutil.wait_procs(left, timeout=WITHIN_S)[1] == []
