"""Connections to a broker behind TLS: to the one that is meant, or to none."""

import ssl
import subprocess
import sys
import textwrap

import pytest
import trustme

from chassis.wire import bus

SERVER = """
import contextlib, socket, ssl, sys
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1])
with socket.create_server(("127.0.0.1", 0)) as server:
    print(server.getsockname()[1], flush=True)
    while True:
        connection, _ = server.accept()
        with contextlib.suppress(OSError), context.wrap_socket(connection, server_side=True) as secured:
            secured.recv(8)
            secured.sendall(b"HTTP/1.1 400 \\r\\n")
"""


@pytest.fixture
def port(tmp_path, monkeypatch):
    """A port at which something shows a certificate of `localhost`, and then turns out to be no broker."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(tmp_path / "broker.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    command = [sys.executable, "-c", textwrap.dedent(SERVER), str(tmp_path / "broker.pem")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        yield int(server.stdout.readline())
        server.kill()


def connecting(host, port):
    with pytest.raises(bus.BUS_ERRORS) as raised:
        bus.connect(f"amqps://user:word@{host}:{port}/", name="test", timeout_s=20)
    return raised.value


def test_a_broker_is_spoken_to_if_its_certificate_is_of_the_name_that_it_is_called_by(port):
    assert not isinstance(connecting("localhost", port), ssl.SSLError)


def test_it_is_not_if_the_certificate_is_of_another_name(port):
    assert isinstance(connecting("127.0.0.1", port), ssl.SSLCertVerificationError)


def test_nor_if_nobody_knows_who_signed_it(port, monkeypatch, tmp_path):
    trustme.CA().cert_pem.write_to_path(tmp_path / "another.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "another.pem"))
    assert isinstance(connecting("localhost", port), ssl.SSLCertVerificationError)
