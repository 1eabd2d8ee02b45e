"""Where documents and docstrings name a file, a folder or a module between back-ticks, and what is there.

A path is one from the root or from the folder of the document; one that begins with a package, as it is
imported; in a package's own documents the end of one inside it, in the chassis' inside any package; a room
by its name. A table of an import is one that the package reads. `<name>` and `*` stand for anything, `{a,b}`
for both.
"""

import ast
import importlib.util
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

from chassis.wire.topology import event_queue
from deploy.local.layout import ROOT, SERVICES
from deploy.messages import language

PROGRAMS = frozenset({"chassis.process.runner", "chassis.testing.patch"})
"""Modules that change the process that imports them: eventlet takes the place of its threads and sockets."""
PACKAGES = {name: ROOT / "services" / name for name in SERVICES} | {
    name: ROOT / name for name in ("gateway", "chassis")
}
ENDINGS = (".py", ".md", ".toml", ".json", ".csv", ".yml", ".txt", ".sh", ".conf", ".html", ".js", ".css")
FOLDERS = ("*.md", "docs", "deploy", "services", "gateway", "chassis", "tests", "bench")
ROOMS = {"model", "rules", "contract", "store", "render", "doors", "imports"} | {
    "vocabulary",
    "settings",
    "ports",
    "commands",
    "service",
}
MADE = ("var/", ".venv/")
"""What is made by a run, or by setting up."""
NO_PATH = re.compile(r"""\s|://|^[/$~@-]|[=();|"'$\\]|^\.\w+$|^(application|text|image)/""")
MODULE = re.compile(rf"({'|'.join([*PACKAGES, 'deploy', 'tests'])})(\.\w+)+(?<!\.pem)(?<!\.pepper)")
SAID = re.compile(r"`([^`\n]+)`")


def documents() -> list[Path]:
    """Every document that people wrote; the generated catalogue names its own paths as links."""
    found = [*ROOT.glob("*.md"), *(path for top in FOLDERS[1:] for path in (ROOT / top).rglob("*.md"))]
    return sorted(path for path in found if ROOT / "docs" / "messages" not in path.parents)


def programs() -> list[Path]:
    """Every Python file whose docstrings people read."""
    return sorted(path for top in FOLDERS[1:] for path in (ROOT / top).rglob("*.py"))


def said(path: Path) -> list[str]:
    """What stands between back-ticks, in the document or in the docstrings of the program."""
    text = path.read_text(encoding="utf-8")
    return SAID.findall("\n".join(_docstrings(text)) if path.suffix == ".py" else text)


def is_path(token: str) -> bool:
    return not NO_PATH.search(token) and ("/" in token or token.endswith(ENDINGS))


def is_there(token: str, document: Path) -> bool:
    """Whether a path leads to something; for a pattern, whether each of its alternatives does."""
    if token.startswith(MADE) or token.rstrip("/").removesuffix(".py") in ROOMS:
        return True
    return all(_leads_somewhere(each, document) for each in _alternatives(token.rstrip("/")))


def is_module(token: str) -> bool:
    return MODULE.fullmatch(token) is not None and not token.endswith(ENDINGS)


def means_something(token: str) -> bool:
    """Whether a dotted name is a module or an attribute of one, a message or a failpoint."""
    return token in _messages() or any(fnmatch(token, each) for each in _failpoints()) or _importable(token)


def _docstrings(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            yield ast.get_docstring(node) or ""


def _alternatives(token: str) -> list[str]:
    braces = re.search(r"\{([^}]*)\}", token)
    if braces is None:
        return [re.sub(r"<[^>]+>", "*", token)]
    before, after = token[: braces.start()], token[braces.end() :]
    return [each for part in braces[1].split(",") for each in _alternatives(before + part + after)]


def _leads_somewhere(pattern: str, document: Path) -> bool:
    package = pattern.partition("/")[0]
    starts = [ROOT, document.parent, *([PACKAGES[package] / "src"] if package in PACKAGES else [])]
    if any(next(start.glob(pattern), None) for start in starts):
        return True
    homes = [home for home in PACKAGES.values() if home in document.parents]
    if pattern.endswith(".csv") and "/" not in pattern:
        return any(f'"{pattern}"' in _sources(home) for home in homes or PACKAGES.values())
    if PACKAGES["chassis"] in homes:
        homes = list(PACKAGES.values())
    return any(fnmatch(path, f"*/{pattern}") for home in homes for path in _inside(home))


@cache
def _inside(home: Path) -> list[str]:
    return [str(path) for path in home.rglob("*") if "__pycache__" not in path.parts]


@cache
def _sources(home: Path) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in (home / "src").rglob("*.py"))


@cache
def _messages() -> frozenset[str]:
    published = language.read()
    titles = {each.title for one in published for each in (*one.methods, *one.events)}
    queues = {event_queue(one.service, *heard) for one in published for heard in one.hears}
    return frozenset(titles | queues)


@cache
def _failpoints() -> frozenset[str]:
    """Their names; those of the chassis have the service's in place of `*`."""
    named = (re.findall(r'failpoint\(\s*f?"([^"]+)"', _sources(home)) for home in PACKAGES.values())
    return frozenset(re.sub(r"\{[^}]*\}", "*", name) for names in named for name in names)


@cache
def _importable(token: str) -> bool:
    """Whether a dotted name leads to a module or an attribute of one; programs are found, never imported."""
    parts = token.split(".")
    for end in range(len(parts), 0, -1):
        module, attributes = ".".join(parts[:end]), parts[end:]
        if not _is_found(module):
            continue
        if not attributes or module in PROGRAMS:
            return not attributes
        found = importlib.import_module(module)
        for attribute in attributes:
            found = getattr(found, attribute, None)
        return found is not None
    return False


def _is_found(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False
