"""Named points in the code where a test may kill, stop, delay or break the process.

Armed by the environment variable FAILPOINTS, a comma-separated list of ``name=action[:argument][@hit[+]]``:

- action ``kill`` (SIGKILL to this process), ``stop`` (SIGSTOP to this process), ``raise`` (an
  `InjectedFault`), ``sleep:SECONDS``;
- ``@3`` acts at the third hit of this process, ``@3+`` at the third and every later one; without it, ``@1``.

FAILPOINTS_MARKS names a directory. A point that acts once (no ``+``) leaves a mark there before it acts and
does nothing where its mark already lies, so that a supervised process is killed once and not at every
restart. In the mark stands the process id: a stopped process must be continued by somebody. Beside it,
``name.passed`` has one byte for each time that the armed point was passed, by all processes together.
"""

import os
import re
import signal
import time
from dataclasses import dataclass
from pathlib import Path

_SPEC = re.compile(
    r"(?P<name>[\w.\-]+)=(?P<action>kill|stop|raise|sleep)(:(?P<argument>[\d.]+))?(@(?P<hit>\d+)(?P<on>\+)?)?"
)


class InjectedFault(Exception):  # noqa: N818 - it is the fault itself, not a class of errors
    """What an armed ``raise`` point raises; its argument is the name of the point."""


@dataclass(slots=True)
class _Armed:
    """One armed point and how often this process has passed it."""

    name: str
    action: str
    argument: float
    hit: int
    repeats: bool
    passed: int = 0


_armed: dict[str, _Armed] = {}
_marks: Path | None = None


def failpoint(name: str) -> None:
    """Pass the point `name`; does nothing unless it is armed."""
    if _armed and name in _armed:
        _pass(_armed[name])


def arm(specification: str, marks: str | None = None) -> None:
    """Arm the points of `specification` and no others; raises ValueError when it can't be read."""
    global _marks  # noqa: PLW0603 - process-wide by nature: a signal ends the process, not a thread
    armed = [_parse(part) for part in specification.split(",") if part.strip()]
    _armed.clear()
    _armed.update({point.name: point for point in armed})
    _marks = Path(marks) if marks else None


def _parse(part: str) -> _Armed:
    match = _SPEC.fullmatch(part.strip())
    if match is None:
        raise ValueError(f"not a failpoint: {part!r}")
    return _Armed(
        name=match["name"],
        action=match["action"],
        argument=float(match["argument"] or 0),
        hit=int(match["hit"] or 1),
        repeats=match["on"] is not None,
    )


def _pass(point: _Armed) -> None:
    point.passed += 1
    if _marks is not None:
        _count(_marks, point.name)
    due = point.passed >= point.hit if point.repeats else point.passed == point.hit
    if due and (point.repeats or _first_time(point)):
        _act(point)


def _count(marks: Path, name: str) -> None:
    marks.mkdir(parents=True, exist_ok=True)
    with (marks / f"{name}.passed").open("ab", buffering=0) as passed:
        passed.write(b".")


def _first_time(point: _Armed) -> bool:
    """Leave the mark of a point and return True; False when an earlier process left it already."""
    if _marks is None:
        return True
    try:
        with (_marks / f"{point.name}.{point.action}.{point.hit}").open("x") as mark:
            mark.write(str(os.getpid()))
    except FileExistsError:
        return False
    return True


def _act(point: _Armed) -> None:
    if point.action == "raise":
        raise InjectedFault(point.name)
    if point.action == "sleep":
        time.sleep(point.argument)
    else:
        os.kill(os.getpid(), signal.SIGKILL if point.action == "kill" else signal.SIGSTOP)


arm(os.environ.get("FAILPOINTS", ""), os.environ.get("FAILPOINTS_MARKS"))
