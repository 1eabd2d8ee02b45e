"""What a school year is. In prose: docs/rules/family_files.md."""

import re

_SCHOOL_YEAR = re.compile(r"([0-9]{4})-([0-9]{4})")


def is_school_year(text: str) -> bool:
    """Return whether a text names a school year: two years that follow one another, as in "2026-2027"."""
    found = _SCHOOL_YEAR.fullmatch(text)
    return found is not None and int(found[2]) == int(found[1]) + 1
