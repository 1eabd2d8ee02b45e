"""How far a command has come: a bar on a terminal, nothing where its output is kept."""

from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Self, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

T = TypeVar("T")


class Progress:
    """Bars on the error output, one for each thing that is done, as long as a `with` lasts."""

    def __init__(self, console: Console | None = None) -> None:
        shown = console or Console(stderr=True)
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
        self._bars = Bars(*columns, console=shown, disable=not shown.is_terminal)

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def batches(self, what: str, things: Sequence[T], size: int) -> Iterator[Sequence[T]]:
        """Yield the things in runs of at most `size`, and show how many of them are done."""
        task = self._bars.add_task(what, total=len(things))
        for start in range(0, len(things), size):
            batch = things[start : start + size]
            yield batch
            self._bars.advance(task, len(batch))

    def each(self, what: str, things: Sequence[T]) -> Iterator[T]:
        """Yield the things one by one, and show how many of them are done."""
        for batch in self.batches(what, things, 1):
            yield batch[0]
