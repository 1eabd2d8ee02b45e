"""`make test` and `make long`: what they run is there, and what they say of it is what became of it."""

import functools
import importlib.util
import re
import subprocess
import sys

import pytest
from hypothesis import settings

from deploy.local import check, leavings, long, stages
from deploy.local.layout import ROOT
from deploy.local.stages import Stage
from tests.releases import before

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def ended(monkeypatch):
    """The exit status of a run of these stages, which of them were asked for on the command line."""

    def ended(those, *wanted):
        monkeypatch.setattr(sys, "argv", ["run", *wanted])
        return stages.main(those, "Some stages.")

    monkeypatch.setattr(stages, "end_with_parent", lambda: None)
    return ended


def noted(ran, name, status=0):
    return Stage(name, f"the stage {name}", lambda: (ran.append(name), status)[1])


def test_a_stage_that_fails_keeps_no_other_from_running_and_the_run_has_failed(ended, capsys):
    ran = []
    assert ended([noted(ran, "first", status=2), noted(ran, "second")]) == 1
    assert ran == ["first", "second"]
    told = capsys.readouterr().out
    assert re.search(r"^first +FAILED +\d+\.\d s$", told, re.MULTILINE)
    assert re.search(r"^second +passed +\d+\.\d s$", told, re.MULTILINE)


def test_those_that_are_named_are_run_in_the_order_of_the_list(ended):
    ran = []
    assert ended([noted(ran, name) for name in ("a", "b", "c")], "c", "a") == 0
    assert ran == ["a", "c"]


def test_a_stage_that_is_none_is_refused_before_anything_runs(ended):
    ran = []
    with pytest.raises(SystemExit):
        ended([noted(ran, "a")], "a", "z")
    assert ran == []


def test_a_stage_that_leaves_a_program_running_has_failed(ended, monkeypatch, capsys):
    at_once = functools.partial(leavings.still_running, within_s=0)
    monkeypatch.setattr(stages.leavings, "still_running", at_once)
    left = []
    assert ended([Stage("a", "leaves", lambda: left.append(subprocess.Popen(SLEEPER)) or 0)]) == 1
    left[0].kill()
    left[0].wait()
    assert f"left running: {left[0].pid} " in capsys.readouterr().err


def test_what_failed_is_said_once_more_at_the_end_with_the_order_that_it_failed_in(ended, capsys, tmp_path):
    spoiled = tmp_path / "test_spoiled.py"
    spoiled.write_text("def test_one(): assert 1 == 2, 'two is not one'\ndef test_other(): pass\n")
    plugin = ("-p", "tests.conftest", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), "-c", "/dev/null")
    stage = Stage("a", "fails", lambda: stages.pytest([str(spoiled)], *plugin))
    assert ended([stage, noted([], "second")]) == 1
    end = capsys.readouterr().out.partition("second")[2]
    assert re.search(r"--randomly-seed=\d+$", end, re.MULTILINE)
    assert "test_spoiled.py::test_one: AssertionError: two is not one" in end
    assert "test_other" not in end


# ---- the long ones


@pytest.fixture
def commands(monkeypatch):
    """What the long stages would run, instead of running it."""
    commands = []

    def run(command, **_):
        commands.append(command)
        return subprocess.CompletedProcess(command, 0)

    def on_real_parts(groups, chosen, *options, extra):
        assert extra
        return check.patched([path for group in groups for path in group], chosen, *options)

    monkeypatch.setattr(stages.subprocess, "run", run)
    monkeypatch.setattr(long.check, "on_real_parts", on_real_parts)
    return commands


def test_all_that_the_long_stages_run_is_there(commands):
    assert [stage.run() for stage in long.STAGES] == [0] * len(long.STAGES)
    modules = [command[command.index("-m") + 1] for command in commands]
    assert set(modules) >= {"tests.chaos.walk", "tests.chaos.faults", "tests.releases.side_by_side", "bench"}
    assert [name for name in modules if not importlib.util.find_spec(name)] == []
    paths = [word for command in commands for word in command if word.startswith("tests/")]
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_long_form_of_what_is_generated_has_fifty_times_as_many_examples():
    assert settings.get_profile("long").max_examples >= 50 * settings.get_profile("house").max_examples
    assert settings.get_profile("long").deadline is None


@pytest.mark.parametrize(("command", "run"), [("make test", check), ("make long", long)])
def test_the_page_on_running_names_every_stage(command, run):
    page = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    rows = [
        line for line in page.splitlines() if line.startswith(f"| `{command}`") or "one stage of it" in line
    ]
    named = set(re.findall(r"`(?:make )?(\w+)`", " ".join(rows)))
    assert {stage.name for stage in run.STAGES} <= named


def test_the_release_before_is_checked_out_and_gone_afterwards(monkeypatch):
    found = subprocess.run(
        ["git", "cat-file", "-e", before.BEFORE], cwd=ROOT, check=False, stderr=subprocess.DEVNULL
    )
    if found.returncode:
        pytest.skip("a checkout without that much history")
    monkeypatch.setattr(before, "_set_up", lambda older: None)
    with before.checked_out() as older:
        assert (older / "services" / "booking" / "README.md").exists()
        assert str(older) in worktrees()
    assert not older.exists()
    assert str(older) not in worktrees()


def worktrees():
    return subprocess.run(
        ["git", "worktree", "list"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
