"""What is wrong with a page to somebody's eyes, fingers or ears, as lists of findings; empty is good."""

from typing import Any

from playwright.sync_api import Page

from tests.browser.conftest import AXE

# Fingers: what is pressed is 44 px high and wide; a tick box counts with the label around it.
_SMALL = """
() => [...document.querySelectorAll("button, .btn, a.day, a.x, select, summary, label:has(input), input")]
  .filter((e) => e.checkVisibility({visibilityProperty: true}) && !e.matches("label input, [type=hidden]"))
  .map((e) => [e, e.getBoundingClientRect()])
  .filter(([e, box]) => box.width > 1 && (box.width < 43.5 || box.height < 43.5))
  .map(([e, box]) => `${e.id || e.className || e.tagName}: ${box.width} x ${box.height}`)
"""
# Text that its own box cuts off, or that runs out of what can be pressed; what only ears get is left aside,
# and so is what can be scrolled to its end.
_CUT = """
() => [...document.querySelectorAll("main *, header *, footer *")]
  .filter((e) => e.checkVisibility() && !e.closest("svg, .sr, select, table thead") && e.childNodes.length)
  .filter((e) => { const s = getComputedStyle(e);
    const pressed = e.matches("button, .btn, .day, .slot, .badge, nav a");
    const scrolled = [s.overflowX, s.overflowY].some((o) => o === "auto" || o === "scroll");
    return s.clipPath === "none" && !scrolled && (s.overflow !== "visible" || pressed); })
  .filter((e) => e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1)
  .map((e) => `${e.id || e.className || e.tagName} "${e.innerText.slice(0, 40)}"`)
"""
_SPACED = """
() => { const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important } p { margin-bottom: 2em !important }`);
  document.adoptedStyleSheets = [sheet]; }
"""
_SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_AXE_RUN = """
async (contrast) => (await axe.run(document, {
  resultTypes: ["violations"], rules: {"target-size": {enabled: true}, "color-contrast": {enabled: contrast}},
})).violations
"""


def violations(page: Page, *, contrast: bool = True) -> list[str]:
    """What axe-core finds; it runs beside the page's own policy, which admits no script but the page's.

    Without `contrast` where colours are the reader's own: axe would read the page's.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate(_AXE_RUN, contrast)
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}" for each in found for node in each["nodes"]
    ]


def small_targets(page: Page) -> list[str]:
    """What is pressed with a finger and smaller than one."""
    return page.evaluate(_SMALL)


def cut_texts(page: Page) -> list[str]:
    """Texts that can't be read to their end."""
    return page.evaluate(_CUT)


def space_out(page: Page) -> None:
    """Lay the reader's own spacing over the page (WCAG 1.4.12); no policy of the page concerns it."""
    page.evaluate(_SPACED)


def scrolls_sideways(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return page.evaluate(_SIDEWAYS)


def assert_fits(page: Page, where: str) -> None:
    """Nothing is wider than the window, cut off, or too small for a finger."""
    assert scrolls_sideways(page) <= 0, where
    small, cut = small_targets(page), cut_texts(page)
    assert not small, f"{where}: too small are {small}"
    assert not cut, f"{where}: cut are {cut}"


def assert_clean(page: Page, where: str) -> None:
    found = violations(page)
    assert not found, f"{where}: {found}"
    assert_fits(page, where)


def assert_clean_at(page: Page, widths: tuple[int, ...], where: str) -> None:
    """The same at several widths of a window as high as the page: what a bar covers can be scrolled to."""
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        whole = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": width, "height": whole})
        assert_clean(page, f"{where} at {width}")
