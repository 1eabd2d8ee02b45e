"""Cursors: where a page of a list ended, opaque to who carries it, and believed like anything else."""

import base64
import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.fields import read_cursor, written_cursor
from chassis.values.errors import Refused
from chassis.values.instants import from_text


def packed(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


def test_a_cursor_is_read_back_as_it_was_written():
    assert read_cursor(written_cursor("2026-11-16", "b-1"), date.fromisoformat) == (date(2026, 11, 16), "b-1")
    asked_at = datetime(2026, 11, 16, 8, tzinfo=UTC)
    assert read_cursor(written_cursor(asked_at.isoformat(), "b-1"), from_text) == (asked_at, "b-1")


def test_no_cursor_is_the_first_page():
    assert read_cursor(None, date.fromisoformat) is None


@pytest.mark.parametrize("read", [date.fromisoformat, from_text])
@pytest.mark.parametrize(
    "cursor",
    [
        "nonsense",
        "é",
        "\ud800",
        "",
        packed({"a": 1, "b": 2}),
        packed(["2026-11-16"]),
        packed(["2026-11-16T08:00:00Z", 7]),
        packed(["2026-11-16", None]),
        packed([20261116, "b-1"]),
        packed([["2026-11-16"], "b-1"]),
        packed(["0000-01-01", "b-1"]),
        packed(["10000-01-01", "b-1"]),
        packed(["2026-11-16T08:00:00", "b-1"]),
        # an instant that lies outside of the calendar once it is in UTC
        packed(["0001-01-01T00:00:00+23:59", "b-1"]),
        packed(["9999-12-31T23:59:59-23:59", "b-1"]),
        packed(["2026-11-16", ""]),
        packed(["2026-11-16", "b\x00"]),
        packed(["2026-11-16", "\ud800"]),
        packed(["2026-11-16T08:00:00Z", "\udfff"]),
        packed(["2026-11-16", {"$ne": ""}]),
        packed(["2026-11-16", "x" * 129]),
    ],
)
def test_what_no_list_has_written_is_malformed(cursor, read):
    with pytest.raises(Refused) as refusal:
        read_cursor(cursor, read)
    assert refusal.value.code == "malformed"
    assert [error["pointer"] for error in refusal.value.errors] == ["/cursor"]


@given(st.one_of(st.text(), st.recursive(st.none() | st.integers() | st.text(), st.lists).map(packed)))
def test_no_text_breaks_the_reading_of_a_cursor(text):
    try:
        place = read_cursor(text, from_text)
    except Refused as refusal:
        place = refusal.code
    assert place == "malformed" or place[0].tzinfo is UTC
