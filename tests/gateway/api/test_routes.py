"""Every route of the API: the call it makes, the answer it gives, and what it says when things go wrong."""

import hashlib
import json
from datetime import UTC, datetime, timedelta

import jsonschema
import pytest

from gateway.errors import Failed, Refused, Unavailable
from tests.gateway import samples
from tests.gateway.samples import ROUTES, Route

CLOSED = [route for route in ROUTES if not route.open]
REMOTE = [route for route in ROUTES if route.call != "identity.resolve_session"]
WITH_BODY = [route for route in ROUTES if route.body is not None]
KEYED = [route for route in ROUTES if route.key]

each_route = pytest.mark.parametrize("route", ROUTES, ids=str)


def assert_problem(response, status, code):
    assert (response.status_code, response.mimetype) == (status, "application/problem+json"), response.data
    problem = response.get_json()
    assert problem["code"] == code
    assert problem["status"] == status
    assert problem["request_id"] == response.headers["X-Request-Id"]
    assert "Traceback" not in response.text
    return problem


def test_every_operation_of_the_specification_is_in_this_table(app):
    documented = {
        f"{method.upper()} {path.removeprefix('/api/v1')}"
        for path, operations in app.extensions["openapi"]["paths"].items()
        for method in operations
        if method != "parameters"
    }
    assert {str(route) for route in ROUTES} == documented


@each_route
def test_a_route_makes_its_call_and_answers_as_documented(route: Route, family, bus, app):
    bus.answers(route.call, route.reply)
    response = route.send(family)
    assert response.status_code == route.status, response.data
    (call,) = bus.asked(route.call)
    for name, value in route.asked.items():
        assert call.request[name] == value
    if route.status == 204:
        assert response.data == b""
    elif route.prints:
        assert response.mimetype == "application/pdf"
        assert response.data.startswith(b"%PDF")
        assert response.headers["Content-Disposition"] == f"attachment; filename={samples.PRINTED['name']}"
        assert "no-store" in response.headers["Cache-Control"]
    else:
        assert response.mimetype == "application/json"
        documented_schema(app, route).validate(response.get_json())


def documented_schema(app, route):
    spec = app.extensions["openapi"]
    answer = spec["paths"]["/api/v1" + route.rule][route.method.lower()]["responses"][str(route.status)]
    schema = {**answer["content"]["application/json"]["schema"], "components": spec["components"]}
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("route", CLOSED, ids=str)
def test_without_a_session_a_closed_route_answers_401(route: Route, visitor, bus):
    response = route.send(visitor)
    assert_problem(response, 401, "unauthenticated")
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    assert bus.calls == []


@pytest.mark.parametrize("route", CLOSED, ids=str)
def test_with_an_expired_session_a_closed_route_answers_401(route: Route, family, bus):
    bus.answers("identity.resolve_session", Refused("session_expired"))
    response = route.send(family)
    assert_problem(response, 401, "session_expired")
    assert "invalid_token" in response.headers["WWW-Authenticate"]


@pytest.mark.parametrize("route", REMOTE, ids=str)
def test_a_foreign_or_unknown_id_is_not_found(route: Route, family, bus):
    bus.answers(route.call, Refused("not_found"))
    assert_problem(route.send(family), 404, "not_found")


@each_route
def test_a_silent_service_is_a_503_with_retry_after(route: Route, family, bus):
    bus.answers(route.call, Unavailable("timeout"))
    response = route.send(family)
    assert_problem(response, 503, "unavailable")
    assert int(response.headers["Retry-After"]) >= 1


@each_route
def test_a_service_that_breaks_is_a_500_that_tells_nothing(route: Route, family, bus):
    bus.answers(route.call, Failed("KeyError"))
    problem = assert_problem(route.send(family), 500, "internal")
    assert "KeyError" not in json.dumps(problem)


@pytest.mark.parametrize("route", WITH_BODY, ids=str)
def test_malformed_json_is_a_400(route: Route, family, bus):
    sent = {"data": '{"quote_id": ', "content_type": "application/json", "json": None}
    assert_problem(route.send(family, **sent), 400, "malformed")
    assert bus.asked(route.call) == []


@pytest.mark.parametrize("route", WITH_BODY, ids=str)
def test_an_unknown_field_is_refused_by_name(route: Route, family, bus):
    response = route.send(family, json={**route.body, "price_cents": 1})
    problem = assert_problem(response, 422, "invalid")
    assert {"in": "body", "pointer": "/price_cents", "messages": ["Unknown field."]} in problem["errors"]
    assert bus.asked(route.call) == []


@pytest.mark.parametrize("route", WITH_BODY, ids=str)
@pytest.mark.parametrize("value", [{"$ne": ""}, ["x"], 7, None, True], ids=repr)
def test_only_a_text_stands_where_a_text_is_meant(route: Route, value, family, bus):
    texts = [name for name, given in route.body.items() if isinstance(given, str)]
    for name in texts:
        response = route.send(family, json={**route.body, name: value})
        problem = assert_problem(response, 422, "invalid")
        assert problem["errors"][0]["in"] == "body"
        assert problem["errors"][0]["pointer"].split("/")[1] == name
    assert bus.asked(route.call) == []


@pytest.mark.parametrize("route", WITH_BODY, ids=str)
@pytest.mark.parametrize("body", ["[]", '"x"', "7", "null", "[[[]]]"])
def test_a_body_that_is_no_object_is_refused(route: Route, body, family, bus):
    response = route.send(family, data=body, content_type="application/json", json=None)
    assert_problem(response, 422, "invalid")
    assert bus.asked(route.call) == []


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_a_body_of_300_kib_is_refused_before_anything_is_asked(route: Route, family, bus):
    response = route.send(family, data=b" " * 300 * 1024, content_type="application/json", json=None)
    assert_problem(response, 413, "body_too_large")
    assert bus.calls == []


@pytest.mark.parametrize("route", KEYED, ids=str)
@pytest.mark.parametrize("key", ["", "x" * 129, "with space", "caf\u00e9"])
def test_what_books_or_pays_needs_an_idempotency_key(route: Route, key, family, bus):
    response = route.send(family, headers={"Idempotency-Key": key})
    assert_problem(response, 400, "idempotency_key_required")
    assert bus.asked(route.call) == []


@pytest.mark.parametrize("route", KEYED, ids=str)
def test_the_key_travels_with_a_hash_of_what_was_asked(route: Route, family, bus):
    bus.answers(route.call, route.reply)
    route.send(family)
    spaced = json.dumps(dict(reversed(route.body.items())), indent=3)
    route.send(family, data=spaced, content_type="application/json", json=None)
    first, second = (call.request for call in bus.asked(route.call))
    assert first["key"] == "k-1"
    assert first["body_sha256"] == second["body_sha256"]
    canonical = json.dumps(["/api/v1" + route.path, route.body], sort_keys=True, separators=(",", ":"))
    assert first["body_sha256"] == hashlib.sha256(canonical.encode()).hexdigest()


def test_the_same_key_for_another_draft_has_another_hash(family, bus):
    bus.answers("booking.confirm", {"confirmation": samples.CONFIRMATION})
    for draft in ("d-1", "d-2"):
        family.post(
            f"/api/v1/drafts/{draft}/confirmation",
            json={"quote_id": "q-1"},
            headers={"Idempotency-Key": "same"},
        )
    first, second = (call.request["body_sha256"] for call in bus.asked("booking.confirm"))
    assert first != second


def test_the_context_names_the_person_and_never_comes_from_the_request(family, bus):
    bus.answers("family.list_children", {"data": []})
    family.get("/api/v1/children", headers={"X-Request-Id": "trace-7"})
    context = bus.asked("family.list_children")[0].context
    assert (context.kind, context.issuer, context.organisation_id) == ("person", "gateway", "o-1")
    assert (context.account_id, context.family_id, context.session_id) == ("a-1", "f-1", "s-1")
    assert context.request_id == "trace-7"


def test_money_is_decimal_text_with_its_currency(family, bus):
    bus.answers("billing.list_wallets", samples.WALLETS)
    wallet = family.get("/api/v1/wallets").get_json()["data"][0]
    assert wallet["balance"] == {"amount": "-0.05", "currency": "EUR"}
    assert wallet["estimated_balance"] == {"amount": "-12.65", "currency": "EUR"}
    assert "balance_cents" not in wallet


def test_the_link_to_the_next_page_keeps_the_filters(family, bus):
    bus.answers("booking.list_bookings", {"data": [], "next_cursor": "next one", "total_cents": 0})
    response = family.get("/api/v1/bookings?state=held&state=accepted&limit=2&cursor=old")
    assert response.headers["Link"] == (
        '</api/v1/bookings?state=held&state=accepted&limit=2&cursor=next+one>; rel="next"'
    )
    assert response.get_json()["next_cursor"] == "next one"
    assert bus.asked("booking.list_bookings")[0].request["cursor"] == "old"


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=ten", "limit=", "state=free", "surprise=1"])
def test_a_list_refuses_filters_that_it_does_not_know(query, family):
    problem = assert_problem(family.get("/api/v1/bookings?" + query), 422, "invalid")
    assert problem["errors"][0]["in"] == "query"


@pytest.mark.parametrize(
    "query",
    [
        "",
        "child=c-1&from=2026-11-01",
        "child=c-1&from=2026-11-30&to=2026-11-01",
        "child=c-1&from=2026-11-01&to=2027-01-02",
        "child=c-1&from=2026-02-30&to=2026-03-01",
        "child=c-1&from=20261101&to=20261102",
        "child[$ne]=&from=2026-11-01&to=2026-11-02",
        "&".join(["from=2026-11-01&to=2026-11-02", *[f"child=c-{n}" for n in range(11)]]),
    ],
)
def test_a_calendar_has_bounds(query, family, bus):
    assert_problem(family.get("/api/v1/calendar?" + query), 422, "invalid")
    assert bus.asked("booking.get_calendar") == []


@pytest.mark.parametrize("path", ["/days/2026-02-30?child=c-1", "/days/tomorrow?child=c-1", "/drafts/a b"])
def test_an_address_that_can_not_exist_is_not_found(path, family):
    assert_problem(family.get("/api/v1" + path), 404, "not_found")


def test_a_draft_has_its_version_as_etag(family, bus):
    bus.answers("booking.get_draft", {"draft": samples.DRAFT})
    assert family.get("/api/v1/drafts/d-1").headers["ETag"] == '"3"'


@pytest.mark.parametrize(("tag", "status"), [('"3"', 200), ('"2"', 412), ("*", 200), ('"2", "3"', 200)])
def test_a_draft_read_in_another_version_is_not_changed(tag, status, family, bus):
    bus.answers("booking.get_draft", {"draft": samples.DRAFT})
    bus.answers("booking.change_draft", {"draft": samples.DRAFT, "ignored": []})
    response = family.patch("/api/v1/drafts/d-1", json={"add": [samples.MOVEMENT]}, headers={"If-Match": tag})
    assert response.status_code == status
    assert len(bus.asked("booking.change_draft")) == (status == 200)


@pytest.mark.parametrize("limit", ["1_0", " 5", "+5", "\u0663", "\uff15", "5.0", "9" * 400, ""])
def test_a_number_in_an_address_is_written_in_plain_digits(limit, family, bus):
    response = family.get("/api/v1/bookings", query_string={"limit": limit})
    assert_problem(response, 422, "invalid")
    assert bus.asked("booking.list_bookings") == []


@pytest.mark.parametrize("body", [{}, {"add": []}, {"remove": []}, {"add": [], "remove": []}])
def test_a_change_that_changes_nothing_is_refused(body, family, bus):
    response = family.patch("/api/v1/drafts/d-1", json=body)
    assert_problem(response, 422, "invalid")
    assert bus.asked("booking.change_draft") == []


def test_at_most_500_movements_at_once(family, bus):
    response = family.patch("/api/v1/drafts/d-1", json={"add": [samples.MOVEMENT] * 501})
    assert_problem(response, 422, "invalid")
    assert bus.asked("booking.change_draft") == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/paiements/{payment_id}", 201),
        ("//evil.example", 422),
        ("https://evil.example/", 422),
        ("javascript:alert(1)", 422),
        (".evil.example/x", 422),
        ("@evil.example", 422),
    ],
)
def test_the_provider_leads_back_to_this_site_only(path, status, family, bus):
    bus.answers("billing.start_payment", {"payment": samples.STARTED})
    body = {"settlement_id": "cf-1", "return_path": path}
    response = family.post("/api/v1/payments", json=body, headers={"Idempotency-Key": "k"})
    assert response.status_code == status
    for call in bus.asked("billing.start_payment"):
        assert call.request["return_url"] == "http://portal.example" + path


def test_all_that_is_due_at_a_cash_office_is_one_payment(family, bus):
    bus.answers("billing.start_payment", {"payment": samples.STARTED})
    asked = {"json": {"cash_office_id": "co-1"}, "headers": {"Idempotency-Key": "k"}}
    assert family.post("/api/v1/payments", **asked).status_code == 201
    (call,) = bus.asked("billing.start_payment")
    assert call.request["cash_office_id"] == "co-1"
    assert not {"settlement_id", "settlement_ids"} & set(call.request)


@pytest.mark.parametrize("body", [{}, {"settlement_ids": []}, {"email": "jeanne@martin.example"}])
def test_a_payment_of_nothing_is_not_asked_for(body, family, bus):
    response = family.post("/api/v1/payments", json=body, headers={"Idempotency-Key": "k"})
    assert response.status_code == 422
    assert bus.asked("billing.start_payment") == []


def test_who_is_told_to_wait_is_told_until_when(family, bus):
    bus.answers("billing.start_payment", Refused("payment_page_open", retry_after_s=720))
    before = datetime.now(UTC)
    response = family.post(
        "/api/v1/payments", json={"settlement_id": "cf-1"}, headers={"Idempotency-Key": "k"}
    )
    assert_problem(response, 409, "payment_page_open")
    assert response.headers["Retry-After"] == "720"
    waits = datetime.fromisoformat(response.json["retry_at"]) - before
    assert timedelta(seconds=719) < waits < timedelta(seconds=900)


def test_the_callback_believes_nothing_but_hands_the_reference_on(visitor, bus):
    bus.answers("billing.record_payment", {"payment_id": "pay-1", "state": "checking"})
    response = visitor.post("/api/v1/payment-callbacks", data={"id": "p-9", "result": "paid", "amount": "1"})
    assert response.status_code == 204
    (call,) = bus.calls
    assert (call.context.kind, call.request) == ("anonymous", {"provider_reference": "p-9"})


def test_a_callback_about_a_payment_that_nobody_knows_is_answered_as_any_other(visitor, bus):
    answers = []
    for found in ({"payment_id": "pay-1", "state": "checking"}, {"payment_id": None, "state": None}):
        bus.answers("billing.record_payment", found)
        answers.append(visitor.post("/api/v1/payment-callbacks", data={"id": "p-9"}))
    assert [(each.status_code, each.data) for each in answers] == [(204, b"")] * 2


@pytest.mark.parametrize("form", [{}, {"id": ""}, {"id": "a b"}, {"id[$ne]": "x"}, {"id": "x" * 129}])
def test_a_callback_without_a_reference_is_refused(form, visitor, bus):
    assert_problem(visitor.post("/api/v1/payment-callbacks", data=form), 422, "invalid")
    assert bus.calls == []
