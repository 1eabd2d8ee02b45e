"""Write the OpenAPI document to gateway/openapi.json, where a change of the API shows in its diff.

Run it from the repository's root after every change of a route: python -m gateway.openapi [FILE]
"""

import json
from pathlib import Path
from typing import Any

import click

from gateway import app, clients, settings
from gateway.errors import Unavailable

FILE = Path("gateway/openapi.json")


class _NobodyAnswers:
    """Stands where the bus would: the document is made without a call."""

    def call(self, service: str, method: str, *_: object) -> dict[str, Any]:
        """Refuse to call."""
        raise Unavailable("no_service", f"{service}.{method}")


def document() -> str:
    """Return the document as it is committed."""
    made = app.build(settings.read(), clients.connect(_NobodyAnswers(), 0.0)).extensions["openapi"]
    return json.dumps(made, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), default=FILE)
def main(file: Path) -> None:
    """Write the OpenAPI document to FILE."""
    file.write_text(document(), encoding="utf-8")


if __name__ == "__main__":
    main()
