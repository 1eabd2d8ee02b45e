"""The fields of a message as a table in words, from their JSON Schema."""

from collections.abc import Iterator
from typing import Any

TEXTS = {
    "^[A-Za-z0-9][A-Za-z0-9:._-]{0,127}$": "id",
    r"^([01]\d|2[0-4]):[0-5]\d$": "time of day",
    r"^[\x21-\x7e]{1,255}$": "text without blanks, 1 to 255 characters",
    "^[0-9a-f]{64}$": "64 hexadecimal digits",
    r"^https?://[\x21-\x7e]+$": "web address",
}
"""Patterns in words; one that has none here is shown as it is."""
FORMATS = {"date-time": "instant", "date": "day", "email": "mail address"}


def table_of(shape: dict[str, Any]) -> Iterator[str]:
    """The fields of a shape, a line each."""
    if not shape.get("properties"):
        yield "no fields"
        return
    yield from head("field", "is", "")
    for name, held in shape["properties"].items():
        optional = "" if name in shape.get("required", ()) else _default(held)
        yield row(f"`{name}`", _kind(held), optional)


def _default(held: dict[str, Any]) -> str:
    if held.get("default") in (None, []):
        return "may be left out"
    return f"may be left out: {str(held['default']).lower()}"


def _kind(held: dict[str, Any]) -> str:
    """A field's kind in words."""
    if "$ref" in held:
        name = short(held["$ref"].rpartition("/")[2])
        return f"[{name}](#{anchor(shape_title(name))})"
    if choices := held.get("anyOf") or held.get("allOf"):
        return " or ".join(_kind(each) for each in choices)
    kinds = held["type"] if isinstance(held.get("type"), list) else [held.get("type", "anything")]
    return " or ".join("nothing" if kind == "null" else _single(kind, held) for kind in kinds)


def _single(kind: str, held: dict[str, Any]) -> str:
    if "enum" in held:
        return ", ".join(f"`{each}`" for each in held["enum"] if each is not None)
    match kind:
        case "string":
            said = _text(held)
        case "integer":
            said = f"whole number{_between(held, 'minimum', 'maximum')}"
        case "array":
            said = f"list of {_kind(held['items'])}{_between(held, 'minItems', 'maxItems')}"
        case "object" if held.get("additionalProperties"):
            said = f"mapping of names to {_kind(held['additionalProperties'])}"
        case "boolean":
            said = "yes or no"
        case _:
            said = kind
    return said


def _text(held: dict[str, Any]) -> str:
    if pattern := held.get("pattern"):
        return TEXTS.get(pattern, f"text like `{pattern}`".replace("|", "\\|"))
    if named := FORMATS.get(held.get("format", "")):
        return named
    return f"text{_between(held, 'minLength', 'maxLength', ' characters')}"


def _between(held: dict[str, Any], least: str, most: str, unit: str = "") -> str:
    low, high = held.get(least), held.get(most)
    if low is None and high is None:
        return ""
    if low is not None and high is not None:
        return f", {low} to {high}{unit}"
    return f", {low} or more{unit}" if high is None else f", at most {high}{unit}"


def short(name: str) -> str:
    """The name of a shape without its service."""
    return name.partition(".")[2]


def shape_title(name: str) -> str:
    """The heading over a shape's fields; a method or an event may have the name alone."""
    return f"{name} (shape)"


def anchor(title: str) -> str:
    """What leads to a heading: as the renderers of Markdown that people use make it."""
    kept = "".join(each for each in title.lower() if each.isalnum() or each in " -_")
    return kept.replace(" ", "-")


def head(*titles: str) -> Iterator[str]:
    """The head of a table."""
    yield row(*titles)
    yield f"|{'---|' * len(titles)}"


def row(*cells: str) -> str:
    """A line of a table."""
    return f"| {' | '.join(cells)} |".replace("|  |", "| |")
