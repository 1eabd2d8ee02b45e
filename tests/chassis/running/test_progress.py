"""How far a command has come, where somebody looks."""

import io

import pytest
from rich.console import Console

from chassis.running.progress import Progress


@pytest.mark.parametrize(("terminal", "seen"), [(True, True), (False, False)])
def test_a_terminal_is_shown_how_many_are_done_and_a_file_is_not(terminal, seen):
    out = io.StringIO()
    with Progress(Console(file=out, force_terminal=terminal, width=100)) as progress:
        assert [list(each) for each in progress.batches("children.csv", [1, 2, 3], 2)] == [[1, 2], [3]]
        assert list(progress.each("families.csv", ["a"])) == ["a"]
    assert ("children.csv" in out.getvalue(), "3/3" in out.getvalue()) == (seen, seen)
