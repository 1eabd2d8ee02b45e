"""The declaration of accessibility is itself accessible, on a phone and everywhere else."""

from playwright.sync_api import expect

from tests.browser.looking import assert_clean_at

WIDTHS = (1280, 390, 320)


def test_axe_finds_nothing_on_the_declaration_which_is_reached_from_the_log_in(open_page, keep):
    page = open_page(390)
    page.goto("/")
    page.locator("footer").get_by_role("link", name="Accessibilité").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Déclaration")
    assert_clean_at(page, WIDTHS, "declaration")
    keep(page, "declaration-320")
