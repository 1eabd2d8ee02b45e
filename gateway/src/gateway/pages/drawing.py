"""The small pieces that pages are full of, as markup: icons and badges.

They are made here and not by templates because a page has dozens of them. Everything that comes from
elsewhere is escaped.
"""

from functools import cache

from markupsafe import Markup

from gateway.pages import assets, labels


@cache
def icon(name: str) -> Markup:
    """Return an icon of the sprite; its meaning stands in words beside it."""
    return Markup('<svg class="ic" aria-hidden="true" focusable="false"><use href="#{}"/></svg>').format(name)


@cache
def sprite() -> Markup:
    """Return the sprite that icons refer to, once per page."""
    return Markup(assets.sprite())  # noqa: S704 - a file of ours


@cache
def badge(state: str, language: str, kind: str = "verdict") -> Markup:
    """Return icon and word of a booking's state, of an expected outcome, or of a request's state."""
    css, icons, word = labels.badges(language, kind).get(state, ("off", (), state))
    drawn = Markup("").join(icon(name) for name in icons)
    return Markup('<span class="badge {}">{}{}</span>').format(css, drawn, word)
