"""What can be chosen: the offer, a calendar, one day, a draft."""

OFFER = {
    "children": [
        {
            "id": "c-1",
            "first_name": "Zoé",
            "last_name": "Martin",
            "birth_on": "2019-04-02",
            "activity_ids": ["act-1"],
        }
    ],
    "centres": [{"id": "ctr-1", "name": "Centre du Parc"}],
    "activities": [
        {
            "id": "act-1",
            "name": "Mercredi 3-6 ans",
            "group": "Loisirs",
            "centre_ids": ["ctr-1"],
            "day_parts": [{"day_part": "day", "arrives_at": "07:30", "leaves_at": "18:00"}],
            "charging_mode": "prepaid",
            "decision_mode": "instant",
            "needs_enrolment": False,
            "age_min": 3,
            "age_max": None,
            "limited": True,
        }
    ],
    "periods": [
        {
            "id": "p-1",
            "name": "Automne",
            "centre_ids": ["ctr-1"],
            "starts_on": "2026-11-02",
            "ends_on": "2026-12-18",
            "opens_at": "2026-10-01T06:00:00Z",
            "closes_at": None,
            "open": True,
        }
    ],
}
CELL = {
    "day": "2026-11-18",
    "state": "booked",
    "mark": "held",
    "would": None,
    "free": 3,
    "rank": None,
    "booking_id": "b-1",
    "held_until": "2026-11-16T08:25:00Z",
    "booking_closes_at": None,
    "cancelling_closes_at": "2026-11-16T23:00:00Z",
    "reason": None,
}
CALENDAR = {
    "from_on": "2026-11-18",
    "to_on": "2026-11-18",
    "days": [{"day": "2026-11-18", "holiday": None, "closure": None, "school_holiday": None}],
    "series": [
        {
            "child_id": "c-1",
            "activity_id": "act-1",
            "centre_id": "ctr-1",
            "day_part": "day",
            "days": [CELL],
        }
    ],
    "aggregates": [{"child_id": "c-1", "days": [{"day": "2026-11-18", "state": "booked"}]}],
}
DAY = {
    "day": "2026-11-18",
    "activities": [
        {
            "activity_id": "act-1",
            "activity_name": "Mercredi 3-6 ans",
            "centre_id": "ctr-1",
            "day_part": "day",
            "arrives_at": "07:30",
            "leaves_at": "18:00",
            "cell": CELL,
        }
    ],
}
MOVEMENT = {
    "action": "book",
    "child_id": "c-1",
    "activity_id": "act-1",
    "centre_id": "ctr-1",
    "day": "2026-11-18",
    "day_part": "day",
}
DRAFT = {"id": "d-1", "version": 3, "movements": [MOVEMENT], "updated_at": "2026-11-16T08:10:00.250Z"}
