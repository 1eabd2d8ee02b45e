"""Run by another checkout's Python: prints how that checkout starts its services and its gateway.

Each release knows its own commands and settings, so it is asked. Reads from standard input what the programs
share (ports, addresses, where the secrets lie), and writes the programs to standard output, both as JSON. Of
what is shared, a release takes what it knows.
"""

import json
import sys
from dataclasses import asdict, fields
from pathlib import Path

from deploy.local import programs
from deploy.local.credentials import Credentials
from deploy.local.layout import SERVICES
from deploy.local.programs import Surroundings


def main() -> None:
    """Print the programs."""
    told = json.load(sys.stdin)
    directory = Path(told["directory"])
    told |= {"directory": directory, "credentials": Credentials(directory / "secrets")}
    around = Surroundings(
        **{each.name: told[each.name] for each in fields(Surroundings) if each.name in told}
    )
    gateway = next(each for each in programs.face_programs(around) if each.name == "gateway")
    services = [programs.service_program(name, around) for name in SERVICES]
    json.dump([asdict(each) for each in (gateway, *services)], sys.stdout)


if __name__ == "__main__":
    main()
