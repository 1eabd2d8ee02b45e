"""What the Dockerfiles make, and how it runs when it may do almost nothing: on a real broker and database."""

import ast
import importlib.metadata
import json
import shutil
import signal
import sys
import textwrap
import tomllib
from pathlib import Path

import psutil
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from deploy.compose import prepare
from deploy.local.infrastructure import Infrastructure
from deploy.local.layout import CALLERS, ROOT, SERVICES, VAR
from deploy.local.ports import LOOPBACK, choose
from deploy.local.readiness import answers_ok, wait_until
from tests.deploy import composed, images
from tests.deploy.confined import USER, confine

DOCKERFILES = {
    "gateway": "gateway/Dockerfile",
    **{name: f"services/{name}/Dockerfile" for name in SERVICES},
    "simulators": "deploy/simulators/Dockerfile",
}
OURS = {"chassis", "deploy", *CALLERS}
PORTS = {"gateway": "8000", **dict.fromkeys(SERVICES, "8080")}
LIMITED_TO_SHARE = 0.75
"""How much of its limits a program that does nothing may take at most."""

PROBE = """
import json, os, pathlib
PLACES = "/ /app /opt/packages /usr /etc /run/secrets /run/keys /dev /proc/sys/kernel /tmp".split()
def may_write(place):
    try:
        pathlib.Path(place, "probe").write_text("")
    except OSError:
        return False
    return True
def may_run(place):
    script = pathlib.Path(place, "program")
    script.write_text("#!/bin/sh")
    script.chmod(0o755)
    try:
        os.execv(script, [str(script)])
    except OSError:
        return False
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(json.dumps({
    "user": [os.getuid(), os.geteuid(), os.getgid()],
    "groups": [group for group in os.getgroups() if group not in (os.getgid(), 65534)],
    "capabilities": [int(status[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")],
    "no_new_privileges": int(status["NoNewPrivs"]),
    "writable": [place for place in PLACES if may_write(place)],
    "runs_what_it_writes": may_run("/tmp"),
    "others": [pid for pid in os.listdir("/proc") if pid.isdigit() and int(pid) != os.getpid()],
    "keys": sorted(os.listdir("/run/keys")), "secrets": sorted(os.listdir("/run/secrets")),
}))
"""


@pytest.fixture(scope="module")
def parts():
    with Infrastructure("test-images", fresh=True) as running:
        yield running


@pytest.fixture(scope="module")
def secrets(parts):
    directory = parts.directory / "mounted"
    shutil.copytree(parts.credentials.directory, directory)
    where = [f"{LOOPBACK}:{parts.ports[name]}" for name in ("amqp", "mongod")]
    prepare.secrets(directory, *where)
    return directory


@pytest.fixture(scope="module")
def document():
    return composed.composed()


@pytest.fixture(params=CALLERS)
def program(request, document):
    return request.param, document["services"][request.param]


@pytest.fixture(scope="module")
def built():
    home = VAR / "test-images-built"
    yield {name: images.build(DOCKERFILES[name], home / name) for name in CALLERS}
    shutil.rmtree(home)


@pytest.fixture
def image(program, built):
    return built[program[0]]


@pytest.fixture
def start(program, image, secrets, document):
    """Start something in a program's image as docker-compose.yml says, on a port of its own."""
    name, described = program
    port, metrics_port = choose([name, "metrics"], {}, secrets.parent / f"{name}.port.json").values()
    environment = {key: str(value) for key, value in described["environment"].items()}
    environment["HEALTH_PORT"] = str(port)
    if name == "gateway":
        environment["GATEWAY_BIND"] = f"{LOOPBACK}:{port}"
        environment["GATEWAY_METRICS_PORT"] = str(metrics_port)
    mounts = {
        place: secrets / source.removeprefix("./var/compose/secrets/")
        for place, source in composed.mounted(document, described).items()
    }
    started = []

    def starting(command):
        process = confine(
            image,
            [word.replace(f":{PORTS[name]}/", f":{port}/") for word in command],
            environment=environment,
            mounts=mounts,
            temporary=composed.temporary(described),
        )
        started.append(process)
        return process

    starting.url = f"http://{LOOPBACK}:{port}/readyz"
    yield starting
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_confined_program_is_ready_stays_small_and_ends_in_order(program, image, start):
    _, described = program
    process = start(image.command)
    wait_until(lambda: answers_ok(start.url) or process.poll() is not None, "the confined program", 40)
    assert process.poll() is None, process.stdout.read()
    check = start(described["healthcheck"]["test"][1:])
    assert check.wait(20) == 0, check.stdout.read()
    first = psutil.Process(process.pid).children()[0]
    family = [first, *first.children(recursive=True)]
    assert sum(each.memory_info().rss for each in family) < LIMITED_TO_SHARE * composed.size(
        described["mem_limit"]
    )
    assert sum(each.num_threads() for each in family) < LIMITED_TO_SHARE * described["pids_limit"]
    first.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0, process.stdout.read()


def test_a_program_in_its_image_owns_nothing_and_may_nothing(program, start):
    name, _ = program
    process = start(["python", "-c", PROBE])
    output, _ = process.communicate(timeout=120)
    seen = json.loads(output)
    assert seen["user"] == [USER] * 3
    assert seen["groups"] == []
    assert seen["capabilities"] == [0] * 5
    assert seen["no_new_privileges"] == 1
    assert seen["writable"] == ["/tmp"]
    assert not seen["runs_what_it_writes"]
    assert seen["others"] == []
    assert [key for key in seen["keys"] if "private" in key] == [f"{name}.private.pem"]
    assert len([key for key in seen["keys"] if "public" in key]) == len(CALLERS)


PRINTS = """
from datetime import UTC, datetime
from chassis.printing.document import Document, Letterhead
from chassis.printing.press import Press
from chassis.values.errors import Unavailable
try:
    print(Press().make(Document("x", "fr", Letterhead("y"), datetime(2026, 11, 30, tzinfo=UTC), ()))[:4])
except Unavailable as why:
    print(why.reason)
"""


def test_documents_are_made_in_the_images_of_those_who_hand_them_out_and_in_no_other(program, start):
    name, _ = program
    process = start(["python", "-W", "ignore", "-c", PRINTS])
    output, _ = process.communicate(timeout=120)
    assert ("b'%PDF'" in output) == prints(name), output


def test_the_commands_of_a_service_run_in_its_image(program, start):
    name, _ = program
    module = "gateway.app" if name == "gateway" else f"{name}.commands"
    process = start(["python", "-W", "ignore", "-m", module, *([] if name == "gateway" else ["--help"])])
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 0, output


def test_fsck_reads_all_databases_and_the_broker_from_the_image_of_billing(built, secrets, document):
    described = document["services"]["fsck"]
    sources = composed.mounted(document, described)
    process = confine(
        built["billing"],
        described["command"],
        environment={key: text for key, text in described["environment"].items() if key != "MAIL_URL"},
        mounts={
            place: secrets / Path(source).name if "secrets" in source else ROOT / source
            for place, source in sources.items()
        },
        temporary=composed.temporary(described),
    )
    output, _ = process.communicate(timeout=120)
    assert output == "all invariants hold\n"


@pytest.mark.parametrize("name", DOCKERFILES)
def test_an_image_holds_its_own_sources_and_those_of_the_chassis(name, tmp_path):
    image = images.build(DOCKERFILES[name], tmp_path / "image")
    packages = {path.name for path in (image.root / "app").iterdir() if path.is_dir()}
    assert packages == ({"deploy"} if name == "simulators" else {"chassis", name})
    assert {path.name for path in image.root.iterdir()} == {"app", "opt"}
    assert not list(image.root.glob("app/chassis/testing"))
    assert image.user == f"{USER}:{USER}"


@pytest.mark.parametrize("name", DOCKERFILES)
def test_what_is_imported_is_installed_and_no_tool_of_the_tests_is(name):
    pinned = {canonicalize_name(each) for each in images.requirements(f"requirements/{name}.txt")}
    providers = importlib.metadata.packages_distributions()
    for module in third_party_imports(name):
        assert {canonicalize_name(each) for each in providers[module]} & pinned, f"{module} is not installed"
    assert tools_of_tests() & pinned == set()


@pytest.mark.parametrize("unused", ["nameko", "eventlet", "pymongo"])
def test_the_gateway_is_shipped_without_what_only_services_use(unused):
    assert unused not in images.requirements("requirements/gateway.txt")


@pytest.mark.parametrize("name", DOCKERFILES)
def test_a_dockerfile_installs_by_hash_from_one_base_and_fetches_nothing(name):
    words = [word for word, _ in images.instructions(DOCKERFILES[name])]
    said = textwrap.dedent((ROOT / DOCKERFILES[name]).read_text(encoding="utf-8"))
    bases = {rest.split()[0] for word, rest in images.instructions(DOCKERFILES[name]) if word == "FROM"}
    assert bases == {"python:3.11-slim-bookworm"}
    assert "ADD" not in words
    assert words.count("RUN") == said.count("--require-hashes") == 1
    assert f"requirements/{name}.txt" in said


@pytest.mark.parametrize(
    "path",
    [
        "var/demo/secrets/x",
        ".git/config",
        ".venv/bin/python",
        "tests/conftest.py",
        "deploy/local/stack.py",
        "chassis/src/chassis/testing/keys.py",
        "services/booking/src/booking/__pycache__/model.pyc",
    ],
)
def test_a_build_does_not_see_what_no_image_needs(path):
    assert images.is_ignored(path)


def third_party_imports(name):
    """Top-level modules that an image's own code imports when it runs, neither Python's nor ours.

    A service may use all of the chassis; of the gateway and the simulators their own imports count.
    """
    places = {"gateway": [ROOT / "gateway"], "simulators": [ROOT / "deploy" / "simulators"]}.get(
        name, [ROOT / "services" / name, ROOT / "chassis"]
    )
    found = set()
    unused = {"testing"} if prints(name) else {"testing", "printing"}
    for path in (path for place in places for path in place.rglob("*.py") if not unused & {*path.parts}):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names) - OURS


def prints(name):
    """Whether a service makes documents: who does not has none of what that takes in its image."""
    sources = (ROOT / "services" / name).rglob("*.py")
    return any("chassis.doors.printing" in path.read_text(encoding="utf-8") for path in sources)


def tools_of_tests():
    """What only the tests need: their group, less what a package of ours or a simulator asks for."""
    root = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = root["dependency-groups"]
    files = [ROOT / "chassis", ROOT / "gateway", *(ROOT / "services" / name for name in SERVICES)]
    asked = [
        line
        for file in files
        for line in tomllib.loads((file / "pyproject.toml").read_text(encoding="utf-8"))["project"][
            "dependencies"
        ]
    ]
    # nameko brings these two itself
    needed = {named(line) for line in (*asked, *groups["simulators"], "pyyaml", "requests")}
    return {named(line) for line in groups["tests"]} - needed


def named(line):
    return canonicalize_name(Requirement(line).name)
