"""The real payment simulator as a program of its own, and how a person and a test speak to it."""

import contextlib
import os
import socket
import subprocess
import sys

import requests

from chassis.testing import eventually

TIMEOUT_S = 60


class Simulator:
    """A running simulator at `url`."""

    def __init__(self, url):
        self.url = url

    def click(self, page_url, choice):
        """Press a button of the payment page; gives the redirection's address."""
        answer = requests.post(page_url, data={"choice": choice}, timeout=TIMEOUT_S, allow_redirects=False)
        return answer.headers.get("Location")

    def fault(self, reference="*", **fault):
        body = {"reference": reference, **fault}
        requests.post(f"{self.url}/api/faults", json=body, timeout=TIMEOUT_S).raise_for_status()

    def advance(self, seconds):
        body = {"advance_s": seconds}
        requests.post(f"{self.url}/api/clock", json=body, timeout=TIMEOUT_S).raise_for_status()

    def reset(self):
        for what in ("faults", "payments"):
            requests.delete(f"{self.url}/api/{what}", timeout=TIMEOUT_S).raise_for_status()

    def healthy(self):
        try:
            return requests.get(f"{self.url}/healthz", timeout=TIMEOUT_S).ok
        except requests.ConnectionError:
            return False


@contextlib.contextmanager
def simulating():
    """Run the simulator on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "PAYMENT_PORT": str(port)}
    program = subprocess.Popen([sys.executable, "-m", "deploy.simulators.payment"], env=environment)
    simulator = Simulator(f"http://127.0.0.1:{port}")
    try:
        eventually(simulator.healthy)
        yield simulator
    finally:
        program.terminate()
        program.wait(timeout=60)
