"""Known devices, and what is logged of a refusal, decided in milliseconds."""

from dataclasses import replace

import pytest

from identity.sessions import doors
from identity.sessions.contract import Nothing
from tests.identity.sessions.test_doors_with_fakes import RIGHT, WRONG, House, refused

TOKEN = "x" * 43


def test_a_device_is_remembered_when_it_asks_for_it_and_has_a_bucket_of_its_own():
    house = House()
    assert doors.log_in(house.unknown(), RIGHT)["device_token"] is None
    assert house.memory.account.devices == ()
    token = doors.log_in(house.unknown(), replace(RIGHT, remember_device=True))["device_token"]
    assert len(token) == len(TOKEN)
    [device] = house.memory.account.devices
    assert token not in device.sha256
    known = replace(RIGHT, device_token=token)
    assert refused(doors.log_in, house.unknown(), replace(known, password="wrong")) == "invalid_credentials"
    assert len(house.memory.attempts) == 1
    house.clock.advance(days=2)
    assert doors.log_in(house.unknown(), known)["device_token"] == token
    assert house.memory.account.devices[0].logged_in_at == house.clock.now()
    assert house.memory.attempts == []


def test_a_device_that_others_know_is_a_stranger_to_an_account_until_it_logs_in_there():
    house, shared = House(), replace(RIGHT, device_token=TOKEN)
    assert refused(doors.log_in, house.unknown(), replace(shared, password="wrong")) == "invalid_credentials"
    assert len(house.memory.attempts) == 2
    assert doors.log_in(house.unknown(), shared)["device_token"] == TOKEN
    assert len(house.memory.account.devices) == 1


@pytest.fixture
def lines(monkeypatch):
    found = []
    monkeypatch.setattr(
        doors.log, "info", lambda event, **fields: found.append((event, fields)), raising=False
    )
    return found


def test_a_refused_log_in_is_logged_without_telling_who_and_from_where(lines):
    house = House()
    assert (
        refused(doors.log_in, house.unknown("town"), replace(WRONG, device_token=TOKEN))
        == "invalid_credentials"
    )
    [(event, fields)] = lines
    assert event == "log_in_refused"
    assert fields == {
        "reason": "invalid_credentials",
        "organisation_id": "town",
        "network": "192.0.2.1 on 2026-11-16",
        "wait_s": None,
    }


def test_a_log_in_and_its_end_are_logged_by_ids_alone(lines):
    house = House()
    session = doors.log_in(house.unknown("town"), RIGHT)["session"]
    account_id, session_id = session["account_id"], session["id"]
    doors.log_out(house.ana(session_id), Nothing())
    assert lines == [
        (
            "logged_in",
            {
                "account_id": account_id,
                "session_id": session_id,
                "organisation_id": session["organisation"]["id"],
                "network": "192.0.2.1 on 2026-11-16",
                "known_device": False,
            },
        ),
        ("logged_out", {"account_id": account_id, "session_id": session_id}),
    ]
