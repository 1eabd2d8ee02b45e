"""Refusals and faults as readers see them: status, code, sentence, headers."""

import re

import pytest
from flask import Response

from gateway.errors import STATUSES, Failed, Refused, Unavailable, problem_of, problems, sentence, status_of
from gateway.errors.problems import CODES_BY_STATUS
from tests.gateway import samples

PUBLISHED = [
    ("malformed", 400),
    ("idempotency_key_required", 400),
    ("unauthenticated", 401),
    ("session_expired", 401),
    ("invalid_credentials", 401),
    ("forbidden", 403),
    ("not_found", 404),
    ("conflict", 409),
    ("review_stale", 409),
    ("confirmation_in_progress", 409),
    ("precondition_failed", 412),
    ("idempotency_mismatch", 422),
    ("draft_empty", 422),
    ("email_missing", 422),
    ("nothing_due", 409),
    ("payment_being_checked", 409),
    ("payment_page_open", 409),
    ("hold_expired", 409),
    ("too_many_attempts", 429),
    ("overloaded", 503),
    ("unavailable", 503),
    ("provider_unavailable", 503),
]
# How the framework is made to refuse by itself.
BY_THE_FRAMEWORK = {
    404: ("GET", "/api/v1/nowhere", {}),
    405: ("PATCH", "/api/v1/sessions", {"json": {}}),
    413: ("POST", "/api/v1/sessions", {"data": b" " * 300_000}),
    415: ("POST", "/api/v1/sessions", {"data": "login=a", "content_type": "text/plain"}),
    422: ("POST", "/api/v1/sessions", {"json": {}}),
}


@pytest.mark.parametrize(("code", "status"), PUBLISHED)
def test_a_refusal_has_its_status(code, status):
    assert problem_of(Refused(code)).status == status


@pytest.mark.parametrize("code", sorted(STATUSES))
def test_every_code_has_a_sentence_of_its_own_in_both_languages(code):
    french, english = sentence(code, "fr"), sentence(code, "en")
    assert french != english
    assert french != sentence("no such code", "fr")
    assert french.endswith((".", "»"))
    assert english.endswith(".")


@pytest.mark.parametrize(("status", "code"), CODES_BY_STATUS.items())
def test_what_the_framework_refuses_by_itself_has_its_code(status, code, visitor):
    method, path, sent = BY_THE_FRAMEWORK[status]
    response = visitor.open(path, method=method, **sent)
    assert (response.status_code, response.get_json()["code"]) == (status, code)


def test_a_code_that_we_do_not_know_yet_is_a_conflict_with_its_own_name():
    problem = problem_of(Refused("brand_new_rule"))
    assert (problem.status, problem.code) == (409, "brand_new_rule")
    assert status_of("brand_new_rule") == 409


def test_what_must_wait_always_says_how_long():
    for error in (Refused("too_many_attempts"), Unavailable("timeout"), Refused("provider_unavailable")):
        assert int(problem_of(error).headers["Retry-After"]) >= 1
    assert problem_of(Refused("confirmation_in_progress", retry_after_s=7)).headers["Retry-After"] == "7"


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("timeout", "unavailable"),
        ("no_service", "unavailable"),
        ("connection", "unavailable"),
        ("overloaded", "overloaded"),
    ],
)
def test_nobody_answering_is_a_503(reason, code):
    problem = problem_of(Unavailable(reason))
    assert (problem.status, problem.code) == (503, code)


def test_the_fields_that_a_service_names_reach_the_reader(family, bus):
    errors = [{"pointer": "/add/0/day", "messages": ["Not a valid date."]}]
    bus.answers("booking.change_draft", Refused("malformed", errors=errors))
    problem = family.patch("/api/v1/drafts/d-1", json={"add": [samples.MOVEMENT]}).get_json()
    assert problem["errors"] == [{"in": "body", **errors[0]}]


def test_what_a_service_refuses_in_a_list_was_in_the_query(family, bus):
    errors = [{"pointer": "/cursor", "messages": ["Not a cursor of this list."]}]
    bus.answers("booking.list_bookings", Refused("malformed", errors=errors))
    response = family.get("/api/v1/bookings?cursor=zzz")
    assert response.status_code == 400
    assert response.get_json()["errors"] == [{"in": "query", **errors[0]}]


def test_a_wrong_line_is_named_by_its_place(family):
    problem = family.patch("/api/v1/drafts/d-1", json={"add": [{"day": {"$gt": ""}}]}).get_json()
    day = next(error for error in problem["errors"] if error["pointer"] == "/add/0/day")
    assert day == {"in": "body", "pointer": "/add/0/day", "messages": ["Not a valid string."]}


def test_a_body_with_a_thousand_wrong_fields_gets_the_first_fifty(family):
    wrong = {f"x/{number}~": number for number in range(1000)}
    problem = family.patch("/api/v1/drafts/d-1", json=wrong).get_json()
    assert len(problem["errors"]) == 50
    assert all(re.fullmatch("/x~1[0-9]+~0", error["pointer"]) for error in problem["errors"])


@pytest.mark.parametrize(
    ("header", "title"),
    [
        ("fr", "Introuvable."),
        ("en-GB,en;q=0.8", "Not found."),
        ("de", "Introuvable."),
        ("", "Introuvable."),
        ("\u00e9;;q=x", "Introuvable."),
    ],
)
def test_a_problem_speaks_the_readers_language(header, title, visitor):
    response = visitor.get("/api/v1/nowhere", headers={"Accept-Language": header})
    assert response.get_json()["title"] == title


def test_405_says_what_is_allowed(family):
    response = family.put("/api/v1/drafts/d-1", json={})
    assert response.status_code == 405
    assert response.mimetype == "application/problem+json"
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "PATCH", "DELETE", "OPTIONS"}


def test_a_bug_is_a_500_without_its_stack(family, bus):
    bus.answers("family.list_children", ZeroDivisionError("secret detail"))
    response = family.get("/api/v1/children")
    assert response.status_code == 500
    assert response.get_json()["code"] == "internal"
    assert "secret" not in response.text
    assert "Zero" not in response.text


@pytest.fixture
def noted(monkeypatch):
    lines = []
    monkeypatch.setattr(
        problems.log, "info", lambda event, **said: lines.append((event, said)), raising=False
    )
    return lines


def test_what_is_refused_is_logged_with_who_asked_and_without_what_was_asked(family, bus, noted):
    bus.answers("booking.get_confirmation", Refused("not_found"))
    family.get("/api/v1/confirmations/01890a5d-ac96-774b-bcce-b302099a8057")
    [(event, said)] = noted
    assert event == "request_refused"
    assert said == {
        "code": "not_found",
        "status": 404,
        "method": "GET",
        "route": "/api/v1/confirmations/<id:confirmation_id>",
        "account_id": samples.SESSION["account_id"],
    }


def test_what_no_page_of_ours_sends_is_logged_too(visitor, noted):
    visitor.post("/api/v1/sessions", data="{", content_type="application/json")
    visitor.get("/nowhere?x=\x01")
    visitor.post("/logout")
    assert [said["code"] for _, said in noted] == ["malformed", "malformed", "csrf_failed"]
    assert {said["account_id"] for _, said in noted} == {None}


def test_who_is_not_logged_in_leaves_no_line(visitor, noted):
    assert visitor.get("/api/v1/children").status_code == 401
    assert noted == []


def test_failed_and_refused_differ():
    assert problem_of(Failed("KeyError")).code == "internal"
    assert problem_of(Refused("not_found")).code == "not_found"


def test_pages_may_show_errors_their_own_way_but_never_the_api(visitor, app):
    app.extensions["error_page"] = lambda problem: Response(f"<p>{problem.code}", problem.status)
    assert visitor.get("/nowhere/at-all").text == "<p>not_found"
    assert visitor.get("/api/v1/nowhere").mimetype == "application/problem+json"


@pytest.mark.parametrize("code", [*STATUSES, "nobody_knows"])
def test_french_sentences_are_set_as_printers_do(code):
    said = sentence(code, "fr")
    assert "'" not in said
    assert not any(f" {sign}" in said for sign in ":;!?")
    assert said.endswith(".")
