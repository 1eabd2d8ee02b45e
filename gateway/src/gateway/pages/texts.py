"""Texts in the reader's language, looked up in a catalogue that is found once for each request.

flask_babel finds it anew for each text, and the page of a month has a hundred and twenty. Texts that are kept
beside the code (`lazy_gettext` in `labels`) stay flask_babel's, and so do the catalogues.
"""

from functools import lru_cache
from typing import Final

from babel.support import Translations
from flask import Flask, g
from flask_babel import get_translations
from markupsafe import Markup

KEPT: Final = 4096


def install(app: Flask) -> None:
    """Have templates look their texts up here; what they fill in is escaped."""
    app.jinja_env.globals.update(gettext=_gettext_markup, ngettext=_ngettext_markup, _=_gettext_markup)


def gettext(text: str, **named: object) -> str:
    """Return the text in the reader's language, with `%(name)s` filled in."""
    found: str = _catalogue().ugettext(text)
    return found % named if named else found


def ngettext(one: str, several: str, num: int) -> str:
    """Return the text for one thing or for several, in the reader's language, with `%(num)s` filled in."""
    found: str = _catalogue().ungettext(one, several, num)
    return found % {"num": num}


def _gettext_markup(text: str, **named: object) -> Markup:
    found = _markup(_catalogue(), text)
    return found % named if named else found


def _ngettext_markup(one: str, several: str, num: int, **named: object) -> Markup:
    return Markup(_catalogue().ungettext(one, several, num)) % {"num": num, **named}  # noqa: S704 - ours


@lru_cache(KEPT)
def _markup(catalogue: Translations, text: str) -> Markup:
    return Markup(catalogue.ugettext(text))  # noqa: S704 - ours


def _catalogue() -> Translations:
    found: Translations | None = g.get("catalogue")
    if found is None:
        found = g.catalogue = get_translations()
    return found
