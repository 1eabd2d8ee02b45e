"""Which pages there are to look at. What no list names fails `tests/gateway/portal/test_pages_seen.py`."""

OF_ANYBODY = ("/carteville", "/accessibilite", "/plan-du-site", "/offline", "/dev/components")
OF_FAMILIES = (
    "/home",
    "/today",
    "/today/kept",
    "/planning",
    "/planning/week",
    "/planning/bulk",
    "/review",
    "/bookings",
    "/balance",
    "/messages",
    "/preferences",
    "/sessions",
)
OF_WHAT_HAPPENED = (
    "/confirmations/x",
    "/pay/x",
    "/payments/return",
    "/bookings/x/cancel",
    "/planning/day",
    "/messages/x",
)
"""Of bookings, payments and messages, which `lived_in` makes; "x" stands for an id."""

SEEN_ELSEWHERE = {"/pay/office/x": "tests/browser/test_together.py"}
NO_PAGES = ("/", "/carteville/", "/planning/costs", "/bookings/days.ics", "/confirmations/x/days.ics")
"""What leads on, is a part of a page, or a file."""
