"""The French of the pages: complete, compiled, and set as French is."""

from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

import gateway.pages

PAGES = Path(gateway.pages.__file__).parent
FRENCH = PAGES / "translations" / "fr" / "LC_MESSAGES"


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
