"""What a Dockerfile of ours makes, without an engine: the same copies, packages of the test environment.

It knows the few instructions that our files use and fails at any other. `pip install` takes the pinned
distributions, and no others, from the environment of the tests; a version that differs is an error.
"""

import fnmatch
import importlib.metadata
import json
import os
import re
import shlex
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from packaging.requirements import Requirement

from deploy.local.layout import ROOT


@dataclass
class Image:
    """A directory with what lies in an image beside its base, and what the Dockerfile says of running it."""

    root: Path
    environment: dict = field(default_factory=dict)
    user: str = "0"
    workdir: str = "/"
    command: list = field(default_factory=list)


def instructions(dockerfile):
    lines = (ROOT / dockerfile).read_text(encoding="utf-8").splitlines()
    return [tuple(line.split(" ", 1)) for line in lines if line and not line.startswith("#")]


def requirements(path):
    """Name and version of everything pinned in a requirements file."""
    pins = re.findall(
        r"^([\w.\-]+)(?:\[[\w,.\-]+\])?==([\w.!+]+)(?: *;(.*?))?(?: \\)?$",
        (ROOT / path).read_text(),
        re.MULTILINE,
    )
    return {
        name: version
        for name, version, marker in pins
        if not marker or Requirement(f"{name};{marker}").marker.evaluate()
    }


def build(dockerfile, home):
    """Follow the Dockerfile below `home` and return its last stage."""
    shutil.rmtree(home, ignore_errors=True)
    stages = {}
    image = None
    for word, rest in instructions(dockerfile):
        if word == "FROM":
            _, _, name = rest.partition(" AS ")
            image = stages[name or "last"] = Image(home / (name or "last"))
            image.root.mkdir(parents=True)
        else:
            _follow(image, word, rest, stages)
    return image


def _follow(image, word, rest, stages):
    match word:
        case "COPY":
            _copy(image, rest, stages)
        case "RUN":
            _install(image, shlex.split(rest))
        case "ENV":
            image.environment.update(part.split("=", 1) for part in shlex.split(rest))
        case "USER":
            image.user = rest
        case "WORKDIR":
            image.workdir = rest
        case "CMD":
            image.command = json.loads(rest)
        case _:
            raise ValueError(f"what would {word} do?")


def _copy(image, rest, stages):
    *options, source, target = rest.split()
    origin = stages[options[0].removeprefix("--from=")].root if options else ROOT
    found = origin / source.lstrip("/")
    wanted = image.root / target.lstrip("/")
    if not options and found.is_file():
        assert not is_ignored(source), f"{source} is not in .dockerignore's exceptions"
    if found.is_dir():
        for path in sorted(found.rglob("*")):
            if path.is_file() and (options or not is_ignored(str(path.relative_to(ROOT)))):
                _link(path, wanted / path.relative_to(found))
    else:
        _link(found, wanted)


def _install(image, command):
    assert command[:2] == ["pip", "install"], command
    assert "--require-hashes" in command, "packages are installed by their hashes"
    target = image.root / command[command.index("--target") + 1].lstrip("/")
    pinned = requirements_in(image, command[command.index("--requirement") + 1])
    for name, version in pinned.items():
        distribution = importlib.metadata.distribution(name)
        assert distribution.version == version, f"{name}: run `make setup-tests`"
        for file in distribution.files:
            if not str(file).startswith("..") and "__pycache__" not in file.parts:
                _link(Path(distribution.locate_file(file)), target / file)


def requirements_in(image, path):
    return requirements(str((image.root / path.lstrip("/")).resolve()))


def _link(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def is_ignored(path):
    """Whether .dockerignore keeps a path of the checkout from builds; its last word counts."""
    ignored = False
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            pattern = line.removeprefix("!")
            if _matches(path, pattern):
                ignored = not line.startswith("!")
    return ignored


def _matches(path, pattern):
    parts = path.split("/")
    ahead = ["/".join(parts[: count + 1]) for count in range(len(parts))]
    if pattern.startswith("**/"):
        return any(fnmatch.fnmatchcase(part, pattern[3:]) for part in parts)
    return any(fnmatch.fnmatchcase(each, pattern) and each.count("/") == pattern.count("/") for each in ahead)
