"""The doors of sessions, on the real broker and database."""

from collections import Counter
from hashlib import sha256

import pytest
from eventlet import GreenPool

from chassis.testing import eventually, person
from chassis.values.context import Context
from chassis.values.errors import Refused
from identity.organisations.imports import organisation_id
from identity.ports.hashing import Passwords, Verdict

ANA = {
    "login": " ANA.roy@example.org",
    "password": "soleil-marelle-42",
    "user_agent": "Firefox",
    "address": "::1",
}
DESK = {"login": "desk@example.org", "password": "soleil-marelle-43"}


def refusal(ask, *call):
    with pytest.raises(Refused) as refused:
        ask(*call)
    return refused.value


def digest(token):
    return sha256(token.encode()).hexdigest()


def the_person(session):
    return person(
        organisation_id=session["organisation"]["id"],
        account_id=session["account_id"],
        session_id=session["id"],
    )


def test_a_person_logs_in_and_the_token_opens_the_session(identity):
    opened = identity.ask("log_in", ANA)
    assert len(opened["token"]) >= 43
    assert opened["session"]["display_name"] == "Ana Roy"
    assert opened["session"]["kind"] == "family"
    assert [each["slug"] for each in opened["session"]["memberships"]] == ["carteville", "saint-elme"]
    resolved = identity.ask("resolve_session", {"token_sha256": digest(opened["token"])})
    assert {**resolved["session"], "idle_expires_at": None} == {**opened["session"], "idle_expires_at": None}
    assert opened["session"]["idle_expires_at"] == "2036-11-17T08:02:00.000Z"  # unless it is used
    assert resolved["session"]["idle_expires_at"] == "2036-11-17T08:30:00.000Z"


def test_the_token_itself_is_kept_nowhere(identity):
    token = identity.ask("log_in", ANA)["token"]
    assert token not in str(list(identity.store.database.sessions.find()))


def test_a_session_begins_in_the_organisation_of_the_login_page(identity):
    page = Context(kind="anonymous", issuer="gateway", organisation_id=organisation_id("saint-elme"))
    assert identity.ask("log_in", ANA, page)["session"]["organisation"]["time_zone"] == "Indian/Reunion"


def test_an_unknown_login_and_a_wrong_password_are_refused_alike(identity, monkeypatch):
    checked = []

    def check(_passwords, _password, stored_hash):
        checked.append(stored_hash)
        return Verdict(matches=False)

    monkeypatch.setattr(Passwords, "check", check)
    unknown = refusal(identity.ask, "log_in", {**ANA, "login": "nobody@example.org"})
    wrong = refusal(identity.ask, "log_in", {**ANA, "password": "wrong-wrong-wrong"})
    assert unknown == wrong == Refused("invalid_credentials")
    assert [stored is None for stored in checked] == [True, False]


def test_after_five_failures_the_right_password_has_to_wait_too(identity):
    wrong = {**ANA, "password": "wrong-wrong-wrong"}
    for _ in range(6):
        assert refusal(identity.ask, "log_in", wrong).code == "invalid_credentials"
    waiting = refusal(identity.ask, "log_in", ANA)
    assert (waiting.code, waiting.retry_after_s) == ("too_many_attempts", 15)
    identity.clock.advance(seconds=15)
    assert identity.ask("log_in", ANA)["session"]
    assert identity.ask("log_in", ANA)["session"]


def test_a_stranger_does_not_lock_the_owner_out_of_a_known_device(identity):
    device_token = identity.ask("log_in", {**ANA, "remember_device": True})["device_token"]
    wrong = {**ANA, "password": "wrong-wrong-wrong"}
    for _ in range(6):
        refusal(identity.ask, "log_in", wrong)
    assert refusal(identity.ask, "log_in", wrong).code == "too_many_attempts"
    assert identity.ask("log_in", {**ANA, "device_token": device_token})["session"]
    assert refusal(identity.ask, "log_in", wrong).code == "too_many_attempts"


def test_an_unknown_login_waits_like_a_known_one(identity):
    unknown = {**ANA, "login": "nobody@example.org"}
    for _ in range(6):
        refusal(identity.ask, "log_in", unknown)
    assert refusal(identity.ask, "log_in", unknown).retry_after_s == 15


def test_after_a_thousand_wrong_log_ins_at_one_address_a_known_device_logs_in_and_others_wait_two_seconds(
    identity,
):
    device_token = identity.ask("log_in", {**ANA, "remember_device": True})["device_token"]
    wrong = ({**ANA, "login": f"nobody{number}@example.org"} for number in range(1000))
    codes = Counter(GreenPool(5).imap(lambda each: refusal(identity.ask, "log_in", each).code, wrong))
    assert codes == {"invalid_credentials": 201, "too_many_attempts": 799}  # no time passes
    assert identity.ask("log_in", {**ANA, "device_token": device_token})["session"]
    desk = {**DESK, "address": ANA["address"]}
    told = refusal(identity.ask, "log_in", desk)
    assert (told.code, told.retry_after_s) == ("too_many_attempts", 2)
    assert identity.ask("log_in", {**desk, "address": "2001:db8::1"})["session"]
    identity.clock.advance(seconds=told.retry_after_s)
    assert identity.ask("log_in", desk)["session"]


def test_a_hash_with_old_parameters_is_replaced_at_log_in(identity, store):
    before = store.accounts.account_by_login("desk@example.org").password_hash
    identity.ask("log_in", DESK)
    assert store.accounts.account_by_login("desk@example.org").password_hash == before
    old = Passwords(b"a pepper for the tests only", memory_kib=16, time_cost=1).hash(DESK["password"])
    store.database.accounts.update_one({"login": DESK["login"]}, {"$set": {"password_hash": old}})
    identity.ask("log_in", DESK)
    assert "m=8," in store.accounts.account_by_login("desk@example.org").password_hash


def test_a_session_ends_with_its_log_out(identity):
    opened = identity.ask("log_in", ANA)
    assert identity.ask("log_out", {}, the_person(opened["session"])) == {"closed": 1}
    assert identity.ask("log_out", {}, the_person(opened["session"])) == {"closed": 0}
    expired = refusal(identity.ask, "resolve_session", {"token_sha256": digest(opened["token"])})
    assert expired.code == "session_expired"


def test_a_family_that_calls_stays_logged_in_and_one_that_rests_does_not(identity):
    opened = identity.ask("log_in", ANA)
    request = {"token_sha256": digest(opened["token"])}
    identity.ask("resolve_session", request)
    for _ in range(3):
        identity.clock.advance(minutes=20)
        assert identity.ask("resolve_session", request)["session"]["id"] == opened["session"]["id"]
    identity.clock.advance(minutes=30)
    assert refusal(identity.ask, "resolve_session", request).code == "session_expired"


def test_calls_within_a_minute_write_nothing(identity):
    opened = identity.ask("log_in", ANA)
    claimed = identity.ask("resolve_session", {"token_sha256": digest(opened["token"])})
    identity.clock.advance(seconds=59)
    again = identity.ask("resolve_session", {"token_sha256": digest(opened["token"])})
    assert again["session"] == claimed["session"]
    identity.clock.advance(seconds=1)
    seen = identity.ask("resolve_session", {"token_sha256": digest(opened["token"])})
    assert seen["session"]["idle_expires_at"] == "2036-11-17T08:31:00.000Z"


def test_a_person_lists_and_closes_their_sessions_and_nobody_elses(identity):
    first, second = (identity.ask("log_in", ANA)["session"] for _ in range(2))
    stranger = the_person(identity.ask("log_in", DESK)["session"])
    listed = identity.ask("list_sessions", {}, the_person(second))["data"]
    assert {each["id"]: each["current"] for each in listed} == {first["id"]: False, second["id"]: True}
    request = {"session_id": first["id"]}
    assert refusal(identity.ask, "close_session", request, stranger).code == "not_found"
    assert identity.ask("close_session", request, the_person(second)) == {"closed": 1}
    assert len(identity.ask("list_sessions", {}, the_person(second))["data"]) == 1


def test_a_person_switches_only_to_an_organisation_of_their_own(identity):
    opened = identity.ask("log_in", ANA)
    identity.ask("resolve_session", {"token_sha256": digest(opened["token"])})
    ana = the_person(opened["session"])
    there = identity.ask("switch_organisation", {"organisation_id": organisation_id("saint-elme")}, ana)
    assert there["session"]["organisation"]["slug"] == "saint-elme"
    assert there["session"]["family_id"] != opened["session"]["family_id"]
    assert identity.ask("resolve_session", {"token_sha256": digest(opened["token"])}) == there
    assert refusal(identity.ask, "switch_organisation", {"organisation_id": "x"}, ana).code == "not_found"
    identity.clock.advance(hours=1)
    request = {"organisation_id": organisation_id("carteville")}
    assert refusal(identity.ask, "switch_organisation", request, ana).code == "session_expired"


@pytest.mark.parametrize(
    ("method", "request_"),
    [
        ("log_in", {**ANA, "password": {"$ne": ""}}),
        ("log_in", {**ANA, "login": "\ud800"}),
        ("log_in", {**ANA, "password": "x" * 129}),
        ("log_in", {**ANA, "admin": True}),
        ("log_in", {**ANA, "device_token": "x" * 44}),
        ("resolve_session", {"token_sha256": {"$gt": ""}}),
        ("resolve_session", {"token_sha256": "a" * 64 + "\n"}),
        ("get_organisation", {}),
    ],
)
def test_what_is_not_a_request_is_malformed(identity, method, request_):
    assert refusal(identity.ask, method, request_).code == "malformed"


@pytest.mark.parametrize("method", ["log_out", "list_sessions", "close_session", "switch_organisation"])
def test_only_a_person_has_sessions(identity, method):
    assert refusal(identity.ask, method).code == "forbidden"


def test_imported_organisations_are_told(identity):
    rows = identity.store.database.outbox
    assert eventually(
        lambda: rows.count_documents({"pending": {"$exists": False}}) == rows.count_documents({})
    )


def test_a_language_that_a_person_chooses_is_theirs_in_every_session_and_told_where_they_are_guardians(
    identity,
):
    elsewhere, here = (identity.ask("log_in", ANA) for _ in range(2))
    me = the_person(here["session"])
    assert identity.ask("choose_language", {"language": "en"}, me)["session"]["language"] == "en"
    for opened in (elsewhere, identity.ask("log_in", ANA)):
        token = {"token_sha256": digest(opened["token"])}
        assert identity.ask("resolve_session", token)["session"]["language"] == "en"
    told = list(identity.store.database.outbox.find({"name": "language_chosen", "sequence": 1}))
    towns = {organisation_id("carteville"), organisation_id("saint-elme")}
    assert {row["organisation_id"] for row in told} == towns
    assert {row["data"]["language"] for row in told} == {"en"}
    assert {row["actor"]["account_id"] for row in told} == {here["session"]["account_id"]}


def test_a_language_that_nobody_here_speaks_is_refused(identity):
    me = the_person(identity.ask("log_in", ANA)["session"])
    assert refusal(identity.ask, "choose_language", {"language": "de"}, me).code == "malformed"
