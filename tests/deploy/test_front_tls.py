"""The front where it ends TLS itself: the versions and suites that it takes."""

import socket
import ssl

import pytest
import trustme

from deploy.local.ports import LOOPBACK
from tests.deploy.fronting import port_of, running

HERE = "portal.example"
CA = trustme.CA()


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    directory = tmp_path_factory.mktemp("tls")
    certificate = directory / "here.pem"
    issued = CA.issue_cert(HERE)
    issued.private_key_and_cert_chain_pem.write_to_path(certificate)
    found = port_of(directory)
    listen = (
        f"listen {LOOPBACK}:{found} ssl; ssl_certificate {certificate}; ssl_certificate_key {certificate};"
    )
    with running(directory, 1, listen=listen):
        yield found


def agreed(port, **asked):
    """Return the version and the suite on which a client and the front agree; OSError where they do not."""
    context = ssl.create_default_context()
    CA.configure_trust(context)
    for name, value in asked.items():
        if name == "ciphers":
            context.set_ciphers(value)
        else:
            setattr(context, name, value)
    with (
        socket.create_connection((LOOPBACK, port), timeout=20) as plain,
        context.wrap_socket(plain, server_hostname=HERE) as secured,
    ):
        suite, _, _ = secured.cipher()
        return secured.version(), suite


def test_the_newest_version_is_agreed_on_where_both_know_it(port):
    version, _ = agreed(port)
    assert version == "TLSv1.3"


def test_of_the_version_before_only_suites_that_keep_the_past_secret_and_the_strongest_first(port):
    asked = {"maximum_version": ssl.TLSVersion.TLSv1_2, "ciphers": "AES128+ECDHE:AES256+ECDHE:AES"}
    assert agreed(port, **asked) == ("TLSv1.2", "ECDHE-ECDSA-AES256-GCM-SHA384")


@pytest.mark.parametrize("suites", ["AES256-SHA", "AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-SHA"])
def test_weaker_suites_are_refused(port, suites):
    with pytest.raises(OSError, match=r"handshake failure|alert|reset"):
        agreed(port, maximum_version=ssl.TLSVersion.TLSv1_2, ciphers=f"{suites}:@SECLEVEL=0")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_older_versions_are_refused(port, version):
    with pytest.raises(OSError, match=r"version|alert|reset"):
        agreed(port, minimum_version=version, maximum_version=version, ciphers="ALL:@SECLEVEL=0")
