"""Reads the tables of examples in docs/rules, which are the parameters of the tests of the rules."""

from pathlib import Path

RULES = Path(__file__).parents[2] / "docs" / "rules"


def rows(document: str, heading: str) -> list[dict[str, str]]:
    """Read the first table under a heading: one dict per row, keyed by the words of its head."""
    lines = (RULES / document).read_text(encoding="utf-8").splitlines()
    start = lines.index(heading)
    cells = []
    for line in lines[start:]:
        if line.startswith("|"):
            cells.append([cell.strip() for cell in line.strip("|").split("|")])
        elif cells:
            break
    head = cells[0]
    return [dict(zip(head, row, strict=True)) for row in cells[2:]]
