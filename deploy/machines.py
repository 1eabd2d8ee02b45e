"""State machines, drawn into the rules as the code has them: `python -m deploy.machines [--check]`.

A service keeps its machines, objects of a class `Machine`, beside the nouns that they move. A document says
where one stands, by name: between the lines `<!-- machine NAME -->` and `<!-- /machine -->` lies its drawing,
written by this program and by nobody else.
"""

import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import click

from deploy.local.layout import ROOT, SERVICES

RULES = ROOT / "docs" / "rules"
_PLACE = re.compile(r"<!-- machine (?P<name>[\w.]+) -->\n(?P<drawn>.*?)<!-- /machine -->", re.DOTALL)
_HOMES = ("vocabulary", "model")
_NOWHERE = "[*]"


class Machine(Protocol):
    """What a service's machine must offer to be drawn."""

    @property
    def states(self) -> type[StrEnum]:
        """The enum of its states."""

    @property
    def moves(self) -> Mapping[tuple[str | None, str], str]:
        """From a state (None: before it is there) by an act to a state."""

    @property
    def final(self) -> frozenset[str]:
        """The states that nothing leads away from."""


def draw(machine: Machine) -> str:
    """Return the drawing of a machine: a state diagram of Mermaid, readable as it stands too."""
    lines = [
        f"    {_name(before)} --> {_name(after)}: {act}" for (before, act), after in machine.moves.items()
    ]
    lines += [f"    {state} --> {_NOWHERE}" for state in sorted(machine.final)]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```"]) + "\n"


def faults(machine: Machine) -> list[str]:
    """Return, in sentences, what can't be right about a machine."""
    left = {before for before, _ in machine.moves if before is not None}
    reached: set[str | None] = {None}
    while found := {after for (before, _), after in machine.moves.items() if before in reached} - reached:
        reached |= found
    states = {state.value for state in machine.states}
    return [
        *(f"{state} is final, and left" for state in sorted(left & machine.final)),
        *(f"{state} is never left, and not final" for state in sorted(states - left - machine.final)),
        *(f"{state} is never reached" for state in sorted(states - reached)),
    ]


def redrawn(text: str) -> str:
    """Return a document with the drawings as the code is now."""
    return _PLACE.sub(_drawing, text)


def named(text: str) -> set[str]:
    """Return which machines a document draws."""
    return {found["name"] for found in _PLACE.finditer(text)}


def machines() -> Iterator[tuple[str, Machine]]:
    """Yield every machine of the services with its name, found in vocabularies and models."""
    for service in SERVICES:
        for module_name in _homes(service):
            for name, thing in vars(importlib.import_module(module_name)).items():
                if type(thing).__name__ == "Machine" and not _is_imported(thing, module_name, service):
                    yield f"{module_name}.{name}", thing


def _homes(service: str) -> Iterator[str]:
    package = importlib.import_module(service)
    for found in pkgutil.walk_packages(package.__path__, f"{service}."):
        if not set(_HOMES).isdisjoint(found.name.split(".")):
            yield found.name


def _is_imported(thing: Machine, module_name: str, service: str) -> bool:
    """Say whether a machine is only used here: it belongs to the module that has its states."""
    home = thing.states.__module__
    return home != module_name and home.startswith(f"{service}.")


def _drawing(found: re.Match[str]) -> str:
    module_name, _, name = found["name"].rpartition(".")
    machine: Machine = getattr(importlib.import_module(module_name), name)
    return f"<!-- machine {found['name']} -->\n{draw(machine)}<!-- /machine -->"


def _name(state: str | None) -> str:
    return _NOWHERE if state is None else str(state)


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; fail when a drawing is not what the code says.")
def main(*, check: bool) -> None:
    """Draw the machines into docs/rules."""
    stale = [path for path in sorted(RULES.glob("*.md")) if _redraw(path, write=not check)]
    for path in stale:
        click.echo(f"{path.relative_to(ROOT)} {'is stale: run make machines' if check else 'drawn'}")
    sys.exit(1 if check and stale else 0)


def _redraw(path: Path, *, write: bool) -> bool:
    """Say whether the drawings of a document were others than the code's, and write these."""
    before = path.read_text(encoding="utf-8")
    after = redrawn(before)
    if write and after != before:
        path.write_text(after, encoding="utf-8")
    return after != before


if __name__ == "__main__":
    main()
