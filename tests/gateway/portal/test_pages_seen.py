"""Every page of the portal is among those that a browser looks at."""

from gateway import policy
from tests.browser import pages

LISTED = {
    *pages.OF_ANYBODY,
    *pages.OF_FAMILIES,
    *pages.OF_WHAT_HAPPENED,
    *pages.SEEN_ELSEWHERE,
    *pages.NO_PAGES,
}


def addresses(app):
    """The address of every page, with "x" for ids."""
    with app.test_request_context():
        build = app.url_map.bind("localhost").build
        return {
            build(rule.endpoint, {name: "carteville" if name == "slug" else "x" for name in rule.arguments})
            for rule in app.url_map.iter_rules()
            if rule.endpoint.startswith("portal.") and "GET" in rule.methods and policy.of(app, rule.endpoint)
        }


def test_every_page_is_looked_at_in_a_browser(portal):
    assert addresses(portal) - LISTED == set()


def test_every_page_that_is_looked_at_is_one(portal):
    assert LISTED - addresses(portal) == {"/offline", "/dev/components"}
