"""The measures of the house: how long files and functions are, and how much of it is untyped."""

import ast
import statistics

import pytest

from deploy.local.layout import ROOT, SERVICES

SOURCES = ["chassis/src", "gateway/src", *(f"services/{name}/src" for name in SERVICES)]
FILE_MAX, FUNCTION_MAX, FUNCTION_P90 = 300, 50, 25


def files():
    return sorted(path for source in SOURCES for path in (ROOT / source).rglob("*.py"))


def functions(path):
    """Name and length of each function; decorators and docstrings are not what one must follow."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            documented = ast.get_docstring(node) is not None
            first = node.body[1 if documented and len(node.body) > 1 else 0]
            yield f"{path.relative_to(ROOT)}:{node.name}", node.end_lineno - first.lineno + 1


def test_a_file_has_room_for_one_subject():
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in files()}
    assert {name: lines for name, lines in lengths.items() if lines > FILE_MAX} == {}


@pytest.fixture(scope="module")
def lengths():
    return dict(each for path in files() for each in functions(path))


def test_a_function_can_be_seen_at_once(lengths):
    assert {name: lines for name, lines in lengths.items() if lines > FUNCTION_MAX} == {}


def test_nine_functions_of_ten_are_short(lengths):
    assert statistics.quantiles(lengths.values(), n=10)[-1] <= FUNCTION_P90
