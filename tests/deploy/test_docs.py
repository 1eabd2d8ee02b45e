"""What the documents say of the code: links lead somewhere, commands exist, settings are read."""

import importlib.util
import re
import subprocess

import pytest

from deploy.local.layout import ROOT, SERVICES
from deploy.messages import language
from deploy.messages.fields import anchor

DOCUMENTS = sorted(
    path
    for pattern in (
        "*.md",
        "docs/**/*.md",
        "deploy/*.md",
        "services/*/README.md",
        "gateway/*.md",
        "chassis/*.md",
    )
    for path in ROOT.glob(pattern)
)
every_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


@pytest.fixture(scope="module")
def made():
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return {line.split()[0] for line in listed.splitlines()}


@every_document
def test_every_link_leads_to_a_file(path):
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


@every_document
def test_every_link_to_a_heading_finds_it(path):
    links = re.findall(r"\]\((?!https?:)([^)#]*)#([^)]+)\)", path.read_text(encoding="utf-8"))
    assert [
        link for link in links if link[1] not in headings(path.parent / link[0] if link[0] else path)
    ] == []


def headings(path):
    return {
        anchor(title) for title in re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    }


@every_document
def test_every_make_command_can_be_made(path, made):
    named = set(
        re.findall(r"`make ([a-z-]+)[`,]|^make ([a-z-]+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert {word for pair in named for word in pair if word} <= made


@every_document
def test_every_module_that_is_run_is_there(path):
    for module in set(re.findall(r"python -m ([a-z_.]+[a-z_])", path.read_text(encoding="utf-8"))):
        assert importlib.util.find_spec(module.rstrip(".")), module


@pytest.mark.parametrize("published", language.read(), ids=lambda published: published.service)
def test_a_service_names_its_doors_and_its_events_on_its_screen(published):
    screen = (ROOT / "services" / published.service / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(\w+)`", screen))
    said = {each.name for each in (*published.methods, *published.events)}
    assert (said | {event for _, event in published.hears}) - named == set()


def test_the_page_says_of_every_event_who_tells_it_to_whom():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = text[text.index("| says | what | to |") :].partition("\n\n")[0]
    said = {
        (service, event, hearer)
        for service, events, hearers in re.findall(r"^\| (\w+) \| (.+) \| (.+) \|$", table, re.MULTILINE)
        for event in re.findall(r"`(\w+)`", events)
        for hearer in hearers.split(", ")
    }
    told = {
        (event.service, event.name, hearer)
        for published in language.read()
        for event in published.events
        for hearer in event.subscribers
    }
    assert said == told


def test_the_map_names_every_noun_and_no_other():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = text[text.index("| nouns, low to high |") :].partition("\n\n")[0]
    rows = re.findall(r"^\| (\w+) \| (.+) \|$", table, re.MULTILINE)
    named = {service: set(re.findall(r"`(\w+)`", nouns)) for service, nouns in rows}
    assert named == {service: nouns_of(service) for service in SERVICES}


def nouns_of(service):
    rooms = {"ports", "commands", "templates", "contract"}
    folders = (ROOT / "services" / service / "src" / service).glob("*/__init__.py")
    return {folder.parent.name for folder in folders} - rooms


def settings_read():
    """Names of the environment variables that programs of ours read."""
    found = set()
    for folder in ("chassis/src", "services", "gateway", "deploy/simulators"):
        for path in (ROOT / folder).rglob("*.py"):
            if "testing" in path.parts:
                continue
            code = path.read_text(encoding="utf-8")
            found |= set(re.findall(r'(?:secret|os\.environ\.get)\(\s*"([A-Z][A-Z_0-9]+)"', code))
            found |= set(re.findall(r'os\.environ\["([A-Z][A-Z_0-9]+)"\]', code))
            for prefix in re.findall(r'prefixed\("([A-Z]+_)"\)', code):
                found |= {
                    prefix + name for name in re.findall(r'env\.(?!prefixed)\w+\(\s*"([A-Z_0-9]+)"', code)
                }
    return found


def test_the_table_of_settings_names_what_is_read_and_nothing_else():
    text = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    tables = text[text.index("## Settings") : text.index("## In containers")]
    rows = [line.split("|")[1] for line in tables.splitlines() if line.startswith("|")]
    named = {name for cell in rows for name in re.findall(r"`([A-Z][A-Z_0-9]+)`", cell)}
    assert named == settings_read()
