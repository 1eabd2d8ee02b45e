"""What a process is told from outside: environment variables, and files for what must stay secret.

Here live the settings that every service has. A service's own settings live in its own settings.py.
"""

import os
from pathlib import Path
from typing import Any, overload


class MissingSettingError(Exception):
    """A setting without which the process can't start."""

    def __init__(self, name: str) -> None:
        super().__init__(f"set {name}, or {name}_FILE to the path of a file that holds it")


_REQUIRED: Any = object()


@overload
def secret(name: str) -> str: ...
@overload
def secret(name: str, default: str) -> str: ...
@overload
def secret(name: str, default: None) -> str | None: ...
def secret(name: str, default: str | None = _REQUIRED) -> str | None:
    """Return the value of NAME, or what stands in the file named by NAME_FILE, which goes first."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        return Path(path).read_text(encoding="utf-8").rstrip("\r\n")
    value = os.environ.get(name, default)
    if value is _REQUIRED:
        raise MissingSettingError(name)
    return value


def service_config(service_name: str) -> dict[str, Any]:
    """Return the settings of a service's container, as its extensions read them from `container.config`."""
    return {
        "AMQP_URI": secret("AMQP_URI"),
        "KEYS_DIR": secret("KEYS_DIR"),
        "MONGODB_URI": secret("MONGODB_URI", None),
        "MONGODB_DATABASE": os.environ.get("MONGODB_DATABASE", service_name),
        "max_workers": int(os.environ.get("MAX_WORKERS", "20")),
    }
