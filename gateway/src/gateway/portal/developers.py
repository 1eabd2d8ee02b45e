"""A page for who changes pages: every component, as it is used; served only where a setting says so."""

from typing import Final

from flask import Blueprint, render_template

from gateway import policy
from gateway.pages import frame, states
from gateway.portal.planning.grid import Cell

blueprint = Blueprint("developers", __name__)

DRAFTS: Final = (("draft draft-book", ("pencil",)), ("draft draft-cancel", ("pencil",)))


@blueprint.get("/dev/components")
@policy.anonymous
def show() -> str:
    """Show all components."""
    looks = states.looks(frame.language(), aggregate=False)
    cells = [
        Cell(
            f"c{number}", number, look.css, look.icons, look.brief, look.word, look.name, value=f"b0.{number}"
        )
        for number, look in enumerate(looks.values(), start=1)
    ]
    cells += [
        Cell(f"c{number}", number, css, icons, "3,76", css[-4:], css, value=f"B0.{number}")
        for number, (css, icons) in enumerate(DRAFTS, start=9)
    ]
    return render_template(
        "dev/components.html",
        cells=cells[:7],
        slots=[
            Cell(
                f"s{cell.number}",
                cell.number,
                cell.css,
                cell.icons,
                cell.brief,
                cell.word,
                cell.heard,
                value="b0.1",
            )
            for cell in cells
        ],
        legend=list(looks.values()),
        marked=list(states.marks(frame.language()).values()),
        drafting=True,
    )
