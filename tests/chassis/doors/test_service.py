"""A service made of its doors, and the calls that they work with."""

import types
from dataclasses import dataclass, replace

import pytest
from marshmallow import fields

from chassis.doors import capabilities
from chassis.doors.call import Call, call_of_event
from chassis.doors.events import on_event
from chassis.doors.rpc import rpc
from chassis.doors.service import service
from chassis.doors.timers import every
from chassis.testing.doors import call, tools
from chassis.values.actor import Actor, Grant
from chassis.values.context import Context, service_context
from chassis.values.errors import Refused
from chassis.values.event import Event
from chassis.values.requests import RequestSchema
from chassis.values.scope import Scope

pytestmark = pytest.mark.pure

ROLES = {"carer": {"attendance.record"}, "manager": {"attendance.record", "request.answer"}, "reader": set()}
PARENT = Context("person", "gateway", "o", account_id="a", family_id="f", membership_id="m", request_id="r")


class Lamps:
    """A store."""

    def __init__(self, database):
        self.database = database

    @staticmethod
    def ensure_indexes(database):
        pass


def module(**doors):
    made = types.ModuleType("lamps.doors")
    for name, door in doors.items():
        door.__module__, door.__name__ = made.__name__, name
        setattr(made, name, door)
    return made


def lamps(*modules, **parts):
    return service("lamps", modules, stores=[Lamps], events={}, sources=[], **parts)


PARTS = ("relay", "clock", "ids", "timers")


def worker(service_class, **parts):
    made = service_class()
    for name, part in {**dict.fromkeys(PARTS), "store": {}, **parts}.items():
        setattr(made, name, part)
    return made


def test_a_door_gets_a_call_with_the_actor_and_the_scope_of_who_asks():
    seen = []

    @rpc(capabilities.own_family())
    def light(call, request):
        """Light."""
        seen.append((call.scope, call.actor, call.request_id, request))
        return {}

    worker(lamps(module(light=light))).light(PARENT, {"room": "hall"})
    actor = Actor("person", account_id="a", membership_id="m", for_family_id="f")
    assert seen == [(Scope("o", "f"), actor, "r", {"room": "hall"})]


def test_a_scope_names_all_ids_under_which_things_of_the_familys_file_stand():
    scope = capabilities.own_family().scope(replace(PARENT, merged_family_ids=("f2",)), {})
    assert (scope.family_id, scope.family_ids) == ("f", ("f", "f2"))
    assert Scope("o").family_ids == Scope("o", merged_family_ids=("f2",)).family_ids == ()


def test_a_file_that_is_not_the_scopes_is_known_by_the_id_that_is_asked_for_alone():
    scope = Scope("o", "f", merged_family_ids=("f2",))
    assert scope.file_of("f") == scope.file_of("f2") == ("f", "f2")
    assert (scope.file_of("f3"), Scope("o").file_of("f")) == (("f3",), ("f",))


def test_a_handler_gets_a_call_in_the_events_organisation_with_the_events_actor():
    seen = []

    @on_event("meters", "read")
    def on_read(call, event):
        """Hear."""
        seen.append((call.scope, call.actor, event.name))

    who = Actor("agent", account_id="a")
    worker(lamps(module(on_read=on_read))).on_read(event(actor=who))
    assert seen == [(Scope("o"), who, "read")]


def test_an_event_that_names_nobody_is_handled_by_the_service_itself():
    assert call_of_event(tools("lamps"), event()).actor == Actor("service")


def test_a_timer_belongs_to_no_organisation_until_it_goes_on_with_somebodys_affair():
    seen = []

    @every(seconds=1)
    def sweep(call):
        """Sweep."""
        seen.append(call)

    worker(lamps(module(sweep=sweep))).sweep()
    with pytest.raises(Refused, match="not_found"):
        _ = seen[0].scope
    going_on = seen[0].acting_for("o", family_id="f", request_id="r", on_behalf_of="a")
    assert (going_on.scope, going_on.account_id, going_on.request_id) == (Scope("o", "f"), "a", "r")
    assert going_on.actor == Actor("service", for_family_id="f", on_behalf_of="a")


def test_a_door_finds_the_stores_and_ports_of_its_service():
    @rpc(capabilities.own_family())
    def light(call, request):
        """Light."""
        return {"store": call.store(Lamps), "ports": call.ports}

    made = lamps(module(light=light), ports=lambda worker: f"ports of {worker.meter}")
    answer = worker(made, store={Lamps: "the one store"}, meter="m").light(PARENT, {})
    assert answer == {"store": "the one store", "ports": "ports of m"}


def test_two_doors_of_one_name_end_the_build():
    def made():
        @rpc(capabilities.anybody())
        def light(call, request):
            """Light."""

        return module(light=light)

    with pytest.raises(TypeError, match="called light"):
        lamps(made(), made())


def test_a_function_that_is_no_door_and_a_door_of_another_module_stay_outside():
    @rpc(capabilities.anybody())
    def light(call, request):
        """Light."""

    borrowed = module(light=light)
    other = types.ModuleType("other")
    other.light, other.helper = light, len
    assert not hasattr(lamps(other), "light")
    assert hasattr(lamps(borrowed), "light")


def test_a_door_without_a_word_on_who_may_use_it_ends_the_build():
    with pytest.raises(TypeError, match="needs"):
        rpc()


@pytest.mark.parametrize(
    ("needs", "context", "refusal"),
    [
        (capabilities.own_family(), Context("anonymous", "gateway", "o"), "forbidden"),
        (capabilities.own_family(), Context("person", "gateway", "o", account_id="a"), "not_found"),
        (capabilities.own_family(), Context("person", "gateway", family_id="f", account_id="a"), "not_found"),
        (capabilities.own_account(), service_context("booking", "o", "r"), "forbidden"),
        (capabilities.from_service("booking"), service_context("notify", "o", "r"), "forbidden"),
        (capabilities.from_service("booking"), PARENT, "forbidden"),
        (capabilities.anonymous(), PARENT, "forbidden"),
        (capabilities.may("attendance.record"), PARENT, "forbidden"),
    ],
)
def test_who_does_not_have_what_a_door_needs_is_refused(needs, context, refusal):
    with pytest.raises(Refused, match=refusal):
        needs.scope(context, ROLES)


@pytest.mark.parametrize(
    ("grants", "scope"),
    [
        ([Grant("carer", centre_id="c1")], Scope("o", None, frozenset({"c1"}), None)),
        ([Grant("carer", "c1"), Grant("carer", "c2")], Scope("o", None, frozenset({"c1", "c2"}), None)),
        ([Grant("carer", "c1"), Grant("manager")], Scope("o")),
        ([Grant("carer", "c1"), Grant("reader")], Scope("o", None, frozenset({"c1"}), None)),
        ([Grant("manager", None, "office")], Scope("o", None, None, frozenset({"office"}))),
        ([Grant("reader")], None),
        ([Grant("unheard of")], None),
    ],
)
def test_an_agent_reaches_the_places_of_the_grants_that_give_the_capability(grants, scope):
    agent = Context("person", "gateway", "o", account_id="a", grants=tuple(grants))
    needs = capabilities.may("attendance.record")
    if scope is None:
        with pytest.raises(Refused, match="forbidden"):
            needs.scope(agent, ROLES)
    else:
        assert needs.scope(agent, ROLES) == scope
    assert needs.actor(agent).kind == "agent"


def test_a_service_carries_on_who_caused_what_it_asks_for():
    asking: Call = call(tools("booking"), PARENT, capabilities.own_family())
    carried = asking.as_service()
    assert capabilities.from_service("booking").actor(carried) == asking.actor
    assert carried.kind == "service"


@dataclass(frozen=True)
class Light:
    room: str
    seconds: int = 60


class LightSchema(RequestSchema):
    into = Light
    room = fields.String(required=True)
    seconds = fields.Integer()


def test_a_request_loads_into_its_dataclass_with_its_defaults():
    assert LightSchema().load({"room": "hall"}) == Light("hall", 60)


def test_a_field_renamed_in_the_dataclass_alone_ends_the_start():
    @dataclass(frozen=True)
    class Renamed:
        chamber: str
        seconds: int = 60

    class Schema(LightSchema):
        into = Renamed

    with pytest.raises(TypeError, match=r"\['chamber', 'room'\]"):
        Schema()


def event(actor=None):
    envelope = {"organisation_id": "o", "aggregate_id": "x", "sequence": 1, "occurred_at": None}
    return Event("e", "read", 1, **envelope, causation_id=None, correlation_id="r", data={}, actor=actor)
