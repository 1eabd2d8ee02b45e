"""Every mail in a browser, as wide as a small phone and as a desktop."""

import pytest

from notify.letters.render import preview
from tests.browser import looking

SAMPLES = list(preview.samples())


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mails")
    preview.write(folder)
    return folder


@pytest.fixture(params=[320, 1280])
def reading(request, chromium):
    """A page as wide as a small phone, and as a desktop."""
    context = chromium.new_context(viewport={"width": request.param, "height": 900})
    yield context.new_page(), request.param
    context.close()


def test_every_mail_fits_its_page_and_is_accessible(written, reading, keep):
    page, width = reading
    wrong = {}
    for each in SAMPLES:
        page.goto((written / f"{each.name}.html").as_uri())
        sideways = looking.scrolls_sideways(page)
        found = [*looking.violations(page), *([f"{sideways} px too wide"] if sideways else [])]
        if page.locator(".button").bounding_box()["height"] < 44:
            found.append("the button is too small for a finger")
        if found:
            wrong[each.name] = found
        if each.language == "fr":
            keep(page, f"mail-{each.name}-{width}")
    assert wrong == {}


def test_the_page_of_every_mail_fits_a_small_phone(written, reading):
    page, _ = reading
    page.goto((written / "index.html").as_uri())
    assert page.locator("article").count() == len(SAMPLES)
    assert looking.scrolls_sideways(page) <= 0
