"""The wiring, in a process of its own: keys and addresses from the environment, and no eventlet."""

import os
import subprocess
import sys

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deploy.local.layout import ROOT

PROGRAM = """
import sys
from gateway.app import create_app
app = create_app()
client = app.test_client()
answer = client.post("/api/v1/sessions", json={"login": "a", "password": "b"})
print(answer.status_code, answer.get_json()["code"], answer.headers["Retry-After"].isdigit())
print(client.get("/healthz").status_code, client.get("/readyz").status_code)
print(sorted({"eventlet", "nameko"} & sys.modules.keys()))
"""


GUNICORN = ["gunicorn", "--config", "gateway/gunicorn.conf.py", "gateway.app:create_app()"]


def test_a_public_https_address_without_a_proxy_is_refused_in_one_line():
    told = {"GATEWAY_PUBLIC_URL": "https://portal.example", "GATEWAY_PROXIES": "0"}
    run = subprocess.run(
        [sys.executable, "-m", *GUNICORN],
        cwd=ROOT,
        env={**os.environ, **told},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 1
    [line] = (run.stdout + run.stderr).splitlines()
    assert line.startswith(
        "GATEWAY_PUBLIC_URL is https://portal.example, and GATEWAY_PROXIES counts no proxy"
    )


def test_without_a_broker_the_gateway_starts_and_answers_503(tmp_path):
    key = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "gateway.private.pem").write_bytes(key)
    (tmp_path / "amqp_uri").write_text("amqp://guest:guest@127.0.0.1:1//\n")
    environment = {
        **{name: value for name, value in os.environ.items() if name != "AMQP_URI"},
        "AMQP_URI_FILE": str(tmp_path / "amqp_uri"),
        "KEYS_DIR": str(tmp_path),
        "GATEWAY_COOKIE_SECRET": "a secret of this test",
        "LOG_LEVEL": "critical",
    }
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == ["503 unavailable True", "200 503", "[]"]
