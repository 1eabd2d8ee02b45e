"""The cells of a planning as markup.

They are made here and not by templates because a month has eighty of them; what was drawn once is kept, since
most families see the same free and closed days. Everything that comes from elsewhere is escaped.
"""

from collections.abc import Iterable
from functools import lru_cache

from markupsafe import Markup, escape

from gateway.clients.identity import HelpDesk
from gateway.pages.brand import dialled
from gateway.pages.drawing import icon
from gateway.pages.texts import gettext as _
from gateway.portal.planning.boards import Row
from gateway.portal.planning.grid import Cell
from gateway.portal.planning.whys import Why

KEPT = 8192


@lru_cache(KEPT)
def day(shown: Cell, *, swap: bool = False) -> Markup:
    """Return one day of a month. `swap` marks it to take the place of the one on the page."""
    marks = "".join(icon(drawing) for drawing in shown.icons[1:])
    extra = f"<small>{escape(shown.extra)}</small>" if shown.extra else ""
    inside = (
        f'<span class="n" aria-hidden="true">{shown.number}</span>{icon(shown.icons[0])}'
        f'<span class="t" aria-hidden="true"><span class="brief">{escape(shown.brief)}</span>'
        f'<span class="long">{escape(shown.word)}{extra}</span></span>'
        f"{f'<span class=m>{marks}</span>' if marks else ''}"
    )
    return _pressed(shown, f"day {shown.css}{' today' if shown.today else ''}", inside, swap=swap)


@lru_cache(KEPT)
def slot(shown: Cell, *, swap: bool = False) -> Markup:
    """Return one cell of a week, or of the list of a day: its word on one line, on a phone too."""
    brief = shown.word if shown.css.startswith(("booked", "draft")) else shown.brief or shown.word
    long = f"{shown.word}, {shown.extra}" if shown.extra else shown.word
    inside = (
        f"{''.join(icon(drawing) for drawing in shown.icons)}"
        f'<span aria-hidden="true"><span class="brief">{escape(brief)}</span>'
        f'<span class="long">{escape(long)}</span></span>'
    )
    return _pressed(shown, f"slot {shown.css}", inside, swap=swap)


def _pressed(shown: Cell, css: str, inside: str, *, swap: bool) -> Markup:
    oob = ' hx-swap-oob="true"' if swap else ""
    until = f' title="{escape(shown.until)}"' if shown.until else ""
    start = f'id="{shown.id}" class="{css}"{until}{oob}'
    heard = f'<span class="sr">{escape(shown.heard)}</span>'
    if shown.value is not None:
        pressed = "true" if "draft" in shown.css.split() else "false"
        html = (
            f'<button {start} name="toggle" value="{escape(shown.value)}" aria-pressed="{pressed}">'
            f"{inside}{heard}</button>"
        )
    elif shown.href is not None:
        html = f'<a {start} href="{escape(shown.href)}">{inside}{heard}</a>'
    elif shown.why:
        html = f'<button type="button" {start} popovertarget="{shown.why}">{inside}{heard}</button>'
    else:
        html = f"<div {start}>{inside}{heard}</div>"
    return Markup(html)  # noqa: S704 - every part is escaped above


def weeks(rows: Iterable[Row], columns: int) -> Markup:
    """Return the weeks of a month as rows of a table."""
    return Markup("".join(_week(row, columns) for row in rows))  # noqa: S704 - every part is escaped


def _week(row: Row, columns: int) -> str:
    if row.said:
        words = f"<strong>{escape(row.name)}</strong>, {escape(row.said)}"
        return f'<tr><td colspan="{columns}"><div class="span"><span>{words}</span></div></td></tr>'
    shown = (
        f'<td><span class="out" aria-hidden="true">{number}</span></td>'
        if cell is None
        else f"<td>{day(cell)}</td>"
        for number, cell in row.cells
    )
    return f"<tr>{''.join(shown)}</tr>"


def sheets(found: dict[Why, str], desk: HelpDesk | None) -> Markup:
    """Return the sheets that days lead to: why, since when, what can still be done, and whom to call."""
    close = escape(_("Close"))
    drawn = (_sheet(why, name, desk or HelpDesk(), close) for why, name in found.items())
    return Markup("".join(drawn))  # noqa: S704 - every part is escaped


@lru_cache(KEPT)
def _sheet(why: Why, name: str, desk: HelpDesk, close: Markup) -> str:
    word = f"<strong>{escape(why.word)}.</strong> " if why.word != why.title else ""
    advice = f"<p>{escape(why.advice)}</p>" if why.advice else ""
    call = (
        f'<p class="acts"><a class="btn" href="tel:{escape(dialled(desk.phone))}">{icon("telephone")}'
        f"{escape(desk.phone)}</a></p><p><small>{escape(desk.hours)}</small></p>"
        if desk.phone
        else ""
    )
    return (
        f'<div class="sheet noprint" id="{name}" popover role="dialog" aria-labelledby="{name}-title">'
        f'<div class="sheethead"><h2 id="{name}-title">{escape(why.title)}</h2>'
        f'<button type="button" class="x" popovertarget="{name}" popovertargetaction="hide" '
        f'aria-label="{close}" autofocus>{icon("x-lg")}</button></div>'
        f"<p>{icon(why.icon)} {word}{escape(why.said)}</p>{advice}{call}</div>"
    )
