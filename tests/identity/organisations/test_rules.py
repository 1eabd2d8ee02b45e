"""What an import makes of an organisation, and how its pages may look."""

from dataclasses import replace

import pytest
from marshmallow import ValidationError

from identity.organisations.contract import OrganisationRow
from identity.organisations.model import Announcement, Appearance, HelpDesk, Organisation
from identity.organisations.rules import (
    CONTRAST_MIN,
    contrast_with_white,
    dressed,
    imported_organisation,
    is_plain_drawing,
    legible_shade,
)

LINE = {"slug": "town", "name": "Town", "time_zone": "Europe/Paris"}
CREST = '<svg viewBox="0 0 9 9"><path fill="#fff" d="M1 1h7v7z"/></svg>'


def test_an_imported_organisation_is_kept_only_if_it_changed():
    town = Organisation("o1", "town", "Town", "Europe/Paris", "fr", (Announcement("Hello", "Welcome."),))
    first = imported_organisation(None, town)
    assert first.sequence == 1
    assert imported_organisation(first, town) is None
    assert imported_organisation(first, replace(town, name="City")).sequence == 2


@pytest.mark.parametrize(
    ("colour", "contrast"), [("#ffffff", 1.0), ("#000000", 21.0), ("#0b3c5d", 11.5), ("#f2a900", 2.0)]
)
def test_the_contrast_of_a_colour_is_that_of_white_letters_on_it(colour, contrast):
    assert contrast_with_white(colour) == pytest.approx(contrast, abs=0.1)


@pytest.mark.parametrize("colour", ["#f2a900", "#FFCC00", "#808080"])
def test_a_colour_on_which_white_is_hard_to_read_is_refused_by_its_code(colour):
    with pytest.raises(ValidationError, match="low_contrast: white on"):
        OrganisationRow().load({**LINE, "colour": colour})


def test_a_dark_colour_and_a_plain_drawing_are_taken():
    loaded = OrganisationRow().load({**LINE, "colour": "#0B3C5D", "crest": CREST})
    assert (loaded["colour"], loaded["crest"]) == ("#0B3C5D", CREST)


@pytest.mark.parametrize("colour", ["red", "#fff", "#0b3c5dff", "0b3c5d"])
def test_a_colour_is_written_as_six_figures(colour):
    with pytest.raises(ValidationError, match="Expected a colour"):
        OrganisationRow().load({**LINE, "colour": colour})


@pytest.mark.parametrize(
    "svg",
    [
        "a crest",
        "<svg><script>alert(1)</script></svg>",
        '<svg onload="alert(1)"></svg>',
        '<svg><image href="http://elsewhere.example/x.png"/></svg>',
        '<svg><path fill="url(http://elsewhere.example/x)"/></svg>',
        "<svg><foreignObject></foreignObject></svg>",
        "<svg><style>@import 'http://elsewhere.example'</style></svg>",
        '<!DOCTYPE svg [<!ENTITY x "y">]><svg></svg>',
    ],
)
def test_a_crest_that_does_something_or_names_something_outside_is_refused(svg):
    assert not is_plain_drawing(svg)
    with pytest.raises(ValidationError, match="Expected a drawing"):
        OrganisationRow().load({**LINE, "crest": svg})


def test_an_import_that_says_nothing_of_the_look_leaves_what_its_people_set():
    plain = Organisation("o1", "town", "Town", "Europe/Paris", "fr")
    shown = replace(plain, colour="#0b3c5d", crest=CREST, help_desk=HelpDesk("Desk"), sequence=4)
    assert imported_organisation(shown, plain) is None
    assert imported_organisation(shown, replace(plain, colour="#102030")) == replace(
        shown, colour="#102030", sequence=5
    )


@pytest.mark.parametrize(
    ("colour", "shade"),
    [("#0b3c5d", "#0b3c5d"), ("#f2a900", "#946700"), ("#ffffff", "#6f6f6f"), ("#ff0000", "#e00000")],
)
def test_the_nearest_shade_on_which_white_can_be_read_keeps_the_hue(colour, shade):
    assert legible_shade(colour) == shade
    assert contrast_with_white(shade) >= CONTRAST_MIN


def test_a_look_is_taken_only_by_who_saw_the_latest():
    town = Organisation("o1", "town", "Town", "Europe/Paris", "fr", sequence=3)
    wanted = Appearance(3, "#0B3C5D", f" {CREST} ", HelpDesk("Desk"))
    assert dressed(town, wanted) == replace(
        town, colour="#0b3c5d", crest=CREST, help_desk=HelpDesk("Desk"), sequence=4
    )
    assert dressed(town, replace(wanted, version=2)) is None
