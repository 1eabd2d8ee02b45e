"""`make images`: build all images, bring docker-compose.yml up with the demo towns, and try it.

Says so and ends well where no engine can be had: on a machine whose root we are not, or without Debian's
packages. The images are deleted at the end; the base they began with is kept for a week.
"""

import os
import shutil
import sys

from deploy.containers.engine import HOME, contained
from deploy.local import stages, system_packages
from deploy.local.stages import Stage
from deploy.local.system_packages import MissingPackagesError

_TEST_S = 600
"""For what hangs: the first test waits for everything to come up."""


def build() -> int:
    """Build the images."""
    return stages.run(*contained(network=False), sys.executable, "-m", "deploy.containers.build")


def run() -> int:
    """Bring them up, in a network of their own, and run what is in tests/images."""
    tried = (
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--durations=10",
        f"--timeout={_TEST_S}",
        *stages.tests("images"),
    )
    return stages.run(*contained(network=True), *tried)


STAGES = (
    Stage("build", "every image of docker-compose.yml", build),
    Stage("run", "the suite in containers", run),
)


def main() -> int:
    """Build and try the images, or say in one line why not."""
    if os.geteuid() != 0:
        print("Images: not built. A container engine of one's own needs root: sudo make images")
        return 0
    try:
        system_packages.need_engine()
    except MissingPackagesError as missing:
        print(f"Images: not built, no container engine can be installed here. {missing}")
        return 0
    try:
        return stages.main(STAGES, __doc__)
    finally:
        shutil.rmtree(HOME / "engine", ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
