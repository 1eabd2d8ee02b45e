"""Days as a calendar file that others read."""

from datetime import UTC, datetime

from gateway.portal.days import ics

NOW = datetime(2026, 11, 16, 11, tzinfo=UTC)


def test_a_stay_is_an_event_with_its_hours_in_utc():
    event = ics.Event("b-1", "Zoé, Cantine", "École", "2026-11-18", "11:45", "13:30")
    text = ics.calendar([event], "Europe/Paris", NOW)
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert "DTSTART:20261118T104500Z\r\nDTEND:20261118T123000Z\r\n" in text
    assert "SUMMARY:Zoé\\, Cantine\r\n" in text
    assert "UID:b-1@marelle\r\n" in text


def test_a_stay_without_hours_takes_the_day_and_long_lines_are_folded():
    event = ics.Event("b-1", "é" * 80, "", "2026-11-18", None, None)
    text = ics.calendar([event], "Europe/Paris", NOW)
    assert "DTSTART;VALUE=DATE:20261118\r\n" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert text.replace("\r\n ", "").count("é") == 80


def test_a_family_takes_the_days_of_an_outcome_along(parent, town):
    response = parent.get("/confirmations/cf-1/days.ics")
    assert response.mimetype == "text/calendar"
    assert "BEGIN:VEVENT" in response.text
