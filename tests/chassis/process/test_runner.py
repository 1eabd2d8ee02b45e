import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import contextmanager

import eventlet
import pytest

from chassis.testing import Caller, eventually, person
from chassis.testing.containers import declare_rpc
from chassis.testing.keys import keys_directory, signer
from chassis.values.errors import Failed, Unavailable
from chassis.wire import bus
from tests.chassis.cable import directly, through
from tests.chassis.proxy import Proxy

SERVICE = f"echo-process-{os.getpid()}"
FAMILY = person()
ANSWER_S = 60
"""A page may take its time on a busy machine; how long is no question here."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def page(port, path):
    """Status and body; 0 while nobody listens."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=ANSWER_S) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except OSError:
        return 0, b""


@contextmanager
def process(uri, tmp_path, service_class="Echo", **environment):
    for issuer in ("gateway", SERVICE):
        signer(issuer)
    port = free_port()
    given = {
        **os.environ,
        "AMQP_URI": uri,
        "KEYS_DIR": str(keys_directory()),
        "HEALTH_PORT": str(port),
        "ECHO_NAME": SERVICE,
        "ECHO_MARKS": str(tmp_path),
        **environment,
    }
    command = [sys.executable, "-m", "chassis.process.runner", f"tests.chassis.echoing:{service_class}"]
    with (
        (tmp_path / "log").open("wb") as log,
        subprocess.Popen(command, env=given, stdout=log, stderr=subprocess.STDOUT) as child,
    ):
        try:
            child.health_port = port
            yield child
        finally:
            child.kill()  # does nothing to one that has ended


@pytest.fixture
def service(broker, tmp_path):
    declare_rpc(broker, SERVICE)
    with process(broker, tmp_path) as child:
        eventually(lambda: page(child.health_port, "/readyz")[0] == 200)
        yield child


@pytest.fixture
def caller(broker):
    with Caller() as one:
        yield one


def ended(child):
    return eventually(lambda: child.poll() is not None) and child.returncode


def test_a_terminated_service_finishes_the_call_in_flight_and_ends_well(service, caller, tmp_path, endless):
    asked = eventlet.spawn(caller.call, SERVICE, "wait", FAMILY, {"seconds": 1, "mark": "m"}, endless)
    eventually((tmp_path / "m.begun").exists)
    service.send_signal(signal.SIGTERM)
    assert asked.wait() == {"mark": "m"}
    assert ended(service) == 0


def test_what_a_terminated_service_did_not_begin_is_done_by_the_next(broker, tmp_path, caller, endless):
    declare_rpc(broker, SERVICE)
    with process(broker, tmp_path, MAX_WORKERS="1") as first:
        eventually(lambda: page(first.health_port, "/readyz")[0] == 200)
        begun = eventlet.spawn(caller.call, SERVICE, "wait", FAMILY, {"seconds": 1, "mark": "one"}, endless)
        eventually((tmp_path / "one.begun").exists)
        waiting = eventlet.spawn(caller.call, SERVICE, "wait", FAMILY, {"seconds": 0, "mark": "two"}, endless)
        eventlet.sleep(0.1)
        with process(broker, tmp_path):
            first.send_signal(signal.SIGTERM)
            assert begun.wait() == {"mark": "one"}
            assert waiting.wait() == {"mark": "two"}
            assert ended(first) == 0


def test_a_terminated_service_without_work_ends_without_using_its_grace(service, tmp_path):
    service.send_signal(signal.SIGTERM)
    assert ended(service) == 0
    assert said(tmp_path)[-1] == "stopped"


def said(tmp_path):
    """The names of what a service has logged."""
    lines = (tmp_path / "log").read_text().splitlines()
    return [json.loads(line)["event"] for line in lines if line.startswith("{")]


def test_a_second_signal_changes_nothing(service, caller, tmp_path, endless):
    asked = eventlet.spawn(caller.call, SERVICE, "wait", FAMILY, {"seconds": 1, "mark": "m"}, endless)
    eventually((tmp_path / "m.begun").exists)
    service.send_signal(signal.SIGTERM)
    eventlet.sleep(0.2)
    service.send_signal(signal.SIGTERM)
    assert asked.wait() == {"mark": "m"}
    assert ended(service) == 0


def test_a_service_without_a_broker_gives_up_for_its_supervisor_to_try_again(tmp_path):
    uri = f"amqp://guest:guest@127.0.0.1:{free_port()}/"
    with process(uri, tmp_path) as child:
        assert ended(child) == 1


def test_a_service_whose_queue_nobody_declared_gives_up_too(broker, tmp_path):
    name = f"undeclared-{os.getpid()}"
    signer(name)
    with process(broker, tmp_path, ECHO_NAME=name) as child:
        assert ended(child) == 1


def test_the_broker_killed_or_frozen_shows_and_its_return_too(broker, tmp_path, caller):
    declare_rpc(broker, SERVICE)
    parts = bus.parse_url(broker)
    proxy = Proxy(parts["hostname"], parts["port"])
    uri = broker.replace(f":{parts['port']}/", f":{proxy.port}/")
    with process(uri, tmp_path) as child:
        ready = lambda: page(child.health_port, "/readyz")[0] == 200  # noqa: E731
        eventually(ready)
        for fault in (proxy.cut, proxy.freeze):
            fault()
            eventually(lambda: page(child.health_port, "/readyz")[0] == 503)
            assert page(child.health_port, "/healthz")[0] == 200
            with pytest.raises(Unavailable):
                caller.call(SERVICE, "echo", FAMILY, {"text": "x"}, timeout_s=0.3)
            proxy.heal()
            eventually(ready)
            assert eventually(lambda: answers(caller))
        child.send_signal(signal.SIGTERM)
        assert ended(child) == 0
    proxy.close()


def test_the_database_lost_or_frozen_shows_and_calls_say_so(broker, tmp_path, caller, mongo_database):
    declare_rpc(broker, SERVICE)
    proxy = Proxy(*mongo_database.client.address)
    uri = directly(through(os.environ["MONGODB_URI"], proxy.port))
    settings = {"MONGODB_URI": uri, "MONGODB_DATABASE": mongo_database.name}
    with process(broker, tmp_path, "Keeper", **settings) as child:
        eventually(lambda: page(child.health_port, "/readyz")[0] == 200)
        for fault in (proxy.cut, proxy.freeze):
            assert caller.call(SERVICE, "count", FAMILY) == {"count": 0}
            fault()
            eventually(lambda: page(child.health_port, "/readyz")[0] == 503)
            with pytest.raises(Unavailable) as absence:
                caller.call(SERVICE, "count", FAMILY)
            assert absence.value.reason == "database"
            proxy.heal()
            eventually(lambda: page(child.health_port, "/readyz")[0] == 200)
    proxy.close()


def test_work_that_outlasts_its_grace_does_not_hold_the_process(service, caller, tmp_path):
    asked = eventlet.spawn(caller.call, SERVICE, "wait", FAMILY, {"seconds": 60, "mark": "m"}, 0.5)
    eventually((tmp_path / "m.begun").exists)
    service.send_signal(signal.SIGTERM)
    with pytest.raises(Unavailable):
        asked.wait()
    assert ended(service) == 0
    assert said(tmp_path)[-1] == "stopped_with_work_in_hand"
    assert not (tmp_path / "m.done").exists()


def answers(caller):
    try:
        return caller.call(SERVICE, "echo", FAMILY, {"text": "x"}, timeout_s=5)
    except Unavailable:
        return None


def test_a_service_can_be_stopped_while_the_broker_is_away(broker, tmp_path):
    declare_rpc(broker, SERVICE)
    parts = bus.parse_url(broker)
    for fault in ("cut", "freeze"):
        proxy = Proxy(parts["hostname"], parts["port"])
        uri = broker.replace(f":{parts['port']}/", f":{proxy.port}/")
        with process(uri, tmp_path) as child:
            eventually(lambda: page(child.health_port, "/readyz")[0] == 200)
            getattr(proxy, fault)()
            child.send_signal(signal.SIGTERM)
            assert ended(child) == 0
        proxy.close()


def test_every_log_line_of_a_call_bears_its_request_id(service, caller, tmp_path):
    caller.call(SERVICE, "ask_myself", person(request_id="r-42"), {"text": "x"})
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines() if line.startswith("{")]
    (asking,) = [line for line in lines if line["event"] == "asking"]
    assert (asking["request_id"], asking["service"], asking["door"]) == (
        "r-42",
        SERVICE,
        f"{SERVICE}.ask_myself",
    )


def test_a_failure_is_logged_with_its_places_and_without_its_text(service, caller, tmp_path):
    with pytest.raises(Failed):
        caller.call(SERVICE, "break_down", person(request_id="r-43"))
    text = (tmp_path / "log").read_text()
    (line,) = [json.loads(line) for line in text.splitlines() if "call_failed" in line]
    assert line["request_id"] == "r-43"
    assert "KeyError" in line["stack"]
    assert "in break_down" in line["stack"]
    # Once, in the quoted source line; the exception's own text would be a second time.
    assert text.count("Camille") == 1


def test_calls_are_counted_by_door_and_outcome(service, caller):
    caller.call(SERVICE, "echo", FAMILY, {"text": "x"})
    text = page(service.health_port, "/metrics")[1].decode()
    assert f'marelle_calls_total{{door="{SERVICE}.echo",outcome="answered"}} 1.0' in text
    assert f'marelle_call_seconds_count{{door="{SERVICE}.echo"}} 1.0' in text


def test_the_metrics_page_says_that_the_broker_answers(service):
    assert 'marelle_peer_answers{peer="broker"} 1.0' in page(service.health_port, "/metrics")[1].decode()


def test_an_unknown_page_is_not_found(service):
    assert page(service.health_port, "/else")[0] == 404
