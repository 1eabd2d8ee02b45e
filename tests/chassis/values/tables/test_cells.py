"""What people and spreadsheets write in a cell: read as it is meant, or refused with the form expected."""

from datetime import date, time
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from chassis.values import fields
from chassis.values.tables import cells


class Size(StrEnum):
    SMALL = "small"
    LARGE = "large"


MAY = date(2019, 5, 2)
TAKEN = [
    *[
        (cells.YesNo(), text, True)
        for text in ("VRAI", "vrai", "oui", "Oui", "o", "yes", "TRUE", "1", "x", "X")
    ],
    *[(cells.YesNo(), text, False) for text in ("FAUX", "non", "Non", "no", "n", "false", "0")],
    *[
        (cells.Day(), text, MAY)
        for text in ("2019-05-02", "02/05/2019", "2/5/2019", "02.05.2019", "02-05-2019")
    ],
    *[(cells.Day(), text, MAY) for text in (" 2019-05-02 ", "\u00a002/05/2019\u202f")],
    (cells.Day(), "29/02/2020", date(2020, 2, 29)),
    *[
        (cells.Hour(), text, time(7, 30))
        for text in ("07:30", "7:30", "07h30", "7h30", "7 h 30", "07:30:00", "7H30")
    ],
    *[(cells.Hour(), text, time(7)) for text in ("7h", "07h00", "7:00")],
    (cells.Whole(most=120), "0", 0),
    (cells.Whole(most=120), "120", 120),
    (cells.Whole(most=120), "007", 7),
    (cells.Cents(most=1_000_000), "450", 450),
    (cells.Reference(max_length=20, hidden=False), " F 1 ", "F 1"),
    (cells.Choice(Size), "LARGE", Size.LARGE),
    (cells.Choice(("a", "b")), " b\u00a0", "b"),
    (cells.Parts(cells.reference()), "C1| C2 |", ["C1", "C2"]),
]

WHOLE = cells.Whole(most=120), "a whole number from 0 to 120"
DAY = cells.Day(), "such as 2019-05-02 or 02/05/2019"
HOUR = cells.Hour(), "such as 07:30 or 7h30"
REFUSED = [
    *[(cells.YesNo(), text, "Expected yes or no") for text in ("maybe", "2", "-", "ouii")],
    *[
        (DAY[0], text, DAY[1])
        for text in ("05/25/2019", "02/05/19", "2019-5-2", "20190502", "2019-W18-4", "43587")
    ],
    *[
        (DAY[0], text, DAY[1])
        for text in ("30/02/2019", "2019-13-02", "02/05-2019", "02/05/0219", "2019-05-02T08:00")
    ],
    *[
        (DAY[0], text, DAY[1])
        for text in (
            "\u0660\u0662/\u0660\u0665/\u0662\u0660\u0661\u0669",
            "\uff12\uff10\uff11\uff19-05-02",
            "\u200e02/05/2019",
        )
    ],
    *[
        (HOUR[0], text, HOUR[1])
        for text in ("7", "730", "24:00", "07:60", "7h3", "07:30:15", "7.30", "\uff17:30", "-7:30")
    ],
    *[
        (WHOLE[0], text, WHOLE[1])
        for text in ("\uff11\uff12", "\u0663", "1e3", "+5", "-5", "1_000", "0x10", "NaN", "121", "1 0")
    ],
    *[(WHOLE[0], text, WHOLE[1]) for text in ("12.0", "12,0", "5\u200b", "inf", "½", "9" * 40)],
    (cells.Cents(most=1_000_000), "4,50", "whole cents: 450 for 4,50"),
    (cells.Cents(most=1_000_000), "4.50", "whole cents: 450 for 4.50"),
    (cells.Cents(most=1_000_000), "4,5", "whole cents: 450 for 4,5"),
    (cells.Cents(most=1_000_000), "4 €", "whole cents: 400 for 4 €"),
    (cells.Cents(most=1_000_000), "4,505", "a whole number from 0 to 1000000"),
    (cells.Cents(most=1_000_000), "1 000,00", "a whole number"),
    (cells.Choice(Size), "medium", "Expected one of small, large"),
    (cells.Parts(cells.reference()), "C1|C1", "C1 stands twice"),
    (cells.Parts(cells.reference()), " | ", "None stands here"),
    *[
        (cells.reference(), f"F{sign}1", "invisible|Invisible|Control|spaces|lost")
        for sign in "\u200b\u202e\ufeff\u00ad\u200d\ufe0f\u00a0\t\x00\ufffd"
    ],
    (cells.reference(), "F  1", "no blanks but single spaces"),
    (fields.written(), "Zo\ufffd", "lost on the way"),
    (fields.written(), "Zo\u200bé", "U\\+200B stands after 2 others"),
]

AS_THEY_ARE = [
    "D'Aubigné--L'Hôpital",
    "O\u2019Neill",
    "Łukaszewicz",
    "Œdipe",
    "N" * 70,
    "<script>alert(1)</script>",
]


@pytest.mark.parametrize(("field", "text", "meant"), TAKEN)
def test_a_cell_is_read_as_it_is_meant(field, text, meant):
    assert field.deserialize(text) == meant


@pytest.mark.parametrize(("field", "text", "form"), REFUSED)
def test_a_cell_that_can_not_be_read_is_refused_with_the_form_expected(field, text, form):
    with pytest.raises(ValidationError, match=form):
        field.deserialize(text)


@pytest.mark.parametrize("name", AS_THEY_ARE)
def test_names_are_kept_letter_for_letter(name):
    assert fields.written().deserialize(name) == name


def test_a_name_from_a_closed_list_loads_as_its_member():
    assert type(cells.Choice(Size).deserialize("small")) is Size


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_every_day_is_read_in_both_forms(day):
    field = cells.Day()
    assert field.deserialize(day.isoformat()) == field.deserialize(f"{day:%d/%m/%Y}") == day


@given(st.text(max_size=12))
def test_no_text_breaks_a_cell(text):
    for field in (
        cells.YesNo(),
        cells.Day(),
        cells.Hour(),
        cells.Whole(most=9),
        cells.Cents(most=9),
        cells.Choice(Size),
    ):
        try:
            field.deserialize(text)
        except ValidationError as refused:
            assert all("Expected" in sentence for sentence in refused.messages)  # noqa: PT017 - either may happen


def test_a_cell_that_does_not_say_how_it_is_read_is_none():
    with pytest.raises(TypeError, match="abstract method"):
        type("Nameless", (cells.Cell,), {})()
