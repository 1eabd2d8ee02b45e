"""Every role, every organisation, every door: who is not the family is told nothing of it.

Nor does such a call change anything of it. A new door without its line in the table fails.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from chassis.values.context import service_context
from chassis.values.errors import Refused
from identity.vocabulary import Role
from tests.booking.conftest import TOWN, an_id, movement
from tests.contracts import language
from tests.contracts.lived_in import ANONYMOUS, BODY, MONDAY, OTHER_TOWN, ROY, SERVICES, THURSDAY, LivedIn

ROLES = [(), *((str(role),) for role in Role)]
TOLD_NOTHING = {"not_found", "forbidden", "session_expired"}
# What is told to anybody, and why that is right.
OPEN = {
    ("identity", "get_organisation"): "stands on the page that is seen before anybody logs in",
    ("identity", "log_in"): "the password is the proof",
    ("identity", "resolve_session"): "the token is the proof",
}
# What no family reaches: a grant is needed, and none of the strangers below has one.
FOR_STAFF = {
    ("billing", "get_settings"): {},
    ("billing", "put_settings"): {
        "version": 0,
        "quote_minutes": 5,
        "payment_page_minutes": 5,
        "estimated_days": 1,
    },
    ("billing", "list_quarantined"): {},
    ("billing", "resolve_quarantine"): {"payment_id": "p", "outcome": "credited", "amount_cents": 1},
    ("booking", "get_settings"): {},
    ("booking", "put_settings"): {"version": 0, "hold_s": 1_200, "promoted_hold_s": 3_600},
    ("booking", "close_days"): {
        "centre_id": None,
        "starts_on": "2026-12-21",
        "ends_on": "2026-12-21",
        "name": "Neige",
        "reason": "Verglas",
        "version": 0,
    },
    ("booking", "open_days"): {"closing_id": "c", "version": 1, "reason": "Dégel"},
    ("booking", "list_closings"): {},
    ("family", "get_settings"): {},
    ("family", "put_settings"): {"version": 0, "child_age_max_years": 3},
    ("identity", "get_appearance"): {},
    ("identity", "put_appearance"): {
        "version": 1,
        "colour": "#0b3c5d",
        "crest": "",
        "help_desk": {"name": "", "address": "", "phone": "", "hours": ""},
    },
    ("identity", "get_settings"): {},
    ("identity", "put_settings"): {
        "version": 0,
        "family_idle_minutes": 5,
        "family_absolute_hours": 1,
        "staff_idle_minutes": 5,
        "staff_absolute_hours": 1,
    },
    ("notify", "get_settings"): {},
    ("notify", "put_settings"): {"version": 0, "sender_name": "x", "sender_address": None, "reply_to": None},
    ("notify", "list_outgoing"): {"state": "sent"},
    ("notify", "replay_outgoing"): {"message_ids": ["m1"]},
}

NAMES_NOTHING = {
    "log_out",
    "close_session",
    "choose_language",
    "abandon_draft",
    "get_preferences",
    "put_preferences",
}


@dataclass(frozen=True)
class Asked:
    """A call of a door about what the family has; `ids` are those of the town that is lived in."""

    service: str
    method: str
    request: Callable[[dict[str, str]], dict[str, Any]]
    writes: bool = False
    is_nothing: Callable[[dict[str, Any]], bool] | None = None
    """Says whether an answer gives nothing away, where it repeats what was asked."""

    @property
    def door(self):
        return self.service, self.method


def reads(door, request=lambda ids: {}):
    return Asked(*door.split("."), request)


def writes(door, request=lambda ids: {}, is_nothing=None):
    return Asked(*door.split("."), request, writes=True, is_nothing=is_nothing)


def a_settlement(ids):
    held = [{"line": 1, "booking_id": "b", "held_until": "2026-11-09T08:25:00Z"}]
    named = {"settlement_id": "s-1", "quote_id": ids["quote_of_meals"], "family_id": ROY}
    return {**named, "held": held, "cancelled": []}


def a_quote(ids):
    cancelled = {"line": 2, "booking_id": ids["paid_booking"], "charging_mode": "prepaid"}
    return {"quote_id": "q-1", "family_id": ROY, "bookings": [], "cancellations": [cancelled]}


def a_payment(ids):
    return {
        "settlement_id": ids["confirmation"],
        "settlement_ids": [ids["confirmation"]],
        "return_url": "https://portail.example/back",
        "key": "stranger",
        "body_sha256": BODY,
        "email": "stranger@x.example",
    }


# In an order in which the family itself is answered at each of them.
ASKED = [
    reads("family.get_family"),
    reads("family.list_children"),
    reads("family.list_enrolments"),
    reads("notify.list_messages"),
    reads("notify.get_message", lambda ids: {"message_id": ids["message"]}),
    reads("notify.get_preferences"),
    writes("notify.put_preferences", lambda ids: {"telling": "daily"}),
    writes("identity.choose_language", lambda ids: {"language": "en"}),
    reads("identity.list_sessions"),
    reads("booking.list_offer"),
    reads(
        "booking.get_calendar",
        lambda ids: {"child_ids": [ids["child"]], "from_on": MONDAY, "to_on": THURSDAY},
    ),
    reads("booking.get_day", lambda ids: {"child_id": ids["child"], "day": MONDAY}),
    reads("booking.list_bookings", lambda ids: {"child_id": ids["child"]}),
    reads("booking.list_requests"),
    reads("booking.get_request", lambda ids: {"request_id": ids["request"]}),
    reads("booking.print_request", lambda ids: {"request_id": ids["request"], "language": "fr"}),
    reads("booking.get_confirmation", lambda ids: {"confirmation_id": ids["confirmation"]}),
    reads("booking.open_draft"),
    reads("booking.get_draft", lambda ids: {"draft_id": ids["draft"]}),
    reads("booking.review", lambda ids: {"draft_id": ids["draft"]}),
    reads("booking.print_review", lambda ids: {"draft_id": ids["draft"], "language": "fr"}),
    reads("billing.list_wallets", lambda ids: {"pending": True}),
    reads("billing.list_prices"),
    reads("billing.list_payments"),
    reads("billing.list_credit_notes"),
    reads("billing.list_settlements_due"),
    reads("billing.print_receipt", lambda ids: {"payment_id": ids["receipt"], "language": "fr"}),
    reads("billing.print_credit_note", lambda ids: {"credit_note_id": ids["credit_note"], "language": "fr"}),
    reads("billing.get_payment", lambda ids: {"payment_id": ids["payment"]}),
    reads("billing.record_payment", lambda ids: {"provider_reference": f"at-provider-{ids['payment']}"}),
    writes("billing.quote", a_quote, is_nothing=lambda quote: not quote["credits"][0]["amount_cents"]),
    writes("billing.settle", a_settlement),
    writes("billing.start_payment", a_payment),
    writes(
        "booking.confirm",
        lambda ids: {
            "draft_id": ids["draft"],
            "quote_id": ids["quote"],
            "key": "stranger",
            "body_sha256": BODY,
        },
    ),
    writes(
        "booking.cancel",
        lambda ids: {"booking_id": ids["kept_booking"], "key": "stranger", "body_sha256": BODY},
    ),
    writes(
        "booking.change_draft",
        lambda ids: {"draft_id": ids["draft"], "add": [movement("zoe", "sport", "2026-11-23")]},
    ),
    writes("booking.clear_draft", lambda ids: {"draft_id": ids["draft"]}),
    writes("booking.abandon_draft", lambda ids: {"draft_id": ids["draft"]}),
    writes("identity.close_session", lambda ids: {"session_id": ids["other_session"]}),
    writes("identity.switch_organisation", lambda ids: {"organisation_id": OTHER_TOWN}),
    writes("identity.log_out"),
]


def test_every_door_stands_in_the_table_or_is_open_for_a_reason():
    doors = {
        (service, name): door for service in SERVICES for name, door in language.doors_of(service).items()
    }
    assert {asked.door for asked in ASKED} | OPEN.keys() | FOR_STAFF.keys() == doors.keys()
    assert len(ASKED) + len(OPEN) + len(FOR_STAFF) == len(doors)
    assert all("anonymous" in doors[door].accepts["gateway"] for door in OPEN)


@pytest.fixture
def town(mongo_database, store):
    return mongo_database, store


@pytest.fixture
def lived_in(broker, town, clock, tmp_path_factory, monkeypatch):
    with LivedIn(broker, town, clock, tmp_path_factory.mktemp("files"), monkeypatch) as services:
        yield services


def the_family(town, asked):
    """The context in which the family, or a service for it, is answered at a door."""
    kinds = {
        kind for kinds in language.doors_of(asked.service)[asked.method].accepts.values() for kind in kinds
    }
    if "person" in kinds:
        return town.at_home(asked.service)
    if "service" in kinds:
        return service_context("booking", TOWN, "r-1")
    return replace(ANONYMOUS, organisation_id=TOWN)


def strangers(home):
    """Everybody else with valid credentials: (who, context, whether the town's offer is for them)."""
    if home.kind != "person":
        yield f"{home.kind} of another town", replace(home, organisation_id=OTHER_TOWN), False
        return
    another = replace(
        home, account_id="another-account", guardian_id=None, family_id=an_id("family", "petit")
    )
    for roles in ROLES:
        named = "/".join(roles) or "family"
        yield f"{named} of another town", replace(home, organisation_id=OTHER_TOWN, roles=roles), False
        yield f"{named} of another family", replace(another, roles=roles), True
        yield f"{named} without a family", replace(another, family_id=None, roles=roles), True
    yield "somebody of no town", replace(home, organisation_id=None), False


def strings(answer):
    """Every name and number by which an answer could give something away."""
    if isinstance(answer, dict):
        for key, value in answer.items():
            if key == "id" or key.endswith(("_id", "_ids", "number", "email", "name")):
                yield from ([value] if isinstance(value, str) else [])
            yield from strings(value)
    elif isinstance(answer, list):
        for each in answer:
            yield from strings(each)


def answered(town, asked):
    """Ask as the family; a review makes the quote that counts from then on, a confirmation ends its draft."""
    answer = town.call(*asked.door, the_family(town, asked), asked.request(town.ids))
    if asked.method == "review":
        town.ids["quote"] = answer["review"]["quote_id"]
    if asked.method == "confirm":
        town.ids["draft"] = town.call("booking", "open_draft", town.at_home("booking"), {})["draft"]["id"]
    return answer


def secrets_of(town):
    """What the reading doors tell the family: (all of it, that which is not the whole town's)."""
    told = {asked.door: answered(town, asked) for asked in ASKED if not asked.writes}
    offer = told["booking", "list_offer"]
    public = {*strings({**offer, "children": []}), *strings(told["billing", "list_wallets"]["data"])}
    everything = {text for answer in told.values() for text in strings(answer)} | set(town.ids.values())
    return everything - {"", OTHER_TOWN}, everything - public - {"", OTHER_TOWN, TOWN}


def what_leaks(town, asked, context, secrets):
    """Ask, and say what the answer gives away."""
    try:
        answer = town.call(*asked.door, context, asked.request(town.ids))
    except Refused as refused:
        return "" if refused.code in TOLD_NOTHING else f"refused with {refused}"
    except Exception as error:  # noqa: BLE001 - a breakdown is no refusal
        return f"{type(error).__name__}: {error}"
    if asked.is_nothing is not None:
        return "" if asked.is_nothing(answer) else str(answer)
    return ", ".join(sorted(secrets & set(strings(answer))))


def test_who_is_not_the_family_is_told_nothing_and_changes_nothing(lived_in):
    everything, private = secrets_of(lived_in)
    before = lived_in.picture()
    leaks = []
    for asked in ASKED:
        for who, context, of_the_town in strangers(the_family(lived_in, asked)):
            # A person's sessions are theirs in every town: there a stranger is another account.
            other = replace(context, account_id="another-account") if asked.service == "identity" else context
            if leak := what_leaks(lived_in, asked, other, private if of_the_town else everything):
                leaks.append(f"{'.'.join(asked.door)} to {who}: {leak}")
    assert leaks == []
    assert lived_in.picture() == before


def test_the_family_itself_is_answered_at_every_door(lived_in):
    for asked in ASKED:
        answer = answered(lived_in, asked)
        assert any(strings(answer)) or asked.method in NAMES_NOTHING
        if asked.is_nothing is not None:
            assert not asked.is_nothing(answer)


def test_what_is_for_staff_is_forbidden_to_whoever_has_no_grant(lived_in):
    before = lived_in.picture()
    for (service, method), request in FOR_STAFF.items():
        for roles in ROLES:
            with pytest.raises(Refused) as refused:
                lived_in.call(service, method, replace(lived_in.at_home(service), roles=roles), request)
            assert refused.value.code == "forbidden"
    assert lived_in.picture() == before
