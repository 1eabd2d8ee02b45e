"""Amounts, days and instants as people read them, on pages and in mails."""

import pytest

from chassis.values import typography


@pytest.mark.parametrize(
    ("cents", "french", "english"),
    [
        (0, "0,00\u00a0€", "€0.00"),
        (5, "0,05\u00a0€", "€0.05"),
        (1260, "12,60\u00a0€", "€12.60"),
        (-1265, "\u221212,65\u00a0€", "\u2212€12.65"),
        (123450, "1\u202f234,50\u00a0€", "€1,234.50"),
        (123456789, "1\u202f234\u202f567,89\u00a0€", "€1,234,567.89"),
        (None, "\u2013", "\u2013"),
    ],
)
def test_amounts(cents, french, english):
    assert typography.money(cents, "fr") == french
    assert typography.money(cents, "en") == english


@pytest.mark.parametrize(
    ("instant", "french", "english"),
    [
        ("2026-11-13T08:00:00Z", "vendredi 13 novembre à 9\u00a0h", "Friday 13 November at 09:00"),
        ("2026-11-12T23:00:00Z", "jeudi 12 novembre à minuit", "Thursday 12 November at midnight"),
        ("2026-07-01T10:30:00.250Z", "mercredi 1er juillet à 12\u00a0h\u00a030", "Wednesday 1 July at 12:30"),
        ("2026-10-25T00:30:00Z", "dimanche 25 octobre à 2\u00a0h\u00a030", "Sunday 25 October at 02:30"),
        ("2026-10-25T01:30:00Z", "dimanche 25 octobre à 2\u00a0h\u00a030", "Sunday 25 October at 02:30"),
    ],
)
def test_instants_in_the_zone_of_the_organisation(instant, french, english):
    assert typography.instant(instant, "Europe/Paris", "fr") == french
    assert typography.instant(instant, "Europe/Paris", "en") == english


def test_an_overseas_organisation_reads_its_own_hours():
    assert typography.time_of("2026-11-13T08:00:00Z", "Indian/Reunion", "fr") == "12\u00a0h"


@pytest.mark.parametrize(
    ("write", "value", "french", "english"),
    [
        (typography.day, "2026-12-01", "mardi 1er décembre 2026", "Tuesday 1 December 2026"),
        (typography.day_name, "2026-12-02", "mercredi 2 décembre", "Wednesday 2 December"),
        (typography.day_short, "2026-12-01", "mar.\u00a01er\u00a0déc.", "Tue\u00a01\u00a0Dec"),
        (typography.day_number, "2026-12-01", "01/12/2026", "01/12/2026"),
        (typography.month, "2026-12-01", "décembre 2026", "December 2026"),
        (typography.clock, "07:30", "7\u00a0h\u00a030", "07:30"),
        (typography.clock, "12:00", "12\u00a0h", "12:00"),
        (typography.clock, None, "\u2013", "\u2013"),
    ],
)
def test_days_and_hours(write, value, french, english):
    assert write(value, "fr") == french
    assert write(value, "en") == english


@pytest.mark.parametrize(
    ("given", "french", "english"),
    [
        (["2026-12-09"], "mercredi 9 décembre", "Wednesday 9 December"),
        (["2027-01-04"], "lundi 4 janvier 2027", "Monday 4 January 2027"),
        (
            ["2026-12-15", "2026-12-08", "2026-12-14", "2026-12-08"],
            "8, 14 et 15\u00a0décembre",
            "8, 14 and 15\u00a0December",
        ),
        (
            ["2026-11-30", "2026-12-01", "2026-12-02"],
            "30\u00a0novembre, 1er et 2\u00a0décembre",
            "30\u00a0November, 1 and 2\u00a0December",
        ),
        (
            ["2026-12-18", "2027-01-04"],
            "18\u00a0décembre, 4\u00a0janvier 2027",
            "18\u00a0December, 4\u00a0January 2027",
        ),
    ],
)
def test_several_days_are_said_in_a_few_words(given, french, english):
    assert typography.days(given, "fr", 2026) == french
    assert typography.days(given, "en", 2026) == english


def test_hours_are_said_from_one_to_the_other_where_both_are_known():
    assert typography.hours("11:45", "13:30", "fr") == "11\u00a0h\u00a045\u00a0\u2013 13\u00a0h\u00a030"
    assert typography.hours("11:45", "13:30", "en") == "11:45\u00a0\u2013 13:30"
    assert typography.hours("11:45", None, "fr") == typography.hours(None, None, "fr") == ""


@pytest.mark.parametrize(
    ("number", "french", "english"),
    [
        (0, "0\u00a0place", "0\u00a0seats"),
        (1, "1\u00a0place", "1\u00a0seat"),
        (2, "2\u00a0places", "2\u00a0seats"),
    ],
)
def test_a_number_has_its_noun_in_the_singular_or_the_plural_of_its_language(number, french, english):
    assert typography.counted(number, "place", "places", "fr") == french
    assert typography.counted(number, "seat", "seats", "en") == english


@pytest.mark.parametrize(
    ("words", "french", "english"),
    [
        ([], "", ""),
        (["a"], "a", "a"),
        (["a", "b"], "a et b", "a and b"),
        (["a", "b", "c"], "a, b et c", "a, b and c"),
    ],
)
def test_words_are_listed_as_a_sentence_lists_them(words, french, english):
    assert typography.listed(words, "fr") == french
    assert typography.listed(words, "en") == english


def test_a_sentence_is_set_as_printers_do():
    assert typography.typeset("L'avoir « A » : prêt ; vu ?", "fr") == (
        "L\u2019avoir «\u00a0A\u00a0»\u00a0: prêt\u00a0; vu\u00a0?"
    )
    assert (
        typography.typeset("de 8 h 30 à 12 h, 3 heures", "fr") == "de 8\u00a0h\u00a030 à 12\u00a0h, 3 heures"
    )
    assert typography.typeset("Avoir n° 7", "fr") == "Avoir n°\u00a07"
    assert typography.typeset("Receipt no. 7", "en") == "Receipt no.\u00a07"
    assert typography.typeset("Here: it's done; see?", "en") == "Here: it\u2019s done; see?"
