"""Write docs/messages from what every service says and accepts.

Run `python -m deploy.messages.generate [--check]`.
"""

import json
import sys
from pathlib import Path

import click

from deploy.messages.asyncapi import document
from deploy.messages.language import ROOT, read
from deploy.messages.pages import HERE, pages

DIRECTORY = ROOT / HERE


def generate() -> dict[str, str]:
    """The text of every file of the catalogue by its name, as the code is now."""
    published = read()
    described = json.dumps(document(published), indent=1, ensure_ascii=False) + "\n"
    return {"asyncapi.json": described, **pages(published)}


def stale(directory: Path = DIRECTORY) -> list[str]:
    """The names of the files that are not what the code says, or that nothing makes."""
    made = generate()
    there = {path.name: path.read_text(encoding="utf-8") for path in directory.iterdir()}
    return sorted(name for name in made.keys() | there.keys() if made.get(name) != there.get(name))


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; fail when a file is not what the code says.")
def main(*, check: bool) -> None:
    """Write the catalogue of messages."""
    if check:
        differing = stale()
        for name in differing:
            click.echo(f"{HERE / name} is stale: run make messages", err=True)
        sys.exit(1 if differing else 0)
    DIRECTORY.mkdir(exist_ok=True)
    for path in DIRECTORY.iterdir():
        path.unlink()
    for name, text in generate().items():
        (DIRECTORY / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
