from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

import gateway.pages
from gateway.pages import typography

PAGES = Path(gateway.pages.__file__).parent
FRENCH = PAGES / "translations" / "fr" / "LC_MESSAGES"


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


def catalogue():
    with (FRENCH / "messages.po").open("rb") as file:
        return read_po(file, locale="fr")


def test_every_word_of_the_pages_has_its_french_and_none_is_left_over():
    methods = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
    options = {"**/templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}
    keywords = {"_": None, "_l": None, "gettext": None, "ngettext": (1, 2)}
    used = {
        message for _, _, message, _, _ in extract_from_dir(PAGES.parent, methods, options, keywords=keywords)
    }
    known = {message.id: message.string for message in catalogue() if message.id}
    assert used == set(known)
    assert all(text if isinstance(text, str) else all(text) for text in known.values())
    assert not [message.id for message in catalogue() if message.id and message.fuzzy]


def test_the_compiled_catalogue_is_the_written_one():
    compiled = BytesIO()
    write_mo(compiled, catalogue())
    compiled.seek(0)
    with (FRENCH / "messages.mo").open("rb") as file:
        committed = [(message.id, message.string) for message in read_mo(file)]
    assert committed == [(message.id, message.string) for message in read_mo(compiled)]


def test_french_sentences_never_break_before_their_punctuation():
    for message in catalogue():
        texts = [message.string] if isinstance(message.string, str) else message.string
        for text in texts if message.id else ():
            assert not any(f" {sign}" in text for sign in ";:!?"), text
            assert "'" not in text, text
