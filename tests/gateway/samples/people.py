"""Who asks: a session, its organisation, the family and its children."""

TOKEN = "q7Vx0Zk3mT9wLr5sB1nY8cH2jD6fG4pA_uE-iOaXbQs"

ORGANISATION = {
    "id": "o-1",
    "slug": "carteville",
    "name": "Ville de Carteville",
    "time_zone": "Europe/Paris",
    "language": "fr",
    "announcements": [{"title": "Vacances d'hiver", "text": "Ouverture lundi."}],
    "colour": "#0b3c5d",
    "crest": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M1 1h7v7z"/></svg>',
    "accessibility": {"plan_url": "", "contact": "", "exempt": ""},
    "help_desk": {
        "name": "Service enfance",
        "address": "12 place du Marché, 99150 Carteville",
        "phone": "05 00 00 01 50",
        "hours": "lundi à vendredi, 8 h 30 à 12 h",
    },
}
SESSION = {
    "id": "s-1",
    "account_id": "a-1",
    "display_name": "Jeanne Martin",
    "login": "jeanne@martin.example",
    "language": "fr",
    "kind": "family",
    "organisation": {"id": "o-1", "slug": "carteville", "name": "Carteville", "time_zone": "Europe/Paris"},
    "family_id": "f-1",
    "guardian_id": "g-1",
    "roles": [],
    "centre_ids": [],
    "membership_id": "m-1",
    "merged_family_ids": [],
    "grants": [],
    "memberships": [
        {
            "id": "m-1",
            "organisation_id": "o-1",
            "slug": "carteville",
            "name": "Carteville",
            "family_id": "f-1",
            "family_name": None,
            "roles": [],
        }
    ],
    "created_at": "2026-11-16T08:00:00Z",
    "idle_expires_at": "2026-11-16T08:30:00Z",
    "expires_at": "2026-11-16T20:00:00Z",
}
OWN_SESSION = {
    "id": "s-1",
    "created_at": "2026-11-16T08:00:00Z",
    "last_seen_at": "2026-11-16T08:05:00Z",
    "user_agent": "Firefox",
    "current": True,
}
CHILD = {
    "id": "c-1",
    "first_name": "Zoé",
    "last_name": "Martin",
    "birth_on": "2019-04-02",
    "school": "École du Parc",
    "school_class": "CP",
    "shared": False,
}
FAMILY = {
    "id": "f-1",
    "reference": "F0001",
    "name": "Martin",
    "language": "fr",
    "address_lines": ["1 rue des Lilas"],
    "phones": ["0102030405"],
    "guardians": [
        {"id": "g-1", "first_name": "Jeanne", "last_name": "Martin", "email": None, "phone": "0102030405"}
    ],
    "children": [CHILD],
}
ENROLMENT = {
    "id": "e-1",
    "child_id": "c-1",
    "activity_id": "act-1",
    "school_year": "2026-2027",
    "state": "accepted",
}
