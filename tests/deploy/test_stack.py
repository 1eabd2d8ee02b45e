import resource
import signal
import subprocess
import sys
import xmlrpc.client

import psutil
import pytest
import requests
from pymongo import MongoClient
from pymongo.errors import OperationFailure
from supervisor.xmlrpc import Faults

from deploy.local.infrastructure import Infrastructure
from deploy.local.layout import ROOT, VAR
from deploy.local.readiness import wait_until
from deploy.local.stack import Stack
from deploy.local.supervision import Program, Supervisor
from tests.deploy.leftovers import processes_of

SERVICES = ("identity", "family")
FEW_FILES, MANY_FILES = 1_024, 16_384
STARTER = """
import sys, time
from deploy.local.infrastructure import Infrastructure
with Infrastructure(sys.argv[1], fresh=True) as parts:
    print("up", flush=True)
    time.sleep(300)
"""


@pytest.fixture(scope="module")
def stack():
    with Stack("test-deploy", services=SERVICES, fresh=True) as running:
        yield running


def test_every_program_that_people_open_answers(stack):
    for url in (stack.gateway_url, stack.mail_url, stack.payment_url):
        assert requests.get(f"{url}/healthz", timeout=60).status_code == 200


def test_services_and_gateway_have_a_page_of_metrics_and_the_front_shows_none(stack):
    assert requests.get(f"{stack.gateway_url}/healthz", timeout=60).ok
    for service in SERVICES:
        page = requests.get(stack.metrics_url(service), timeout=60).text
        # read with the service's own users, who may do little
        assert f'marelle_queue_messages{{kind="dead",queue="{service}.dead"}} 0.0' in page
        assert "marelle_outbox_waiting 0.0" in page
        assert "marelle_gauge_failures_total{" not in page
    assert "marelle_http_requests_total{" in requests.get(stack.metrics_url("gateway"), timeout=60).text
    for page in (stack.gateway_url, stack.own_gateway_url):
        assert requests.get(f"{page}/metrics", timeout=60).status_code == 404


@pytest.mark.parametrize("program", ["identity", "front", "gateway", "mail"])
def test_a_program_that_is_killed_comes_back(stack, program):
    workers = psutil.Process(stack.supervisor.pid(program)).children(recursive=True)
    killed = stack.kill(program, signal.SIGKILL)
    _, answering = psutil.wait_procs(workers, timeout=60)  # they would answer for it, and then no more
    assert answering == []
    wait_until(lambda: stack.supervisor.pid(program) not in {0, killed}, f"another {program}", 15)
    stack.wait_ready(program, timeout_s=60)
    assert stack.supervisor.pid(program) != killed


def test_services_find_a_broker_again_that_was_killed(stack):
    stack.kill("rabbitmq", signal.SIGKILL)
    wait_until(lambda: not any(map(stack.is_ready, SERVICES)), "services that miss their broker", 15)
    stack.wait_ready("rabbitmq", *SERVICES, timeout_s=60)
    assert all(stack.is_ready(service) for service in SERVICES)


def test_a_program_is_restarted_with_what_it_is_told_and_forgets_it_after(stack):
    stack.restart("mail", env={"MARELLE_TOLD": "once"})
    assert "MARELLE_TOLD" in stack.supervisor.script("mail").read_text()
    stack.restart("mail")
    assert "MARELLE_TOLD" not in stack.supervisor.script("mail").read_text()


@pytest.fixture
def few_files():
    """As for somebody who logs in: few files may be open at once, though the system would allow more."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (FEW_FILES, before[1]))
    yield before[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def sleeps(pid):
    return pid and psutil.Process(pid).name() == "sleep"


def test_programs_may_open_many_files_whoever_starts_them(few_files, tmp_path):
    allowed = MANY_FILES if few_files == resource.RLIM_INFINITY else min(few_files, MANY_FILES)
    supervisor = Supervisor(tmp_path, [Program("rests", ["sleep", "300"], starts_at_once=True)])
    supervisor.start()
    try:
        wait_until(lambda: sleeps(supervisor.pid("rests")), "the program", 10)
        assert psutil.Process(supervisor.pid("rests")).rlimit(psutil.RLIMIT_NOFILE)[0] == allowed > FEW_FILES
    finally:
        supervisor.stop()


class Resurrecting(Supervisor):
    """A program that has died this instant is not stopped by supervisord, which then starts it again."""

    def __init__(self, directory, now):
        super().__init__(directory, [])
        self.now = now

    def _ask(self, method, *_arguments):
        if method == "getProcessInfo":
            told = self.now
            self.now = "STARTING" if told == "EXITED" else told
            return {"statename": told}
        if self.now in {"EXITED", "STOPPED"}:
            raise xmlrpc.client.Fault(Faults.NOT_RUNNING, "NOT_RUNNING")
        self.now = "STOPPED"
        return True


def test_a_program_that_has_just_died_is_stopped_for_good(tmp_path):
    supervisor = Resurrecting(tmp_path, "EXITED")
    supervisor.stop_program("dies")
    assert supervisor.now == "STOPPED"


def test_a_program_that_was_stopped_before_is_left_alone(tmp_path):
    supervisor = Resurrecting(tmp_path, "STOPPED")
    supervisor.stop_program("rests")
    assert supervisor.now == "STOPPED"


def test_a_service_reads_its_own_database_and_no_other(stack):
    with MongoClient(stack.mongodb_uris["family"]) as client:
        assert client["family"]["anything"].find_one() is None
        with pytest.raises(OperationFailure):
            client["identity"]["accounts"].find_one()


def test_secrets_are_read_by_their_owner_alone(stack):
    open_to_others = [path for path in stack.credentials.directory.rglob("*") if path.stat().st_mode & 0o077]
    assert [path for path in open_to_others if path.is_file() and not path.name.endswith(".public.pem")] == []


def test_two_stacks_run_side_by_side_and_stopping_leaves_nothing(stack):
    with Infrastructure("test-deploy-neighbour", fresh=True) as neighbour:
        assert set(neighbour.ports.values()).isdisjoint(stack.ports.values())
        assert processes_of(neighbour.directory)
    assert processes_of(neighbour.directory) == []
    assert stack.is_ready("rabbitmq")


def test_a_stack_comes_back_with_its_data_also_on_another_port():
    with Infrastructure("test-deploy-back", fresh=True) as first, MongoClient(first.mongodb_uri) as client:
        client["family"]["kept"].insert_one({"_id": 1})
        port = first.ports["mongod"]
    first.directory.joinpath("ports.json").unlink()
    with Infrastructure("test-deploy-back") as second, MongoClient(second.mongodb_uri) as client:
        assert second.ports["mongod"] != port
        assert client["family"]["kept"].find_one() == {"_id": 1}


def test_nothing_outlives_a_starter_that_was_killed():
    name = "test-deploy-orphan"
    with subprocess.Popen(
        [sys.executable, "-c", STARTER, name], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as starter:
        assert starter.stdout.readline() == "up\n"
        assert processes_of(VAR / name)
        starter.kill()
    wait_until(lambda: not processes_of(VAR / name), "the end of what was started", 30)
    assert processes_of(VAR / name) == []
