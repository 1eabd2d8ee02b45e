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
