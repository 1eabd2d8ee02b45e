"""Where things lie in a checkout, and which programs it holds. Standard library only: bootstrap reads it."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var"
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"

SERVICES = ("identity", "family", "booking", "billing", "notify")
CALLERS = ("gateway", *SERVICES)
"""Everything that signs a context of its own and has a broker user."""

SOURCE_ROOTS = (
    ROOT,
    ROOT / "chassis" / "src",
    *(ROOT / "services" / name / "src" for name in SERVICES),
    ROOT / "gateway" / "src",
)


def private_directory(path: Path) -> Path:
    """Make `path` readable by its owner alone, and return it."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def write_private(path: Path, text: str) -> Path:
    """Write `text` to a file that only its owner reads; the file appears whole or not at all."""
    private_directory(path.parent)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)
    return path
