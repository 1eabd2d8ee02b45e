import dataclasses
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from chassis.storage import outbox
from chassis.values.actor import Actor, Grant
from chassis.values.context import Context, Signer, Verifier
from chassis.values.errors import Refused
from chassis.values.event import Event, Unreadable

pytestmark = pytest.mark.pure

AGENT = Actor("agent", account_id="a", membership_id="m", for_family_id="f", reason_code="late")
KEY = Ed25519PrivateKey.generate()
SIGNER, VERIFIER = Signer("booking", KEY), Verifier({"booking": KEY.public_key()})


@given(
    st.builds(
        Actor,
        kind=st.sampled_from(["person", "agent", "machine", "service", "provider", "operator"]),
        **{field.name: st.none() | st.text() for field in dataclasses.fields(Actor) if field.name != "kind"},
    )
)
def test_an_actor_is_read_as_it_was_written(actor):
    assert Actor.read(actor.as_document()) == actor


def test_an_actor_written_by_a_later_release_is_read_without_what_is_unknown_here():
    assert Actor.read({**AGENT.as_document(), "device": "tablet"}) == AGENT


@pytest.mark.parametrize("document", [{}, {"kind": "ghost"}, {"kind": "person", "account_id": 1}])
def test_what_is_no_actor_is_not_read_as_one(document):
    with pytest.raises((ValueError, TypeError)):
        Actor.read(document)


def test_grants_and_actor_travel_in_a_signed_context():
    context = Context(
        "person",
        "booking",
        "o",
        account_id="a",
        membership_id="m",
        grants=(Grant("carer", "c1"), Grant("cashier", None, "office")),
        actor=AGENT,
    )
    assert VERIFIER.verify(SIGNER.sign(context, "billing"), "billing") == context


@pytest.mark.parametrize(
    "changed",
    [
        {"grants": (Grant("a", 1),)},  # type: ignore[arg-type]
        {"grants": (Grant(None),)},  # type: ignore[arg-type]
        {"actor": Actor("ghost")},  # type: ignore[arg-type]
    ],
)
def test_grants_and_actors_that_no_signer_of_ours_writes_are_not_believed(changed):
    context = dataclasses.replace(Context("service", "booking", "o"), **changed)
    with pytest.raises(Refused, match="unauthenticated"):
        VERIFIER.verify(SIGNER.sign(context, "billing"), "billing")


def row(**fields):
    told = {"aggregate_id": "x", "sequence": 1, "data": {}, "occurred_at": datetime(2026, 11, 9, tzinfo=UTC)}
    return outbox.row("lamp_lit", **{"context_or_org": "o", "request_id": "r", **told, **fields})


def test_an_event_carries_its_actor_from_the_row_to_the_handler():
    event = Event.from_row(row(actor=AGENT))
    assert Event.decode(event.encode()).actor == AGENT


def test_the_actor_of_a_context_is_the_events_own():
    caused = Context("service", "booking", "o", request_id="r", actor=AGENT)
    assert Event.from_row(row(context_or_org=caused, request_id=None)).actor == AGENT


def test_an_event_of_an_earlier_release_names_no_actor():
    event = Event.from_row(row())
    assert event.actor is None
    assert b"actor" not in event.encode()
    assert Event.decode(event.encode()) == event


def test_an_event_whose_actor_is_none_of_ours_is_unreadable():
    body = Event.from_row(row(actor=AGENT)).encode().replace(b'"agent"', b'"ghost"')
    with pytest.raises(Unreadable):
        Event.decode(body)
