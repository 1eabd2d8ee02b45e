"""Alive and ready."""

import socket
import ssl
import threading
from contextlib import suppress

import pytest
import trustme

from gateway import health


def test_alive_says_nothing_of_others(visitor, app, bus):
    app.extensions["ready"] = lambda: False
    assert visitor.get("/healthz").status_code == 200
    assert bus.calls == []


@pytest.mark.parametrize(("ready", "status"), [(True, 200), (False, 503)])
def test_ready_follows_the_broker(ready, status, visitor, app):
    app.extensions["ready"] = lambda: ready
    assert visitor.get("/readyz").status_code == status


@pytest.fixture
def port():
    """A port that listens, and answers the first bytes of the broker's protocol when told to."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def answer_once(server, greeting, secure=lambda connection: connection):
    def run():
        connection, _ = server.accept()
        with suppress(OSError), secure(connection) as spoken:
            spoken.recv(8)
            spoken.sendall(greeting)

    threading.Thread(target=run, daemon=True).start()


def uri_of(server):
    return f"amqp://guest:guest@127.0.0.1:{server.getsockname()[1]}/"


def test_a_broker_that_greets_is_ready_and_asked_once_a_second(port):
    answer_once(port, b"\x01\x00\x00")
    ready = health.broker_probe(uri_of(port))
    assert ready()
    assert ready()  # nobody would answer a second connection


def test_a_port_that_speaks_otherwise_is_not_a_broker(port):
    answer_once(port, b"HTTP")
    assert not health.broker_probe(uri_of(port))()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_broker_behind_tls_is_ready_if_its_certificate_is_of_its_name(host, port, monkeypatch, tmp_path):
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    answer_once(port, b"\x01\x00\x00", lambda connection: context.wrap_socket(connection, server_side=True))
    uri = uri_of(port).replace("amqp:", "amqps:").replace("127.0.0.1", host)
    assert health.broker_probe(uri)() is (host == "localhost")


def test_a_frozen_broker_is_not_ready(port, monkeypatch):
    monkeypatch.setattr(health, "CONNECT_TIMEOUT_S", 0.1)
    assert not health.broker_probe(uri_of(port))()  # the kernel accepts, nobody answers


def test_no_broker_is_not_ready(port):
    uri = uri_of(port)
    port.close()
    assert not health.broker_probe(uri)()
