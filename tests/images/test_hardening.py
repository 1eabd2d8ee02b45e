"""Every rule of docker-compose.yml's hardening, seen to take effect in the containers themselves."""

import json
import socket
from contextlib import closing

import pytest

from deploy.local.layout import CALLERS, SERVICES
from tests.deploy import composed

OURS = (*CALLERS, "mail", "payment")
PUBLISHED = {8000, 8025, 8090}
"""The front's port, and the simulators' pages, opened by deploy/compose/simulators.yml to try them."""
LOOK = """
import json, os
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
def writable(place):
    try:
        open(place + "/probe", "w").close()
    except OSError:
        return False
    return True
print(json.dumps({
    "user": os.getuid(),
    "capabilities": [int(status[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")],
    "no_new_privileges": int(status["NoNewPrivs"]),
    "writable": [place for place in "/ /app /etc /usr /run /tmp /var/tmp".split() if writable(place)],
}))
"""
REACH = """
import socket, sys
host, port = sys.argv[1], int(sys.argv[2])
try:
    socket.create_connection((host, port), 2).close()
    print("reached")
except OSError as error:
    print(type(error).__name__)
"""
TOO_MUCH = "import sys; kept = [bytearray(1 << 20) for _ in range(int(sys.argv[1]))]; print(len(kept))"
TOO_MANY = """
import os, sys, time
children = 0
try:
    for _ in range(int(sys.argv[1])):
        if os.fork() == 0:
            time.sleep(30)
            os._exit(0)
        children += 1
    print("all")
except OSError:
    print("refused")
"""
WHERE = {"mongodb": 27017, "rabbitmq": 5672, "mail": 1025, "payment": 8026, "front": 8000, "gateway": 8000}
WAYS = [
    ("gateway", "mongodb", False),
    ("gateway", "rabbitmq", True),
    ("gateway", "payment", False),
    *((name, "gateway", False) for name in SERVICES),
    ("billing", "front", True),
    *((name, "mongodb", True) for name in SERVICES),
    *((name, "rabbitmq", True) for name in SERVICES),
    *((name, "payment", name == "billing") for name in ("identity", "family", "booking", "billing")),
    *((name, "mail", name == "notify") for name in ("identity", "family", "booking", "notify")),
    ("mail", "mongodb", False),
    ("mail", "rabbitmq", False),
    ("payment", "mongodb", False),
    ("payment", "rabbitmq", False),
]
OUTSIDE = "192.0.2.1"
"""An address that documents use, and nobody has (RFC 5737)."""


@pytest.mark.parametrize("name", OURS)
def test_a_program_is_nobody_writes_nowhere_and_may_nothing(suite, name):
    status, said = suite.inside(name, "python", "-c", LOOK)
    assert status == 0, said
    assert json.loads(said) == {
        "user": 10001,
        "capabilities": [0] * 5,
        "no_new_privileges": 1,
        "writable": ["/tmp"],
    }


@pytest.mark.parametrize("name", ["rabbitmq", "mongodb"])
def test_broker_and_database_are_nobody_and_their_system_is_read_only(suite, name):
    assert suite.inside(name, "id", "-u") == (0, "999\n")
    assert suite.inside(name, "touch", "/usr/probe")[0] != 0
    status, said = suite.inside(name, "grep", "-E", "CapEff|NoNewPrivs", "/proc/self/status")
    assert status == 0
    assert dict(line.split(":\t") for line in said.split("\n") if line) == {
        "CapEff": "0" * 16,
        "NoNewPrivs": "1",
    }


def test_every_container_has_the_limits_that_the_file_says(suite):
    for name, program in suite.document["services"].items():
        if "profiles" in program or name == "database":
            continue
        limits = suite.inspect(name)["HostConfig"]
        assert limits["Memory"] == composed.size(program["mem_limit"]), name
        assert limits["MemorySwap"] == composed.size(program["memswap_limit"]), name
        assert limits["NanoCpus"] == program["cpus"] * 1_000_000_000, name
        assert limits["PidsLimit"] == program["pids_limit"], name
        assert limits["ReadonlyRootfs"], name


def test_who_takes_more_memory_than_allowed_is_ended(suite):
    with pytest.raises(AssertionError):
        suite.run("booking", "python", "-c", TOO_MUCH, "400")
    assert "50" in suite.run("booking", "python", "-c", TOO_MUCH, "50")  # the control


def test_who_starts_more_processes_than_allowed_is_refused(suite):
    assert "refused" in suite.run("booking", "python", "-c", TOO_MANY, "200")
    assert "all" in suite.run("booking", "python", "-c", TOO_MANY, "20")  # the control


@pytest.mark.parametrize(("source", "target", "open_"), WAYS)
def test_a_program_reaches_only_those_whose_network_it_shares(suite, source, target, open_):
    _, said = suite.inside(source, "python", "-c", REACH, target, str(WHERE[target]))
    assert (said.strip() == "reached") is open_, said


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_has_a_way_out_of_its_networks(suite, name):
    _, said = suite.inside(name, "python", "-c", REACH, OUTSIDE, "443")
    assert said.strip() == "OSError", "no route: a time-out would be a way without an end"


def test_only_the_ports_that_are_meant_to_be_are_open(suite):
    published = {
        int(binding["HostPort"])
        for name in suite.running_for_good()
        for bindings in suite.inspect(name)["NetworkSettings"]["Ports"].values()
        for binding in bindings or []
    }
    assert published == PUBLISHED
    for port in PUBLISHED:
        with closing(socket.create_connection(("127.0.0.1", port), 5)):
            pass


def test_a_program_sees_no_secret_of_another(suite):
    for name in CALLERS:
        status, said = suite.inside(name, "python", "-c", "import os; print(*os.listdir('/run/secrets'))")
        assert status == 0
        wanted = composed.mounted(suite.document, suite.document["services"][name])
        assert {f"/run/secrets/{each}" for each in said.split()} == {
            place for place in wanted if place.startswith("/run/secrets/")
        }
