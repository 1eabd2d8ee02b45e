"""Texts in the reader's language, looked up in a catalogue that is found once for each request.

flask_babel finds it anew for each text, and the page of a month has a hundred and twenty. Texts that are kept
beside the code (`lazy_gettext` in `labels`) stay flask_babel's, and so do the catalogues.
"""

from babel.support import Translations
from flask import Flask, g
from flask_babel import get_translations


def install(app: Flask) -> None:
    """Have templates look their texts up here."""
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: _catalogue().ugettext(text),
        lambda one, several, num: _catalogue().ungettext(one, several, num),
        newstyle=True,
    )


def gettext(text: str, **named: object) -> str:
    """Return the text in the reader's language, with `%(name)s` filled in."""
    found: str = _catalogue().ugettext(text)
    return found % named if named else found


def ngettext(one: str, several: str, num: int) -> str:
    """Return the text for one thing or for several, in the reader's language, with `%(num)s` filled in."""
    found: str = _catalogue().ungettext(one, several, num)
    return found % {"num": num}


def _catalogue() -> Translations:
    found: Translations | None = g.get("catalogue")
    if found is None:
        found = g.catalogue = get_translations()
    return found
