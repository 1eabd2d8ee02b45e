"""The locked requirements hold all that the packages ask for; `make lock` compiles them."""

import importlib.metadata
import re
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
