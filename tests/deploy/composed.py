"""docker-compose.yml as it stands, read for tests: programs, what is mounted for them, their limits."""

import re

import yaml

from deploy.local.layout import ROOT

FILE = ROOT / "docker-compose.yml"
UNITS = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30}


def composed(path=FILE):
    """The document, with the default of every ${VARIABLE:-default} in its place."""
    text = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", path.read_text(encoding="utf-8"))
    return yaml.safe_load(text)


def size(text):
    """A size such as 256m, in bytes."""
    return int(text[:-1]) * UNITS[text[-1]]


def is_ours(program):
    return "build" in program


def temporary(program):
    """Directories in memory, with their options: {"/tmp": "size=16m,…"}."""
    return dict(each.split(":", 1) for each in program.get("tmpfs", []))


def mounted(document, program):
    """What of this machine a program sees: {place in the container: path in the checkout}."""
    places = {each["target"]: each["source"] for each in program.get("volumes", []) if each["type"] == "bind"}
    for secret in program.get("secrets", []):
        long = secret if isinstance(secret, dict) else {"source": secret, "target": secret}
        places[f"/run/secrets/{long['target']}"] = document["secrets"][long["source"]]["file"]
    return places
