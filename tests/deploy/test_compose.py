"""docker-compose.yml: its schema, what it allows to whom, and that everything it names is there."""

import base64
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from deploy.compose import database, prepare
from deploy.local import front, mongod
from deploy.local.credentials import Credentials
from deploy.local.layout import CALLERS, ROOT, SERVICES
from deploy.local.ports import LOOPBACK, choose
from deploy.local.supervision import TIED
from deploy.local.town import TOWNS
from tests.deploy import composed
from tests.deploy.composed import is_ours, mounted, temporary

DOCUMENT = composed.composed()
PROGRAMS = DOCUMENT["services"]
FOR_TRYING = ROOT / "deploy" / "compose" / "simulators.yml"
WATCHING = ROOT / "deploy" / "compose" / "monitoring.yml"
ONE_SHOT = {"database": "on-failure:5", "fsck": "no"}
KEEPS_DATA = {"mongodb": "/data/db", "rabbitmq": "/var/lib/rabbitmq"}
SECRET_NAMES = re.compile("PASSWORD|SECRET|PEPPER|TOKEN|MONGODB_URI|AMQP_URI")
every_program = pytest.mark.parametrize("name", PROGRAMS)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    directory = tmp_path_factory.mktemp("compose") / "secrets"
    prepare.secrets(directory)
    return directory


@pytest.mark.parametrize("file", [composed.FILE, FOR_TRYING, WATCHING], ids=lambda file: file.name)
def test_the_file_follows_the_compose_specification(file):
    checked = subprocess.run(
        [Path(sys.executable).with_name("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", file],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_service_of_the_house_is_there():
    assert set(PROGRAMS) == {*CALLERS, "front", "mail", "payment", "rabbitmq", "mongodb", *ONE_SHOT}


@every_program
def test_a_program_runs_as_a_user_without_rights(name):
    program = PROGRAMS[name]
    user, group = program["user"].split(":")
    assert int(user) > 0
    assert int(group) > 0
    assert program["cap_drop"] == ["ALL"]
    assert program["security_opt"] == ["no-new-privileges:true"]
    assert {"cap_add", "privileged", "devices", "pid", "ipc", "userns_mode", "group_add"}.isdisjoint(program)


@every_program
def test_a_program_writes_to_memory_and_where_it_keeps_data(name):
    program = PROGRAMS[name]
    assert program["read_only"] is True
    for options in temporary(program).values():
        assert {"noexec", "nosuid", "nodev"} <= set(options.split(","))
        assert "size=" in options
    volumes = program.get("volumes", [])
    assert [v["target"] for v in volumes if not v.get("read_only")] == [
        place for each, place in KEEPS_DATA.items() if each == name
    ]


@every_program
def test_a_program_is_limited(name):
    program = PROGRAMS[name]
    assert 0 < composed.size(program["mem_limit"]) <= 2 << 30
    assert program["memswap_limit"] == program["mem_limit"]
    assert 0 < program["cpus"] <= 2
    assert 0 < program["pids_limit"] <= 1024
    assert program["logging"]["options"].keys() == {"max-size", "max-file"}


@every_program
def test_a_program_is_looked_after(name):
    program = PROGRAMS[name]
    if name in ONE_SHOT:
        assert program["restart"] == ONE_SHOT[name]
    else:
        assert program["restart"] == "unless-stopped"
        assert program["healthcheck"]["test"][0] == "CMD"


def test_only_the_front_has_a_port_of_this_machine_and_only_for_this_machine():
    assert {name for name, program in PROGRAMS.items() if program.get("ports")} == {"front"}
    assert PROGRAMS["front"]["ports"] == ["127.0.0.1:8000:8000"]


def test_for_trying_only_the_two_simulators_are_opened_and_only_for_this_machine():
    opened = composed.composed(FOR_TRYING)["services"]
    assert opened.keys() == {"mail", "payment"}
    assert all(port.startswith("127.0.0.1:") for program in opened.values() for port in program["ports"])


def test_only_the_front_reaches_beyond_the_containers_and_nobody_else_the_gateway():
    assert {n for n, network in DOCUMENT["networks"].items() if not network.get("internal")} == {"front"}
    assert {name for name, p in PROGRAMS.items() if "front" in p.get("networks", [])} == {"front"}
    assert {name for name, p in PROGRAMS.items() if "inside" in p.get("networks", [])} == {"front", "gateway"}
    assert PROGRAMS["gateway"]["networks"] == ["inside", "calls"]


def test_the_front_has_the_files_that_it_has_everywhere():
    program = PROGRAMS["front"]
    places = mounted(DOCUMENT, program)
    assert ROOT / places["/etc/front"] == front.SOURCES
    assert ROOT / places["/etc/front/proxies.conf"] == front.SOURCES / "proxies.conf"
    assert program["command"][:5] == ["nginx", "-p", "/run/front/", "-c", "/etc/front/nginx.conf"]
    assert "uid=10001" in temporary(program)["/run/front"]
    assert (front.SOURCES / "listen.conf").read_text().splitlines()[-1] == "listen 8000;"
    [server] = re.findall(r"^server (\S+) ", (front.SOURCES / "gateways.conf").read_text(), re.MULTILINE)
    assert server == f"gateway:{PROGRAMS['gateway']['environment']['GATEWAY_BIND'].partition(':')[2]}"


def test_the_gateway_counts_the_front_and_knows_the_name_by_which_a_provider_calls_it():
    told = PROGRAMS["gateway"]["environment"]
    assert told["GATEWAY_PROXIES"] == "1"
    called = PROGRAMS["billing"]["environment"]["BILLING_PUBLIC_URL"]
    assert called == f"http://{told['GATEWAY_HOSTS']}:8000"
    assert set(PROGRAMS["payment"]["networks"]) & set(PROGRAMS["front"]["networks"])


def test_the_database_neither_inflates_nor_runs_what_strangers_send(tmp_path):
    ours = (ROOT / "deploy" / "compose" / "mongod.sh").read_text()
    command = mongod.command(Path("mongod"), tmp_path, 1, Path("key"))
    for words in (ours.split(), command):
        assert words[words.index("--networkMessageCompressors") + 1] == "snappy,zstd"
        assert "--noscripting" in words


def test_the_broker_may_open_the_files_of_its_log():
    assert {"uid=999", "gid=999"} <= set(temporary(PROGRAMS["rabbitmq"])["/var/log/rabbitmq"].split(","))


def test_only_services_reach_the_database_and_only_the_suite_the_broker():
    on = {
        network: {name for name, p in PROGRAMS.items() if network in p.get("networks", [])}
        for network in ("data", "bus", "calls")
    }
    assert on["data"] == {"mongodb", "fsck", *SERVICES}
    assert on["bus"] == {"rabbitmq", "fsck", *SERVICES}
    assert on["calls"] == {"rabbitmq", "gateway"}


@every_program
def test_no_secret_stands_in_the_environment(name):
    for key, value in PROGRAMS[name].get("environment", {}).items():
        assert key.endswith("_FILE") or not SECRET_NAMES.search(key)
        assert not re.search(r"://[^/]*:[^/]*@", str(value))


@pytest.mark.parametrize("name", CALLERS)
def test_a_program_of_ours_is_told_what_it_reads_and_nothing_else(name):
    folder = ROOT / "gateway" if name == "gateway" else ROOT / "services" / name
    code = "".join(
        p.read_text(encoding="utf-8") for p in (*folder.rglob("*.py"), *ROOT.glob("chassis/src/**/*.py"))
    )
    for key in PROGRAMS[name]["environment"]:
        wanted = key.removesuffix("_FILE")
        assert f'"{wanted}"' in code or f'"{wanted.partition("_")[2]}"' in code, f"nobody reads {key}"


@pytest.mark.parametrize("name", CALLERS)
def test_a_program_of_ours_sees_its_own_secrets_and_nobody_elses(name):
    for source in mounted(DOCUMENT, PROGRAMS[name]).values():
        assert Path(source).parts[:3] == ("var", "compose", "secrets")
        owner = Path(source).name.partition(".")[0]
        assert owner == name, f"{name} is given {source}"


def test_only_fsck_which_runs_when_asked_has_an_administrators_addresses():
    seen = {
        name
        for name, p in PROGRAMS.items()
        for source in mounted(DOCUMENT, p).values()
        if "administrator" in source
    }
    assert seen == {"fsck"}
    assert {name for name, p in PROGRAMS.items() if p.get("profiles") == ["tools"]} == {"fsck"}


def test_everything_that_is_mounted_or_built_is_there(prepared):
    for program in PROGRAMS.values():
        if is_ours(program):
            assert (ROOT / program["build"]["dockerfile"]).is_file()
        for source in mounted(DOCUMENT, program).values():
            path = Path(source)
            here = (
                prepared / path.relative_to("var/compose/secrets") if path.parts[0] == "var" else ROOT / path
            )
            assert here.exists(), source


def test_secrets_are_closed_to_other_users_and_open_to_the_containers_they_are_mounted_in(prepared):
    assert prepared.stat().st_mode & 0o077 == 0
    assert {path.stat().st_mode & 0o777 for path in prepared.rglob("*") if path.is_file()} == {0o444}


def test_the_files_of_the_demo_towns_can_be_read_where_they_are_mounted(tmp_path):
    prepare.towns(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {each.slug for each in TOWNS}
    assert all(path.stat().st_mode & 0o004 for path in tmp_path.rglob("*"))
    assert list(tmp_path.glob("*/children.csv"))


def test_secrets_are_made_once(prepared):
    kept = {path: path.read_text() for path in prepared.rglob("*") if path.is_file()}
    prepare.secrets(prepared)
    changed = [path.name for path, text in kept.items() if path.read_text() != text]
    assert changed in ([], ["definitions.json"])  # password hashes are salted anew


def test_the_broker_loads_the_generated_topology_with_the_passwords_that_the_programs_are_given(prepared):
    loaded = json.loads((prepared / "definitions.json").read_text())
    committed = json.loads((ROOT / "deploy" / "rabbitmq" / "definitions.json").read_text())
    assert loaded["queues"] == committed["queues"]
    assert loaded["topic_permissions"] == committed["topic_permissions"]
    hashes = {user["name"]: base64.b64decode(user["password_hash"]) for user in loaded["users"]}
    for name in CALLERS:
        password = re.fullmatch(
            rf"amqp://{name}:(.+)@rabbitmq:5672/marelle", (prepared / f"{name}.amqp_uri").read_text()
        )[1]
        salt, digest = hashes[name][:4], hashes[name][4:]
        assert hashlib.sha256(salt + password.encode()).digest() == digest


def test_the_settings_of_the_broker_name_the_secret_that_is_mounted():
    settings = (ROOT / "deploy" / "compose" / "rabbitmq.conf").read_text()
    [loaded] = re.findall(r"^load_definitions = (.+)$", settings, re.MULTILINE)
    assert loaded in mounted(DOCUMENT, PROGRAMS["rabbitmq"])


@pytest.fixture
def bare_mongod(tmp_path):
    """A mongod with a key file and nothing in it, as the container starts it."""
    port = choose(["mongod"], {}, tmp_path / "ports.json")["mongod"]
    key = Credentials(tmp_path / "secrets").key_file()
    command = mongod.command(mongod.binary(), tmp_path, port, key)
    with subprocess.Popen([*TIED, *command], stdout=subprocess.DEVNULL) as process:
        yield port
        process.terminate()


def test_the_database_gets_its_replica_set_and_a_user_for_each_service(bare_mongod, prepared, monkeypatch):
    member = f"{LOOPBACK}:{bare_mongod}"
    monkeypatch.setenv("MEMBER", member)
    monkeypatch.setenv("USERS_FILE", str(prepared / "database_users.json"))
    assert database.main() == 0
    assert database.main() == 0  # again changes nothing
    for name in SERVICES:
        uri = (prepared / f"{name}.mongodb_uri").read_text().replace(prepare.DATABASE, member)
        other = next(each for each in SERVICES if each != name)
        with MongoClient(uri, serverSelectionTimeoutMS=5000) as client:
            client[name]["anything"].insert_one({"_id": 1})
            with pytest.raises(OperationFailure):
                client[other]["anything"].find_one()
