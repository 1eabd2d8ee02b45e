from datetime import UTC, datetime, timedelta

import pytest

from booking.offer.model import Afterwards, Gauge
from booking.planning.model import Cell, CellState
from booking.planning.rules import Eligibility, aggregate, cell
from booking.seats.model import Place, Slot
from booking.vocabulary import BookingState, DayPart, DecisionMode, Reason
from tests.booking.rule_tables import rows

NOW = datetime(2026, 11, 10, 9, tzinfo=UTC)
CELLS = rows("calendar.md", "## One activity: eight meanings")
AGGREGATES = rows("calendar.md", "## No activity selected: eight meanings of a day")
CLOSES = {"open": timedelta(hours=1), "past": timedelta(0)}
AFTERWARDS = {"request": Afterwards.REQUEST, "surcharge": Afterwards.SURCHARGE}


def pair(text: str) -> tuple[int, int | None]:
    left, right = text.split("/")
    return int(left), int(right) if right else None


def slot_of(row: dict[str, str]) -> Slot | None:
    if row["slot"] == "missing":
        return None
    waiting, waiting_max = pair(row["queue"])
    return Slot(
        "s",
        "a",
        "c",
        DayPart.DAY,
        ("places",),
        NOW + timedelta(days=6),
        booking_closes_at=NOW + CLOSES.get(row["booking"], timedelta(0)),
        cancelling_closes_at=NOW + CLOSES.get(row["cancelling"], timedelta(0)),
        booking_afterwards=AFTERWARDS.get(row["booking"], Afterwards.REFUSE),
        cancelling_afterwards=AFTERWARDS.get(row["cancelling"], Afterwards.REFUSE),
        waiting_max=waiting_max,
        open=row["slot"] == "there",
        waiting=waiting,
    )


def cell_of(row: dict[str, str]) -> Cell:
    taken, most = pair(row["seats"])
    modes = {mode.value: mode for mode in DecisionMode}
    eligibility = Eligibility(
        refusal=Reason(row["eligibility"]) if row["eligibility"] else None,
        decision_mode=modes.get(row["mode"], DecisionMode.INSTANT),
        prepaid=row["mode"] == "prepaid",
    )
    place = Place("b", BookingState(row["own"])) if row["own"] else None
    return cell(slot_of(row), (Gauge("places", most, taken), Gauge("other", 1, 1)), place, eligibility, NOW)


@pytest.mark.parametrize("row", CELLS, ids=lambda row: row["meaning"])
def test_a_day_of_one_activity_has_one_of_eight_meanings(row):
    got = cell_of(row)

    shown = {
        "state": got.state.value,
        "mark": got.mark.value if got.mark else "",
        "would": got.would.value if got.would else "",
        "free": "" if got.free is None else str(got.free),
        "reason": got.reason.value if got.reason else "",
    }
    assert shown == {name: row[name] for name in shown}


def test_the_table_shows_every_one_of_the_eight_meanings():
    assert {row["state"] for row in CELLS} == {state.value for state in CellState}
    assert {row["number"] for row in AGGREGATES} == set("12345678")


@pytest.mark.parametrize("row", AGGREGATES, ids=lambda row: f"{row['number']} {row['meaning']}")
def test_a_day_over_all_activities_has_one_of_eight_meanings(row):
    cells = [Cell(CellState(name)) for name in row["cells"].split()]

    assert aggregate(cells).value == row["state"]


def test_a_booked_day_tells_its_rank_its_hold_and_its_deadlines():
    slot = slot_of(CELLS[-1] | {"cancelling": "open"})
    place = Place("b", BookingState.WAITLISTED, rank=2, held_until=NOW)

    got = cell(slot, (), place, Eligibility(), NOW)

    assert (got.rank, got.booking_id, got.held_until) == (2, "b", NOW)
    assert (got.booking_closes_at, got.cancelling_closes_at) == (
        slot.booking_closes_at,
        slot.cancelling_closes_at,
    )
