"""What every import command has in common: its options, where it writes, its report and how it ends.

0: every line was kept. 1: some were left out, each told with its reason, and the others kept; or the import
could not begin. 2: the command line was wrong.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from chassis.storage.mongo import Db
from chassis.storage.trial import trial_of
from chassis.values.tables import Fault, write_faulty_lines

F = TypeVar("F", bound=Callable[..., Any])


def import_options(command: F) -> F:
    """Add the options `--dry-run` and `--errors` to a command whose argument is a directory."""
    errors = click.option(
        "--errors",
        type=click.Path(file_okay=False, path_type=Path),
        callback=_new_directory,
        help="An empty or new directory for the lines left out, to be mended and imported themselves.",
    )
    dry_run = click.option(
        "--dry-run", is_flag=True, help="Say exactly what would be kept and left out, and keep nothing."
    )
    return errors(dry_run(command))


def _new_directory(_context: click.Context, _option: click.Parameter, chosen: Path | None) -> Path | None:
    if chosen is not None and chosen.exists() and any(chosen.iterdir()):
        raise click.BadParameter("the directory is not empty")
    return chosen


@contextmanager
def imported_into(database: Db, organisation_id: str | None, *, dry_run: bool) -> Iterator[Db]:
    """Yield where an import writes: the database itself, or a copy of it that is forgotten."""
    if not dry_run:
        yield database
        return
    with trial_of(database, organisation_id) as copy:
        yield copy


def end_import(directory: Path, faults: Sequence[Fault], errors: Path | None, *, dry_run: bool) -> NoReturn:
    """Report each fault and how many lines of each file were left out, write these out, and end."""
    for fault in faults:
        click.echo(str(fault), err=True)
    left_out = Counter(file for file, _ in {(each.file, each.line) for each in faults})
    for file, count in sorted(left_out.items()):
        click.echo(f"left out of {file}: {count}")
    if errors is not None:
        for path in write_faulty_lines(directory, faults, errors):
            click.echo(f"to be mended: {path}")
    if dry_run:
        click.echo("This was a dry run: nothing was kept.")
    sys.exit(1 if faults else 0)
