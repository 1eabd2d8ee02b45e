import base64
import json
import time

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis.running.keys import main
from chassis.values import clock
from chassis.values.context import Context, Signer, Verifier, service_context
from chassis.values.errors import Refused

PERSON = Context(
    kind="person",
    issuer="gateway",
    organisation_id="o",
    account_id="a",
    family_id="f",
    guardian_id="g",
    roles=("desk",),
    centre_ids=("c1", "c2"),
    session_id="s",
    request_id="r",
    language="en",
    merged_family_ids=("f2",),
)
KEY = Ed25519PrivateKey.generate()
SIGNER = Signer("gateway", KEY)
VERIFIER = Verifier({"gateway": KEY.public_key()})


def claims(**changes):
    now = int(time.time())
    return {
        "iss": "gateway",
        "aud": "booking",
        "iat": now,
        "exp": now + 60,
        "kind": "person",
        "sub": "a",
        **changes,
    }


def signed(**changes):
    # Below PyJWT's own encoder, which would not write some of these.
    return jwt.PyJWS().encode(json.dumps(claims(**changes)).encode(), KEY, algorithm="EdDSA")


def test_what_was_signed_is_what_is_verified():
    assert VERIFIER.verify(SIGNER.sign(PERSON, "booking"), "booking") == PERSON


def test_a_context_is_good_for_the_method_that_it_was_signed_for():
    assert VERIFIER.verify(SIGNER.sign(PERSON, "booking.confirm"), "booking.confirm") == PERSON


@pytest.mark.parametrize(
    "elsewhere", ["booking.get_calendar", "booking.confirm.x", "booking", "billing.confirm"]
)
def test_a_context_for_one_method_is_refused_by_every_other(elsewhere):
    with pytest.raises(Refused) as refusal:
        VERIFIER.verify(SIGNER.sign(PERSON, "booking.confirm"), elsewhere)
    assert refusal.value.code == "unauthenticated"


@pytest.mark.parametrize("method", [None, "", 7, ["confirm"]])
def test_a_method_that_is_no_name_is_refused(method):
    with pytest.raises(Refused):
        VERIFIER.verify(signed(method=method), "booking.confirm")


def test_a_release_that_knows_no_methods_and_this_one_believe_each_other():
    """The one before looks at `aud`, which names the service alone, and passes over what it does not know."""
    of_the_release_before = SIGNER.sign(PERSON, "booking")
    assert VERIFIER.verify(of_the_release_before, "booking.confirm") == PERSON
    claims = jwt.decode(SIGNER.sign(PERSON, "booking.confirm"), options={"verify_signature": False})
    assert (claims["aud"], claims["method"]) == ("booking", "confirm")


def test_a_service_and_an_anonymous_visitor_are_told_apart():
    service = service_context("gateway", "o", "r", on_behalf_of="a")
    nobody = Context(kind="anonymous", issuer="gateway", organisation_id="o", request_id="r")
    for context in (service, nobody):
        assert VERIFIER.verify(SIGNER.sign(context, "booking"), "booking") == context


def test_the_issuer_is_the_signers_own_whatever_the_context_says():
    pretending = Context(kind="service", issuer="billing", request_id="r")
    assert VERIFIER.verify(SIGNER.sign(pretending, "booking"), "booking").issuer == "gateway"


def test_a_service_that_carries_a_request_on_keeps_the_family_and_drops_the_roles():
    carried = PERSON.as_service("booking")
    assert (carried.kind, carried.issuer, carried.on_behalf_of) == ("service", "booking", "a")
    assert (carried.organisation_id, carried.family_id, carried.request_id) == ("o", "f", "r")
    assert carried.merged_family_ids == ("f2",)
    assert (carried.account_id, carried.roles, carried.session_id) == (None, (), None)
    assert carried.as_service("billing").on_behalf_of == "a"


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "billing"},
        {"aud": ["booking", "billing"]},
        {"iss": "billing"},
        {"iss": None},
        {"iss": ["gateway"]},
        {"kind": "administrator"},
        {"kind": None},
        {"sub": None},
        {"sub": 7},
        {"family": {"$ne": None}},
        {"organisation": ["o"]},
        {"roles": "admin"},
        {"roles": [{"admin": True}]},
        {"request_id": 7},
    ],
    ids=repr,
)
def test_a_signed_context_of_the_wrong_shape_is_refused(changes):
    token = signed(**changes)
    with pytest.raises(Refused) as refusal:
        VERIFIER.verify(token, "booking")
    assert refusal.value.code == "unauthenticated"


@pytest.mark.parametrize(
    "seconds_from_now",
    [{"exp": -30}, {"iat": 30, "exp": 60}, {"exp": 3600}],
    ids=["run out", "not yet begun", "for too long"],
)
def test_a_context_signed_for_another_time_is_refused(seconds_from_now):
    now = int(time.time())
    token = signed(**{claim: now + seconds for claim, seconds in seconds_from_now.items()})
    with pytest.raises(Refused) as refusal:
        VERIFIER.verify(token, "booking")
    assert refusal.value.code == "unauthenticated"


@pytest.mark.parametrize("missing", ["iss", "aud", "exp", "iat", "kind", "sub"])
def test_a_context_that_lacks_a_claim_is_refused(missing):
    token = jwt.encode({k: v for k, v in claims().items() if k != missing}, KEY, algorithm="EdDSA")
    with pytest.raises(Refused):
        VERIFIER.verify(token, "booking")


def test_a_context_changed_after_signing_is_refused():
    head, body, signature = SIGNER.sign(PERSON, "booking").split(".")
    held = json.loads(base64.urlsafe_b64decode(body + "=="))
    held["family"] = "another"
    changed = base64.urlsafe_b64encode(json.dumps(held).encode()).decode().rstrip("=")
    with pytest.raises(Refused):
        VERIFIER.verify(f"{head}.{changed}.{signature}", "booking")


@pytest.mark.parametrize("token", [None, "", 7, b"x", "x", "a.b.c", {"kind": "person"}], ids=repr)
def test_what_is_no_token_is_refused(token):
    with pytest.raises(Refused) as refusal:
        VERIFIER.verify(token, "booking")
    assert refusal.value.code == "unauthenticated"


def test_a_context_without_signature_or_with_another_algorithm_is_refused():
    unsigned = jwt.encode(claims(), None, algorithm="none")
    symmetric = jwt.encode(claims(), "0" * 32, algorithm="HS256")
    stranger = jwt.encode(claims(), Ed25519PrivateKey.generate(), algorithm="EdDSA")
    for token in (unsigned, symmetric, stranger):
        with pytest.raises(Refused):
            VERIFIER.verify(token, "booking")


def test_a_clock_that_is_a_little_ahead_is_forgiven():
    now = int(time.time())
    assert VERIFIER.verify(signed(iat=now + 3, exp=now + 63), "booking").account_id == "a"


@pytest.mark.parametrize("ahead_s", [3600, -3600])
def test_whose_clock_is_an_hour_off_believes_nobody_and_is_believed_by_nobody(monkeypatch, ahead_s):
    token = SIGNER.sign(PERSON, "booking")
    with monkeypatch.context() as there:
        there.setattr(clock, "_AHEAD_S", ahead_s)
        elsewhere = SIGNER.sign(PERSON, "booking")
        with pytest.raises(Refused, match="clocks differ"):
            VERIFIER.verify(token, "booking")
        assert VERIFIER.verify(elsewhere, "booking") == PERSON
    with pytest.raises(Refused, match="clocks differ"):
        VERIFIER.verify(elsewhere, "booking")


def test_the_command_makes_pairs_once_and_a_verifier_finds_them_all(tmp_path, capsys):
    assert main([str(tmp_path / "keys"), "gateway", "booking"]) == 0
    first = (tmp_path / "keys" / "gateway.private.pem").read_bytes()
    assert main([str(tmp_path / "keys"), "gateway", "billing"]) == 0
    assert (tmp_path / "keys" / "gateway.private.pem").read_bytes() == first
    assert (tmp_path / "keys" / "gateway.private.pem").stat().st_mode & 0o777 == 0o600
    assert "gateway: kept" in capsys.readouterr().out
    signer = Signer.from_directory(tmp_path / "keys", "booking")
    verifier = Verifier.from_directory(tmp_path / "keys")
    assert (
        verifier.verify(signer.sign(service_context("booking", "o", "r"), "billing"), "billing").issuer
        == "booking"
    )


def test_the_command_says_how_it_is_used(capsys):
    assert main([]) == 2
    assert "usage" in capsys.readouterr().err
