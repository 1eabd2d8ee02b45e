"""The state machines of the services: sound, the same class in each, and drawn in the rules as they are."""

import inspect
from dataclasses import replace
from enum import StrEnum

import pytest

from deploy import machines
from tests.deploy import lights
from tests.deploy.lights import LIGHT, Light

DRAWN = """\
```mermaid
stateDiagram-v2
    [*] --> dark: hang
    dark --> lit: switch on
    lit --> dark: switch off
    dark --> broken: drop
    lit --> broken: drop
    broken --> [*]
```
"""
OURS = dict(machines.machines())


def test_a_machine_is_drawn_with_its_beginning_and_its_end():
    assert machines.draw(LIGHT) == DRAWN


def test_a_document_is_redrawn_between_its_marks_and_nowhere_else():
    text = "Before.\n<!-- machine tests.deploy.lights.LIGHT -->\n{}<!-- /machine -->\nAfter.\n"
    assert machines.redrawn(text.format("anything\n")) == text.format(DRAWN)
    assert machines.redrawn(text.format(DRAWN)) == text.format(DRAWN)
    assert machines.named(text.format("")) == {"tests.deploy.lights.LIGHT"}


def test_an_act_leads_on_from_its_own_states_alone():
    assert LIGHT.after(Light.LIT, "switch off") is Light.DARK
    assert LIGHT.after(Light.BROKEN, "switch on") is None
    assert LIGHT.sources("drop") == ["dark", "lit"]


class More(StrEnum):
    DARK = "dark"
    LIT = "lit"
    BROKEN = "broken"
    STOLEN = "stolen"


@pytest.mark.parametrize(
    ("machine", "faults"),
    [
        (LIGHT, []),
        (replace(LIGHT, final=frozenset()), ["broken is never left, and not final"]),
        (replace(LIGHT, final=frozenset({Light.LIT, Light.BROKEN})), ["lit is final, and left"]),
        (replace(LIGHT, states=More), ["stolen is never left, and not final", "stolen is never reached"]),
    ],
)
def test_a_machine_that_can_not_be_right_is_found(machine, faults):
    assert machines.faults(machine) == faults


def test_no_machine_of_a_service_has_a_fault():
    assert {name: found for name, machine in OURS.items() if (found := machines.faults(machine))} == {}


def test_every_service_has_the_same_class_of_machines():
    """They can't share it: a vocabulary imports nothing of ours."""
    wanted = inspect.getsource(lights.Machine)
    kinds = {type(machine) for machine in OURS.values()}
    assert [kind.__module__ for kind in kinds if inspect.getsource(kind) != wanted] == []


@pytest.mark.parametrize("path", sorted(machines.RULES.glob("*.md")), ids=lambda path: path.name)
def test_the_rules_draw_every_machine_as_the_code_has_it(path):
    text = path.read_text(encoding="utf-8")
    assert machines.redrawn(text) == text, "run make machines"


def test_every_machine_is_drawn_in_the_rules():
    drawn = {name for path in machines.RULES.glob("*.md") for name in machines.named(path.read_text("utf-8"))}
    assert drawn == OURS.keys()
