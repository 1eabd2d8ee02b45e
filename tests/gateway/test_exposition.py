"""The metrics page of the gateway's own gunicorn: two workers, one page, and counts that outlive a worker."""

import os
import signal
import stat
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from deploy.local.layout import ROOT
from deploy.local.ports import LOOPBACK, answers, choose
from deploy.local.readiness import wait_until
from deploy.local.supervision import TIED
from gateway.exposition import Exposition, FolderTakenError

WITHIN_S = 30
REQUESTS = 40


class Gateway:
    """A gunicorn with two workers and the gateway's settings; without `metrics`, as one was before."""

    def __init__(self, directory, *, metrics=True):
        ports = choose(["gateway", "metrics"], {}, directory / "ports.json")
        self.port, self.metrics_port = ports["gateway"], ports["metrics"]
        self.url = f"http://{LOOPBACK}:{self.port}"
        self.metrics_url = f"http://{LOOPBACK}:{self.metrics_port}/metrics"
        self.environment = {
            **os.environ,
            "GATEWAY_BIND": f"{LOOPBACK}:{self.port}",
            "GATEWAY_WORKERS": "2",
            "GATEWAY_THREADS": "4",
            **({"GATEWAY_METRICS_PORT": str(self.metrics_port)} if metrics else {}),
        }

    def start(self):
        settings = ["--config", "gateway/gunicorn.conf.py", "tests.gateway.listening:create_app()"]
        self.process = subprocess.Popen(
            [*TIED, sys.executable, "-m", "gunicorn", *settings], cwd=ROOT, env=self.environment
        )
        wait_until(lambda: answers(self.port) and len(self.workers()) == 2, "gunicorn", WITHIN_S)
        wait_until(lambda: self.serving() == set(self.workers()), "two workers", WITHIN_S)

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=WITHIN_S)

    def workers(self):
        return [each.pid for each in psutil.Process(self.process.pid).children()]

    def told(self, count=1):
        """Which worker answered each of so many requests, each on a connection of its own."""
        return [int(requests.get(f"{self.url}/slow?s=0", timeout=WITHIN_S).text) for _ in range(count)]

    def serving(self):
        try:
            return set(self.told(20))
        except requests.RequestException:
            return set()

    def page(self):
        answer = requests.get(self.metrics_url, timeout=WITHIN_S)
        assert answer.headers["Content-Type"].startswith("text/plain")
        return answer.text

    def answered(self):
        """How many requests to `/slow` the page has counted."""
        labels = {"route": "/slow", "method": "GET", "status": "200"}
        return value_of(self.page(), "marelle_http_requests_total", labels)


def value_of(page, name, labels):
    for family in text_string_to_metric_families(page):
        for sample in family.samples:
            if sample.name == name and sample.labels == labels:
                return sample.value
    return 0


@contextmanager
def running(directory, **options):
    gateway = Gateway(directory, **options)
    gateway.start()
    try:
        yield gateway
    finally:
        gateway.stop()


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    with running(tmp_path_factory.mktemp("gateway")) as started:
        yield started


def test_what_two_workers_count_adds_up(gateway):
    before = gateway.answered()
    assert len(set(gateway.told(REQUESTS))) == 2
    page = gateway.page()
    assert gateway.answered() == before + REQUESTS
    seconds = "marelle_http_request_seconds"
    assert value_of(page, f"{seconds}_count", {"route": "/slow"}) == before + REQUESTS
    assert value_of(page, f"{seconds}_bucket", {"route": "/slow", "le": "+Inf"}) == before + REQUESTS


def test_what_a_killed_worker_had_counted_stays(gateway):
    gateway.told(REQUESTS)
    before = gateway.answered()
    for _ in range(2):
        killed = gateway.workers()[0]
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda pid=killed: pid not in gateway.workers(), "the end of a worker", WITHIN_S)
        wait_until(lambda: len(gateway.workers()) == 2, "another worker", WITHIN_S)
    assert gateway.answered() == before
    gateway.told(REQUESTS)
    assert gateway.answered() == before + REQUESTS


def test_the_files_of_ended_workers_do_not_heap_up(gateway):
    folder = Path(f"/dev/shm/marelle-gateway-{os.geteuid()}-{gateway.metrics_port}")
    alive = {str(pid) for pid in gateway.workers()}
    owners = {file.stem.rpartition("_")[2] for file in folder.iterdir()}
    assert owners <= alive | {"ended"}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_there_is_one_page_and_it_is_not_on_the_public_port(gateway):
    assert "marelle_http" not in requests.get(f"{gateway.url}/metrics", timeout=WITHIN_S).text
    assert requests.get(gateway.metrics_url + "/else", timeout=WITHIN_S).status_code == 404


def test_a_master_that_was_killed_leaves_its_ports_to_the_next(tmp_path):
    first = Gateway(tmp_path)
    first.start()
    workers = first.workers()
    first.process.kill()
    first.process.wait(timeout=WITHIN_S)
    wait_until(lambda: not answers(first.metrics_port), "the end of the page", WITHIN_S)
    wait_until(lambda: not any(map(psutil.pid_exists, workers)), "the end of the workers", WITHIN_S)
    first.start()
    try:
        counted = first.answered()
        first.told(REQUESTS)
        assert first.answered() == counted + REQUESTS
    finally:
        first.stop()
    assert not Path(f"/dev/shm/marelle-gateway-{os.geteuid()}-{first.metrics_port}").exists()


def test_without_the_setting_there_is_no_page(tmp_path):
    with running(tmp_path, metrics=False) as gateway:
        assert not answers(gateway.metrics_port)


def test_a_folder_of_somebody_elses_is_left_alone(tmp_path):
    (tmp_path / "theirs").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "theirs")
    with pytest.raises(FolderTakenError):
        Exposition(tmp_path / "link", LOOPBACK, 0).prepare()


def test_what_an_earlier_master_left_is_emptied(tmp_path):
    folder = tmp_path / "counts"
    exposition = Exposition(folder, LOOPBACK, 0)
    exposition.prepare()
    (folder / "counter_7.db").write_bytes(b"left")
    exposition.prepare()
    assert list(folder.iterdir()) == []
