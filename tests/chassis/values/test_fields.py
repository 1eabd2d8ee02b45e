"""What each kind of field takes and refuses, and how it is written."""

from datetime import UTC, date, datetime
from enum import StrEnum

import pytest
from marshmallow import ValidationError

from chassis.values import fields

EIGHT = datetime(2026, 11, 16, 8, tzinfo=UTC)


class Colour(StrEnum):
    WARM = "warm"
    COLD = "cold"


TAKEN = [
    (fields.identifier(), "booking:2026-11.b_7", "booking:2026-11.b_7"),
    (fields.identifier(), "a" * 128, "a" * 128),
    (fields.text(longest=3), "", ""),
    (fields.text(longest=3), "Zoé", "Zoé"),
    (fields.written(longest=3), " Zoe\u0301 ", "Zoé"),
    (fields.written(lines=True), "One.\nTwo.", "One.\nTwo."),
    (
        fields.written(),
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    ),
    (fields.written(), "\U0001f469\u200d\U0001f467 \u2764\ufe0f", "\U0001f469\u200d\U0001f467 \u2764\ufe0f"),
    (fields.name_of(("warm", "cold")), "cold", "cold"),
    (fields.name_of(Colour), "cold", "cold"),
    (fields.day(), "2026-11-16", date(2026, 11, 16)),
    (fields.instant(), "2026-11-16T08:00:00.000Z", EIGHT),
    (fields.instant(), "2026-11-16T08:00:00Z", EIGHT),
    (fields.instant(), "2026-11-16T09:00:00.000999+01:00", EIGHT),
    (fields.local_time(), "07:30", "07:30"),
    (fields.local_time(), "24:00", "24:00"),
    (fields.count(), 0, 0),
    (fields.count(least=1, most=3), 3, 3),
    (fields.cents(), -1260, -1260),
    (fields.limit(most=200), 200, 200),
    (fields.cursor(), None, None),
    (fields.idempotency_key(), "key!", "key!"),
    (fields.sha256(), "0a" * 32, "0a" * 32),
]

REFUSED = [
    (fields.identifier(), ""),
    (fields.identifier(), "-begins"),
    (fields.identifier(), "a" * 129),
    (fields.identifier(), "ends\n"),
    (fields.identifier(), {"$ne": ""}),
    (fields.identifier(), None),
    (fields.text(longest=3), "four"),
    (fields.written(), "   "),
    (fields.written(), "a\x00b"),
    (fields.written(), "One.\nTwo."),
    *[(fields.written(), f"Zo{sign}é") for sign in "\u00ad\u200b\u200e\u202e\u2028\u2066\ufeff\U000e0041"],
    (fields.name_of(Colour), "hot"),
    (fields.day(), "2026-02-30"),
    (fields.instant(), "2026-11-16T08:00:00"),
    (fields.instant(), "0001-01-01T00:00:00+14:00"),
    (fields.instant(), 1_763_280_000),
    (fields.local_time(), "24:01"),
    (fields.local_time(), "7:30"),
    (fields.count(), -1),
    (fields.count(), "3"),
    (fields.count(), 3.5),
    (fields.count(most=3), 4),
    (fields.cents(), 12.6),
    (fields.limit(), 0),
    (fields.limit(), 101),
    (fields.cursor(), "a" * 301),
    (fields.idempotency_key(), "a key"),
    (fields.idempotency_key(), "a" * 256),
    (fields.sha256(), "0A" * 32),
]


@pytest.mark.parametrize(("field", "value", "loaded"), TAKEN)
def test_a_value_of_its_kind_is_taken(field, value, loaded):
    assert field.deserialize(value) == loaded


@pytest.mark.parametrize(("field", "value"), REFUSED)
def test_a_value_of_another_kind_is_refused(field, value):
    with pytest.raises(ValidationError):
        field.deserialize(value)


@pytest.mark.parametrize(
    "make",
    [
        fields.identifier,
        fields.text,
        fields.written,
        fields.day,
        fields.instant,
        fields.local_time,
        fields.count,
        fields.cents,
    ],
)
def test_a_field_may_be_left_out_or_empty_where_its_contract_says_so(make):
    assert (make().required, make().allow_none) == (True, False)
    assert (make(required=False).required, make(allow_none=True).deserialize(None)) == (False, None)


def test_an_instant_is_written_in_utc_with_milliseconds():
    assert fields.instant().serialize("at", {"at": EIGHT}) == "2026-11-16T08:00:00.000Z"
    assert fields.instant(allow_none=True).serialize("at", {"at": None}) is None
