"""GLOSSARY.md: every class of the domain stands there, once, with its owner; and one name means one thing."""

import ast
import re
from collections import Counter

import pytest

from deploy.local.layout import ROOT, SERVICES

COPIES = {"ChargingMode", "Child", "Contact", "DayPart", "Enrolment", "Family", "Machine", "Organisation"}
"""What a service keeps of another's thing, or says in its words, has the owner's name and meaning."""


def classes():
    """The domain's classes: (service, noun or `vocabulary`, name)."""
    for service in SERVICES:
        source = ROOT / "services" / service / "src" / service
        for path in sorted(source.rglob("*.py")):
            where = path.relative_to(source).with_suffix("").parts
            if "model" in where or where[0] == "vocabulary":
                for node in ast.parse(path.read_text(encoding="utf-8")).body:
                    if isinstance(node, ast.ClassDef):
                        yield service, where[0], node.name


def rows():
    """The lines of the glossary: (identifiers, French, owner, what it is)."""
    for line in (ROOT / "GLOSSARY.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("| `"):
            identifiers, french, owner, meaning = (cell.strip() for cell in line.strip("|").split("|"))
            yield re.findall(r"`([^`]+)`", identifiers), french, owner, meaning


CLASSES = sorted(classes())
ROWS = list(rows())


def test_every_class_of_the_domain_is_in_the_glossary():
    named = {identifier for identifiers, *_ in ROWS for identifier in identifiers}
    assert sorted({name for _, _, name in CLASSES} - named) == []


def test_every_class_in_the_glossary_is_one_of_the_domain():
    known = {name for _, _, name in CLASSES}
    named = {each for identifiers, *_ in ROWS for each in identifiers if each[0].isupper()}
    assert sorted(named - known) == []


def test_every_word_has_one_line():
    named = Counter(identifier for identifiers, *_ in ROWS for identifier in identifiers)
    assert [word for word, lines in named.items() if lines > 1] == []


def test_a_name_that_two_services_have_means_one_thing():
    homes = Counter(name for _, _, name in CLASSES)
    assert {name for name, count in homes.items() if count > 1} <= COPIES


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][0])
def test_a_line_says_who_owns_what(row):
    identifiers, french, owner, meaning = row
    service, _, noun = owner.partition(" ")
    assert meaning
    if service != "chassis":
        assert french
    for name in (each for each in identifiers if each[0].isupper()):
        assert (service, noun, name) in CLASSES
