"""What nobody should send: each is answered with a problem that names what is wrong; nothing is half done."""

import base64
import json
import re
import time
import uuid
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from urllib.parse import quote

import pytest
from pymongo import MongoClient

from chassis.testing.waiting import eventually
from chassis.values.context import Context, Signer
from chassis.values.errors import Refused
from chassis.wire.rpc import RpcClient
from deploy.demo import carteville
from tests.journeys.people import Person

OPERATOR = {"$ne": ""}
SPORT = "Sport du soir"
DAYS_OF_SPORT = 3
CONFIRM = "booking.confirm"
NOBODY = "00000000-0000-7000-8000-000000000000"
KIB = 1024


@pytest.fixture(scope="module")
def logins(stack, households):
    """Two families for all of this: what is refused leaves no trace, and what is not takes a day of sport."""
    logins = (household.guardians[0].email for household in households)
    return list(islice((login for login in logins if sporty(stack, login)), 2))


def sporty(stack, login):
    person = Person.logged_in(stack.gateway_url, login)
    [sport] = [each for each in person.get("/activities")["data"] if each["name"] == SPORT]
    return len(person.free_days(person.children()[0], sport)) >= DAYS_OF_SPORT


@pytest.fixture
def family(stack, logins):
    return Person.logged_in(stack.gateway_url, logins[0])


@pytest.fixture
def other_family(stack, logins):
    return Person.logged_in(stack.gateway_url, logins[1])


@pytest.fixture
def visitor(stack):
    return Person(stack.gateway_url)


@pytest.fixture
def draft_id(family):
    draft = family.post("/drafts", {})["draft"]
    family.post(f"/drafts/{draft['id']}/clear", {})  # the family's one basket, whatever another test left
    return draft["id"]


@pytest.fixture
def booking(stack):
    with MongoClient(stack.mongodb_uri, tz_aware=True) as client:
        yield client[stack.databases["booking"]]


def assert_problem(response, status, code, *pointers):
    """A problem of this code, naming these places; `pointers` are such as "body/login"."""
    assert (response.status_code, response.json().get("code")) == (status, code), response.text
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["request_id"] == response.headers["X-Request-Id"]
    assert problem["title"]
    assert "Traceback" not in response.text
    named = {error["in"] + error["pointer"] for error in problem.get("errors", [])}
    assert set(pointers) <= named, named


def movement(**changes):
    fitting = {
        "action": "book",
        "child_id": NOBODY,
        "activity_id": NOBODY,
        "centre_id": NOBODY,
        "day": str(datetime.now(UTC).date() + timedelta(days=7)),
        "day_part": "evening",
    }
    return {"add": [fitting | changes]}


# ---- what can't be read


@pytest.mark.parametrize(
    "body", [b"{", b'{"login": "a",}', b"\xff\xfe", b"null", b"[]", b'"text"', b"[" * 50_000, b'{"a": NaN}']
)
def test_a_body_that_is_no_json_object_is_refused(visitor, body):
    response = visitor.ask("POST", "/sessions", data=body, headers={"Content-Type": "application/json"})
    assert response.status_code in (400, 422)
    assert_problem(response, response.status_code, {400: "malformed", 422: "invalid"}[response.status_code])


@pytest.mark.parametrize("text", ["a\x00b", "\x1b[31m", "\x7f", "\ud800", "x\udfff"])
@pytest.mark.parametrize("field", ["login", "password"])
def test_control_characters_and_half_surrogates_are_refused(visitor, field, text):
    given = {"login": "somebody@carteville.example", "password": carteville.PASSWORD, field: text}
    assert_problem(visitor.ask("POST", "/sessions", json=given), 400, "malformed")


@pytest.mark.parametrize("address", ["/bookings?cursor=%00", "/bookings?%1b=1", "/drafts/%C2%9B"])
def test_control_characters_in_an_address_are_refused(family, address):
    assert_problem(family.ask("GET", address), 400, "malformed")


def test_a_body_of_300_kib_is_refused_unread(visitor):
    body = {"login": "x" * 300 * KIB, "password": "y"}
    assert_problem(visitor.ask("POST", "/sessions", json=body), 413, "body_too_large")
    pieces = (b"x" * KIB for _ in range(300))
    chunked = visitor.ask("POST", "/sessions", data=pieces, headers={"Content-Type": "application/json"})
    assert_problem(chunked, 413, "body_too_large")


# ---- what is not what it should be


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"login": OPERATOR, "password": "p"}, "body/login"),
        ({"login": "a", "password": OPERATOR}, "body/password"),
        ({"login": ["a"], "password": "p"}, "body/login"),
        ({"login": 7, "password": "p"}, "body/login"),
        ({"login": None, "password": "p"}, "body/login"),
        ({"password": "p"}, "body/login"),
        ({"login": "a", "password": "p", "role": "admin"}, "body/role"),
    ],
)
def test_a_log_in_takes_two_texts_and_nothing_else(visitor, body, pointer):
    assert_problem(visitor.ask("POST", "/sessions", json=body), 422, "invalid", pointer)


@pytest.mark.parametrize("field", ["action", "child_id", "activity_id", "centre_id", "day", "day_part"])
@pytest.mark.parametrize("value", [OPERATOR, {"$gt": ""}, ["x"], 1, True, None, "", "$where", "x" * 200])
def test_a_movement_takes_texts_and_no_operators(family, draft_id, field, value):
    response = family.ask("PATCH", f"/drafts/{draft_id}", json=movement(**{field: value}))
    assert_problem(response, 422, "invalid", f"body/add/0/{field}")
    assert family.get(f"/drafts/{draft_id}")["draft"]["movements"] == []


def test_a_price_or_a_verdict_of_the_clients_choice_is_an_unknown_field(family, draft_id):
    for field in ("cost_cents", "verdict", "capacity"):
        response = family.ask("PATCH", f"/drafts/{draft_id}", json=movement(**{field: 0}))
        assert_problem(response, 422, "invalid", f"body/add/0/{field}")


@pytest.mark.parametrize(
    ("address", "pointer"),
    [
        ("/bookings?limit=many", "query/limit"),
        ("/bookings?limit=101", "query/limit"),
        ("/bookings?limit=-1", "query/limit"),
        ("/bookings?state=dreamt", "query/state/0"),
        ("/bookings?child[$ne]=", "query/child[$ne]"),
        ("/bookings?from=2026-02-30", "query/from"),
        ('/bookings?child={"$ne":""}', "query/child"),
        ("/calendar?child=a&from=2026-11-16&to=2027-11-16", "query/to"),
        ("/calendar?from=2026-11-16&to=2026-11-17", "query/child"),
    ],
)
def test_a_query_is_checked_field_by_field(family, address, pointer):
    assert_problem(family.ask("GET", address), 422, "invalid", pointer)


def test_a_cursor_that_was_not_given_out_is_refused(family):
    response = family.ask("GET", "/bookings", params={"cursor": "e30="})
    assert response.status_code in (400, 422)
    assert_problem(response, response.status_code, response.json()["code"], "query/cursor")


FAR_DAYS = ("0001-01-01", "9999-12-31", "10000-01-01", "0000-00-00", "2026-W01-1", "-2026-01-01")
STRANGE = ("x" * 65, "x" * 128, "x" * 129, "a b", "\u202e", "\u2019", "\ufffe", "%00", "1e999", "9" * 400)


def packed(*place):
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


CURSORS = (
    "x",
    "é",
    packed(),
    *(packed(f"{day}{hour}", "x") for day in FAR_DAYS for hour in ("", "T00:00:00+23:59", "T23:59:59-23:59")),
    *(
        packed(day, odd)
        for day in ("2026-11-16", "2026-11-16T08:00:00Z")
        for odd in ("\ud800", "\0", None, [])
    ),
)
"""What no list has written, in every way in which one could be made up."""


def odd_values(name, schema):
    """What may be sent for a parameter of the address, of the kind that it is and of none."""
    if name == "cursor":
        return CURSORS
    return (*FAR_DAYS, *STRANGE) if schema.get("type") != "integer" else ("9" * 400, "-1", "1e3", "٣")


def addresses(document):
    """Every GET route, each parameter of its address in turn as odd as can be, the others as they may be."""
    sane = {"cursor": None, "limit": "5", "child": NOBODY, "from": "2026-11-16", "to": "2026-11-16"}
    sane |= {"day": "2026-11-16", "until": "2026-11-16", "slug": carteville.SLUG}
    read = {rule: item for rule, item in document["paths"].items() if "get" in item}
    for rule, item in read.items():
        own = item["get"].get("parameters", [])
        asked = {each["name"]: sane.get(each["name"]) for each in own}
        for parameter in own + item.get("parameters", []):
            name, place = parameter["name"], parameter["in"]
            for value in odd_values(name, parameter["schema"]) if place in {"path", "query"} else ():
                path = re.sub(r"\{(\w+)\}", lambda m: quote(sane.get(m[1]) or NOBODY, safe=""), rule)
                if place == "path":
                    path = rule.replace("{" + name + "}", quote(value, safe=""))
                yield path.removeprefix("/api/v1"), {k: v for k, v in {**asked, name: value}.items() if v}


def test_no_value_in_an_address_of_the_interface_is_answered_by_a_fault(family):
    """Cursors, ids, days at the ends of the calendar: an answer, or 400, 404, 422 with a code; never 500."""
    document, told = family.get("/openapi.json"), []
    for path, asked in addresses(document):
        response = family.ask("GET", path, params=asked)
        if response.status_code not in {200, 400, 404, 422} or not (response.ok or response.json()["code"]):
            told.append((path, asked, response.status_code))
    assert told == []


@pytest.mark.parametrize("day", ["0001-01-01", "0001-12-31", "9999-01-01", "9999-12-31"])
def test_a_day_at_the_end_of_the_calendar_is_offered_nothing(family, draft_id, day):
    [child, *_], sport = family.children(), family.activity(SPORT)
    asked = {"child": child["id"], "from": day, "to": day}
    for more in ({}, {"activity": sport["id"]}):
        [*series] = family.get("/calendar", **asked, **more)["series"]
        assert all(cell["state"] != "open" for row in series for cell in row["days"])
    assert family.get(f"/days/{day}", child=child["id"])["activities"] == []
    assert family.ask("GET", "/bookings", params={"from": day, "to": day}).ok
    change = family.ask("PATCH", f"/drafts/{draft_id}", json={"add": [family.movement(child, sport, day)]})
    assert change.status_code in {200, 422}
    assert family.ask("GET", f"/drafts/{draft_id}/review").status_code in {200, 422}


# ---- what is not there, or is somebody else's


@pytest.mark.parametrize(
    "address",
    [
        f"/drafts/{NOBODY}",
        f"/confirmations/{NOBODY}",
        f"/requests/{NOBODY}",
        f"/payments/{NOBODY}",
        "/nothing",
    ],
)
def test_what_is_not_known_is_not_found(family, address):
    assert_problem(family.ask("GET", address), 404, "not_found")


def test_another_familys_child_is_answered_like_one_that_does_not_exist(family, other_family, draft_id):
    [theirs, *_] = other_family.children()
    today = datetime.now(UTC).date()
    answers = []
    for child_id in (theirs["id"], NOBODY):
        asked = {"child": child_id, "from": today, "to": today}
        response = family.ask("GET", "/calendar", params=asked)
        assert_problem(response, 404, "not_found")
        change = family.ask("PATCH", f"/drafts/{draft_id}", json=movement(child_id=child_id))
        told = change.json() if change.ok else {"code": change.json()["code"]}
        answers.append(json.dumps(told).replace(child_id, "CHILD").replace(draft_id, "DRAFT"))
    strangers, nobodys = (_without_instants(json.loads(one)) for one in answers)
    assert strangers == nobodys
    assert family.get(f"/drafts/{draft_id}")["draft"]["movements"] == []


def _without_instants(answer):
    if "draft" in answer:
        answer["draft"] = {"movements": answer["draft"]["movements"]}
    return answer


def test_another_familys_booking_can_be_neither_seen_nor_cancelled(family, other_family):
    [child, *_] = other_family.children()
    sport = other_family.activity(SPORT)
    day = other_family.free_days(child, sport)[-1]
    confirmation = other_family.book(other_family.movement(child, sport, day))
    [line] = confirmation["lines"]
    eventually(lambda: other_family.state(line["booking_id"]) == "accepted")

    key = {"Idempotency-Key": str(uuid.uuid4())}
    cancelled = family.ask("POST", f"/bookings/{line['booking_id']}/cancellation", json={}, headers=key)
    assert_problem(cancelled, 404, "not_found")
    assert_problem(family.ask("GET", f"/confirmations/{confirmation['id']}"), 404, "not_found")
    assert family.booking(line["booking_id"]) is None
    assert other_family.state(line["booking_id"]) == "accepted"


# ---- who asks


@pytest.mark.parametrize("token", ["", "short", "x" * 43, "x" * 5000, "é" * 30])
def test_a_token_that_opens_nothing_is_refused(visitor, token):
    response = visitor.ask("GET", "/children", headers={"Authorization": f"Bearer {token}".encode()})
    code = response.json()["code"]
    assert code in ("unauthenticated", "session_expired")
    assert_problem(response, 401, code)
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_tampered_session_token_is_refused(family):
    token = family.http.headers["Authorization"].removeprefix("Bearer ")
    other = "A" if token[-1] != "A" else "B"
    response = family.ask("GET", "/children", headers={"Authorization": f"Bearer {token[:-1]}{other}"})
    assert_problem(response, 401, "session_expired")


def test_an_expired_session_is_refused(stack, family):
    session = family.get("/sessions/current")["session"]
    past = datetime.now(UTC) - timedelta(hours=1)
    with MongoClient(stack.mongodb_uri) as client:
        sessions = client[stack.databases["identity"]]["sessions"]
        aged = sessions.update_one(
            {"id": session["id"]}, {"$set": {"last_seen_at": past, "created_at": past}}
        )
        assert aged.modified_count == 1
    [response] = eventually(lambda: _refused(family, "/children"))
    assert_problem(response, 401, "session_expired")


def _refused(person, path):
    response = person.ask("GET", path)
    return [] if response.ok else [response]


def test_a_session_that_was_closed_opens_nothing_any_more(family):
    assert family.ask("DELETE", "/sessions/current").status_code == 204
    [response] = eventually(lambda: _refused(family, "/children"))
    assert_problem(response, 401, "session_expired")


# ---- what counts once


@pytest.fixture
def reviewed(family):
    [child, *_] = family.children()
    sport = family.activity(SPORT)
    return family.review(family.movement(child, sport, family.free_days(child, sport)[-1]))


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": ""}, {"Idempotency-Key": "x" * 129}])
def test_what_has_an_effect_asks_for_a_key(family, reviewed, headers):
    path = f"/drafts/{reviewed['draft_id']}/confirmation"
    consent = {"quote_id": reviewed["quote_id"]}
    before = family.bookings()
    assert_problem(family.ask("POST", path, json=consent, headers=headers), 400, "idempotency_key_required")
    assert family.bookings() == before


def test_one_key_does_not_stand_for_two_things(family, reviewed, booking):
    key = str(uuid.uuid4())
    first = family.confirm(reviewed, key)
    path = f"/drafts/{reviewed['draft_id']}/confirmation"
    other = family.ask("POST", path, json={"quote_id": NOBODY}, headers={"Idempotency-Key": key})
    assert_problem(other, 422, "idempotency_mismatch")
    assert family.confirm(reviewed, key) == first
    made = {"confirmation_id": first["id"]}
    eventually(lambda: booking["bookings"].count_documents(made) == 1)


def test_a_consent_names_its_quote(family, reviewed, booking):
    before = booking["confirmations"].count_documents({})
    path = f"/drafts/{reviewed['draft_id']}/confirmation"
    for body in ({}, {"quote_id": OPERATOR}, {"quote_id": None}, {"quote_id": "a b"}):
        response = family.ask("POST", path, json=body, headers={"Idempotency-Key": str(uuid.uuid4())})
        assert_problem(response, 422, "invalid", "body/quote_id")
    assert booking["confirmations"].count_documents({}) == before
    assert family.confirm(reviewed)["state"] == "answered"  # the basket was left as it was


def test_a_quote_that_is_not_the_last_one_is_stale(family, reviewed):
    path = f"/drafts/{reviewed['draft_id']}/confirmation"
    key = {"Idempotency-Key": str(uuid.uuid4())}
    assert_problem(family.ask("POST", path, json={"quote_id": NOBODY}, headers=key), 409, "review_stale")


# ---- on the bus, for whoever may publish there


@pytest.fixture
def bus_client(stack):
    """Speaks to the services as the broker's administrator, who may publish anything."""
    client = RpcClient(stack.amqp_uri, "administrator")
    yield client
    client.close()


@pytest.fixture
def genuine(stack, family):
    """A context as the gateway would sign it for the family, and who signs it."""
    session = family.get("/sessions/current")["session"]
    context = Context(
        kind="person",
        issuer="gateway",
        organisation_id=session["organisation"]["id"],
        account_id=session["account_id"],
        family_id=session["family_id"],
        guardian_id=session["guardian_id"],
        session_id=session["id"],
        request_id=uuid.uuid4().hex,
    )
    return Signer.from_directory(stack.credentials.keys_directory("gateway"), "gateway"), context


def asked(client, token, method="booking.open_draft", request=None):
    headers = {"request_id": "r", "deadline": int((time.time() + 60) * 1000)}
    if token is not None:
        headers["context"] = token
    answer = client.call(method, json.dumps({"args": [], "kwargs": request or {}}), headers, 2.0)
    return answer["error"] and answer["error"]["code"]


def test_a_genuine_context_is_believed(bus_client, genuine):
    signer, context = genuine
    assert asked(bus_client, signer.sign(context, "booking.open_draft")) is None


@pytest.mark.parametrize(
    "forge",
    [
        pytest.param(lambda token, signer, context: None, id="missing"),
        pytest.param(lambda token, signer, context: "", id="empty"),
        pytest.param(lambda token, signer, context: {"$ne": ""}, id="operator"),
        pytest.param(lambda token, signer, context: token[:-6] + "AAAAAA", id="other signature"),
        pytest.param(lambda token, signer, context: _with_family(token, NOBODY), id="other family"),
        pytest.param(lambda token, signer, context: signer.sign(context, "billing"), id="other audience"),
        pytest.param(lambda token, signer, context: signer.sign(context, CONFIRM), id="other method"),
        pytest.param(lambda token, signer, context: token.rpartition(".")[0] + ".", id="no signature"),
    ],
)
def test_a_forged_context_is_refused_and_nothing_is_done(bus_client, genuine, booking, forge):
    signer, context = genuine
    drafts = booking["drafts"].count_documents({})
    assert (
        asked(bus_client, forge(signer.sign(context, "booking.open_draft"), signer, context))
        == "unauthenticated"
    )
    assert booking["drafts"].count_documents({}) == drafts


def _with_family(token, family_id):
    head, claims, signature = token.split(".")
    changed = json.loads(base64.urlsafe_b64decode(claims + "==")) | {"family": family_id}
    other = base64.urlsafe_b64encode(json.dumps(changed).encode()).decode().rstrip("=")
    return f"{head}.{other}.{signature}"


@pytest.mark.parametrize(
    "body", ["{", "[]", '{"args": [1], "kwargs": {}}', '{"args": [], "kwargs": {"family_id": "x"}}', "null"]
)
def test_a_call_that_can_not_be_read_is_malformed(bus_client, genuine, body):
    signer, context = genuine
    headers = {
        "context": signer.sign(context, "booking.open_draft"),
        "deadline": int((time.time() + 60) * 1000),
    }
    answer = bus_client.call("booking.open_draft", body, headers, 2.0)
    assert answer["error"]["code"] == "malformed"


def test_a_family_may_not_call_what_services_ask_of_each_other(bus_client, genuine):
    signer, context = genuine
    quote = {"quote_id": NOBODY, "bookings": [], "cancellations": []}
    assert asked(bus_client, signer.sign(context, "billing.quote"), "billing.quote", quote) == "forbidden"
    service = replace(context, kind="service", issuer="booking")
    assert asked(bus_client, signer.sign(service, "billing.quote"), "billing.quote", quote) == "forbidden"


def test_the_broker_lets_no_service_call_what_is_not_its_business(stack):
    calls = (("notify", "booking.confirm"), ("booking", "identity.log_in"), ("family", "billing.settle"))
    for user, method in calls:
        with closing(RpcClient(stack.amqp_uris[user], user)) as client, pytest.raises(Refused) as refusal:
            client.call(method, "{}", {}, 1.0)
        assert refusal.value.code == "forbidden"
