from datetime import UTC, datetime, timedelta, timezone

import pytest

from chassis.values import instants

EIGHT = datetime(2026, 11, 16, 8, 0, 0, 250_000, UTC)
IN_PARIS = EIGHT.astimezone(timezone(timedelta(hours=1)))


@pytest.mark.parametrize("moment", [EIGHT, IN_PARIS, EIGHT.replace(microsecond=250_999)])
def test_an_instant_is_in_utc_and_whole_milliseconds(moment):
    instant = instants.to_instant(moment)
    assert (instant, instant.tzinfo) == (EIGHT, UTC)


@pytest.mark.parametrize("moment", [EIGHT, IN_PARIS, EIGHT.replace(microsecond=250_999)])
def test_an_instant_is_written_with_milliseconds_and_a_z(moment):
    assert instants.to_text(moment) == "2026-11-16T08:00:00.250Z"


@pytest.mark.parametrize(
    "text",
    ["2026-11-16T08:00:00.250Z", "2026-11-16T08:00:00.250999Z", "2026-11-16T09:00:00.250+01:00"],
)
def test_an_instant_is_read_from_any_zone(text):
    assert instants.from_text(text) == EIGHT


@pytest.mark.parametrize("text", ["2026-11-16T08:00:00", "2026-11-16", "noon", ""])
def test_a_text_without_a_zone_names_no_instant(text):
    with pytest.raises(ValueError, match=r"zone|isoformat"):
        instants.from_text(text)


def test_a_moment_without_a_zone_is_no_instant():
    with pytest.raises(ValueError, match="zone"):
        instants.to_text(EIGHT.replace(tzinfo=None))
