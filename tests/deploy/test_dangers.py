"""What is shipped does without what turns data into programs, and hashes and draws as is approved."""

import ast
import re
from functools import cache

import pytest

from deploy.local.layout import ROOT, SERVICES

SOURCES = [
    path
    for source in ("chassis/src", "gateway/src", *(f"services/{name}/src" for name in SERVICES))
    for path in sorted((ROOT / source).rglob("*.py"))
    if "chassis/testing" not in path.as_posix()  # no image holds it
]
MODULES = {"subprocess", "multiprocessing", "pty", "ctypes", "cffi"}
MODULES |= {"pickle", "marshal", "shelve", "dill", "jsonpickle", "yaml"}
MODULES |= {"xml", "lxml", "ldap", "ldap3", "memcache", "pymemcache"}
CALLS = {"eval", "exec", "compile", "__import__", "system", "popen", "execv", "execvp", "spawnv"}
CALLS |= {"from_string", "render_template_string"}
ALLOWED = {("re", "compile")}
ANSWERED_FOR = {
    # one program, of our own, named by our own code and given frames of JSON (ADR 0035)
    "chassis/src/chassis/printing/press.py": ["subprocess"],
    # typst's compiler: its one template is ours, what is told comes as data
    "chassis/src/chassis/printing/printer.py": ["compile"],
}
OPERATORS = re.compile(r"[\"']\$(where|regex|function|accumulator|jsonSchema)[\"']")
WEAK = {"md5", "sha1", "new", "blake2s"}


@cache
def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def called(path):
    """Pairs of what is asked (or None) and what for: `re.compile` is ("re", "compile")."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            match node.func:
                case ast.Name(id=name):
                    yield None, name
                case ast.Attribute(value=ast.Name(id=owner), attr=name):
                    yield owner, name
                case ast.Attribute(attr=name):
                    yield None, name


def dangers(path):
    yield from MODULES & set(imported(path))
    yield from {name for owner, name in called(path) if name in CALLS and (owner, name) not in ALLOWED}


def test_nothing_that_is_shipped_runs_programs_or_texts_or_reads_objects():
    found = {str(path.relative_to(ROOT)): [*dangers(path)] for path in SOURCES}
    assert {path: names for path, names in found.items() if names} == ANSWERED_FOR


@pytest.mark.parametrize(
    "text", ["import subprocess", "from xml.sax import parse", "eval(x)", "os.system(x)", "e.from_string(x)"]
)
def test_what_is_dangerous_is_found(text, tmp_path):
    path = tmp_path / "one.py"
    path.write_text(text)
    assert [*dangers(path)]


def test_no_question_to_the_database_holds_a_pattern_or_a_program():
    assert [path for path in SOURCES if OPERATORS.search(path.read_text(encoding="utf-8"))] == []
    assert OPERATORS.search('{"name": {"$regex": typed}}')


def test_what_is_hashed_or_drawn_uses_what_is_approved():
    """SHA-256 and argon2; `secrets` for what must not be guessed, `random` for waiting times alone."""
    hashes = {name for path in SOURCES for owner, name in called(path) if owner == "hashlib"}
    assert hashes == {"sha256"}
    drawn = {name for path in SOURCES for owner, name in called(path) if owner == "random"}
    assert drawn <= {"uniform"}
    assert not WEAK & {
        name for path in SOURCES for owner, name in called(path) if owner in {"hmac", "secrets"}
    }
