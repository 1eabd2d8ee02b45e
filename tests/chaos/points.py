"""Failpoints in the services of a stack: arming them, and telling what they did."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.local.stack import Stack


@dataclass(frozen=True)
class Marks:
    """What armed points left behind."""

    directory: Path

    def forget(self) -> None:
        """Take them away."""
        shutil.rmtree(self.directory, ignore_errors=True)

    def fired(self) -> set[str]:
        """Name the points that have acted."""
        marks = (mark for mark in self.directory.glob("*") if mark.suffix != ".passed")
        return {mark.name.rsplit(".", 2)[0] for mark in marks}

    def passed(self, point: str) -> int:
        """Count how often a point was passed, by all processes together."""
        passed = self.directory / f"{point}.passed"
        return passed.stat().st_size if passed.exists() else 0

    def standing_at(self, point: str) -> int:
        """Return the process that was stopped at a point; 0 while there is none."""
        for mark in self.directory.glob(f"{point}.stop.*"):
            return int(mark.read_text() or 0)  # empty for the moment between being made and being written
        return 0


def marks_of(stack: Stack) -> Marks:
    """Return the marks of a stack."""
    return Marks(stack.directory / "failpoints")


def arm(
    stack: Stack, points: Mapping[str, Sequence[str]], settings: Mapping[str, str] | None = None
) -> Marks:
    """Restart services with their points armed and with `settings`; the marks of earlier ones are gone.

    `stack.restart(service)` disarms a service again.
    """
    marks = marks_of(stack)
    for service in points:
        stack.stop_program(service)
    marks.forget()
    for service, specifications in points.items():
        armed_with = {"FAILPOINTS": ",".join(specifications), "FAILPOINTS_MARKS": str(marks.directory)}
        stack.restart(service, armed_with | dict(settings or {}))
    return marks
