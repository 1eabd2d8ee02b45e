"""Stand-ins for the official images that docker-compose.yml names and no registry can give here.

Each is our base with the program that this machine runs, under the user, paths and commands that the official
image has. What is shown with them holds for our compose file and our programs, not for the official images,
whose versions may differ.
"""

import shutil
from pathlib import Path

from deploy.containers.engine import HOME, Engine
from deploy.local import mongod

FILES = Path(__file__).parent / "standins"


class NoStandInError(Exception):
    """docker-compose.yml names an image that nothing here stands in for."""


def make(engine: Engine, name: str) -> None:
    """Build what stands in for the image `name`, such as mongo:8.0. Raises NoStandInError."""
    program = name.partition(":")[0].rpartition("/")[2]
    recipe = FILES / f"{program}.Dockerfile"
    if not recipe.exists():
        raise NoStandInError(f"Nothing stands in for {name}; add {recipe.name}.")
    context = HOME / "standins" / program
    shutil.rmtree(context, ignore_errors=True)
    context.mkdir(parents=True)
    if program == "mongo":
        _bring_mongod(context)
    engine.docker("build", "--network", "host", "--file", str(recipe), "--tag", name, str(context))


def _bring_mongod(context: Path) -> None:
    binary = mongod.binary()
    if binary is None:
        raise NoStandInError("There is no mongod on this machine: make setup installs one.")
    shutil.copy(binary, context / "mongod")
