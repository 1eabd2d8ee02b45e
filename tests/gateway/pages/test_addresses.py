"""An address is read as what it may be."""

import pytest

from gateway.pages import addresses


@pytest.mark.parametrize(
    ("target", "kept"),
    [("/planning?month=2026-12", True), ("//x", False), ("/\\x", False), ("x", False), ("", False)],
)
def test_only_paths_of_this_site_are_led_back_to(target, kept):
    assert addresses.inside(target) == (target if kept else "")
