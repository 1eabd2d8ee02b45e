"""The locked requirements hold all that the packages ask for; `make lock` compiles them."""

import ast
import importlib.metadata
import importlib.util
import re
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from deploy.local.layout import ROOT, SERVICES

PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[([A-Za-z0-9._,-]+)\])?==([^ ;\\]+)", re.MULTILINE)
CHASSIS = "chassis/pyproject.toml"
ALL = (CHASSIS, "gateway/pyproject.toml", *(f"services/{name}/pyproject.toml" for name in SERVICES))
GROUPS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]


def asked_by(*files):
    for file in files:
        project = tomllib.loads((ROOT / file).read_text(encoding="utf-8"))["project"]
        yield from map(Requirement, project["dependencies"])


def asked_by_group(name):
    for line in GROUPS[name]:
        if isinstance(line, dict):
            yield from asked_by_group(line["include-group"])
        else:
            yield Requirement(line)


LOCKS = {
    "dev": [*asked_by(*ALL), *asked_by_group("demo"), *asked_by_group("tests")],
    "demo": [*asked_by(*ALL), *asked_by_group("demo")],
    "gateway": [*asked_by("gateway/pyproject.toml")],
    "simulators": [*asked_by_group("simulators")],
    "pip": [*asked_by_group("installer")],
    **{name: [*asked_by(CHASSIS, f"services/{name}/pyproject.toml")] for name in SERVICES},
}


def text_of(lock):
    return (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")


def pinned(lock):
    return {canonicalize_name(name): Version(version) for name, _, version in PINNED.findall(text_of(lock))}


def extras(lock):
    return {
        (canonicalize_name(name), extra)
        for name, named, _ in PINNED.findall(text_of(lock))
        for extra in named.split(",")
        if extra
    }


def names_with_extras_asked_for_inside(lock):
    """What distributions of this lock ask for with an extra, their own locked extras switched on."""
    switched_on = extras(lock)
    for name in pinned(lock):
        environments = [{"extra": extra} for owner, extra in switched_on if owner == name] or [{"extra": ""}]
        for asked in map(Requirement, importlib.metadata.requires(name) or ()):
            if asked.marker is None or any(map(asked.marker.evaluate, environments)):
                yield from ((canonicalize_name(asked.name), extra) for extra in asked.extras)


def named_in(source):
    """The modules that a file imports, whole names, with what is taken out of each: it may be one, too."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def source_of(module):
    """Where a module of this project is written; None for others, and for what is no module."""
    try:
        found = importlib.util.find_spec(module)
    except (ModuleNotFoundError, ValueError):
        return None
    origin = Path(found.origin) if found and found.origin else None
    ours = origin is not None and ROOT in origin.parents and ".venv" not in origin.parts
    return origin if ours else None


def needed_by(*modules):
    """The distributions that some modules of ours import, themselves or through others of ours."""
    waiting, seen, foreign = [*modules], set(), set()
    while waiting:
        module = waiting.pop()
        if module in seen:
            continue
        seen.add(module)
        if source := source_of(module):
            waiting += named_in(source)
        elif not source_of(module.partition(".")[0]):
            foreign.add(module.partition(".")[0])
    owners = importlib.metadata.packages_distributions()
    return {
        canonicalize_name(owners[name][0])
        for name in foreign - {*sys.stdlib_module_names}
        if name in owners  # not a namespace of ours
    }


STARTED_BY_PEOPLE = ("deploy.local.demo", "deploy.local.fsck", "deploy.fsck.__main__")


def test_what_people_start_without_the_tools_of_tests_needs_none_of_them():
    ours = {canonicalize_name(f"marelle-{name}") for name in ("chassis", "gateway", *SERVICES)}
    needed = needed_by(*STARTED_BY_PEOPLE) - ours
    assert {"psutil", "supervisor", "pymongo"} <= needed
    assert needed - {*pinned("demo")} == set(), "it belongs to the group `demo` of pyproject.toml"


@pytest.mark.parametrize("lock", LOCKS)
def test_what_is_asked_for_is_locked_in_a_version_that_will_do(lock):
    versions = pinned(lock)
    unmet = [
        str(asked)
        for asked in LOCKS[lock]
        if (found := versions.get(canonicalize_name(asked.name))) is None or found not in asked.specifier
    ]
    assert unmet == [], "`make lock` compiles requirements/*.txt"


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_holds_another_version_than_the_one_that_was_tested(lock):
    assert pinned(lock).items() <= (pinned("dev") | pinned("pip")).items()


@pytest.mark.parametrize("lock", LOCKS)
def test_a_name_that_is_asked_for_with_an_extra_is_locked_with_it(lock):
    # pip before 23.3 looks at the newest release of such a name, and finds no hash for that
    wanted = {*names_with_extras_asked_for_inside(lock)}
    wanted |= {(canonicalize_name(asked.name), extra) for asked in LOCKS[lock] for extra in asked.extras}
    assert wanted - extras(lock) == set(), "name it with its extra in pyproject.toml, then `make lock`"


def test_the_installer_is_new_enough_to_keep_to_locked_names_with_extras():
    assert pinned("pip")["pip"] >= Version("23.3")


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_locked_by_its_hash_and_not_by_where_it_came_from(lock):
    text = text_of(lock)
    packages = re.split(r"\n(?=[A-Za-z0-9])", text)
    named = [package for package in packages if PINNED.match(package)]
    assert named
    assert all("--hash=sha256:" in package for package in named)
    assert "://" not in text


def test_every_list_of_requirements_is_one_of_these():
    assert {path.stem for path in Path(ROOT / "requirements").glob("*.txt")} == set(LOCKS)
