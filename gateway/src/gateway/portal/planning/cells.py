"""The cells of a calendar as markup.

They are made here and not by templates because a month has eighty of them. Everything that comes from
elsewhere is escaped.
"""

from markupsafe import Markup, escape

from gateway.pages.drawing import icon
from gateway.portal.planning.grid import Cell


def cell(shown: Cell, *, swap: bool = False, name: str = "") -> Markup:
    """Return one day: a button where it can be chosen, a link to its list, or text.

    `swap` marks it to take the place of the one on the page; `name` is what a list calls the activity.
    """
    inside = "".join(
        (
            f'<span class="dn" aria-hidden="true">{shown.number}</span>',
            f'<span class="sr">{escape(shown.label)}{", " + escape(name) if name else ""}, </span>',
            f'<span class="mk">{"".join(icon(drawing) for drawing in shown.icons[1:])}</span>'
            if len(shown.icons) > 1
            else "",
            '<span class="st">',
            icon(shown.icons[0]),
            f'<span class="wd">{escape(shown.word)}</span>',
            f'<span class="ex">{escape(shown.extra)}</span>' if shown.extra else "",
            "</span>",
            f'<span class="un" aria-hidden="true">{escape(shown.until)}</span><span class="sr">, '
            f"{escape(shown.until_label)}</span>"
            if shown.until
            else "",
            '<span class="vac" aria-hidden="true">V</span>' if shown.vacation else "",
        )
    )
    css = f"day {shown.css}{' today' if shown.today else ''}"
    oob = ' hx-swap-oob="true"' if swap else ""
    start = f'id="{shown.id}" class="{css}"{oob}'
    if shown.value is not None:
        html = f'<button {start} name="toggle" value="{escape(shown.value)}">{inside}</button>'
    elif shown.href is not None:
        html = f'<a {start} href="{escape(shown.href)}">{inside}</a>'
    else:
        html = f"<div {start}>{inside}</div>"
    return Markup(html)  # noqa: S704 - every part is escaped above
