"""How an organisation shows itself, set by its own people, on a real database."""

from dataclasses import asdict, replace

import pytest
from marshmallow import ValidationError

from chassis.storage.migrations import migrate
from chassis.testing import FrozenClock, person
from chassis.testing.doors import call, tools
from chassis.values.actor import Grant
from chassis.values.errors import Refused
from identity.commands import MIGRATIONS
from identity.organisations import doors
from identity.organisations.contract import ROLES, GetAppearance, GetOrganisation, PutAppearanceRequest
from identity.organisations.imports import organisation_id
from identity.organisations.model import Accessibility, Appearance, HelpDesk
from identity.organisations.store import OrganisationStore

READ, WRITE = (doors.may(f"settings.{act}") for act in ("read", "write"))
TOWN = organisation_id("carteville")
LOOK = Appearance(1, "#0B3C5D", "", HelpDesk("Service enfance", phone="05 00 00 01 50"))


def asked(store, needs, role="admin", town=TOWN):
    by = tools(
        "identity",
        stores={OrganisationStore: store.organisations},
        clock=FrozenClock("2026-11-16T08:00:00Z"),
    )
    who = person(organisation_id=town, account_id="a", grants=(Grant(role),))
    return call(by, who, needs, ROLES)


def told(store):
    return list(store.database.outbox.find({"aggregate_id": TOWN}).sort("sequence"))


def test_a_look_is_kept_and_told_with_who_set_it(store):
    kept = doors.put_appearance(asked(store, WRITE), LOOK)["appearance"]
    assert (kept["version"], kept["colour"], kept["help_desk"]["name"]) == (2, "#0b3c5d", "Service enfance")
    assert doors.get_appearance(asked(store, READ, "manager"), GetAppearance())["appearance"] == kept
    event = told(store)[-1]
    assert (event["sequence"], event["actor"]["account_id"]) == (2, "a")
    assert (event["data"]["colour"], event["data"]["help_desk"]) == (kept["colour"], kept["help_desk"])


def test_a_colour_that_is_too_light_is_refused_with_the_nearest_that_is_not(store):
    light = Appearance(1, "#F2A900", "", HelpDesk())
    with pytest.raises(Refused) as refused:
        doors.put_appearance(asked(store, WRITE), light)
    assert refused.value.code == "low_contrast"
    assert refused.value.errors == [{"pointer": "/colour", "messages": ["#946700"]}]
    assert len(told(store)) == 1


def test_who_saw_an_older_look_changes_nothing(store):
    doors.put_appearance(asked(store, WRITE), LOOK)
    with pytest.raises(Refused) as refused:
        doors.put_appearance(asked(store, WRITE), LOOK)
    assert refused.value.code == "conflict"
    assert len(told(store)) == 2


def test_an_organisation_that_is_not_there_has_no_look(store):
    with pytest.raises(Refused) as refused:
        doors.get_appearance(asked(store, READ, town="elsewhere"), GetAppearance())
    assert refused.value.code == "not_found"


@pytest.mark.parametrize(("role", "needs"), [("reader", READ), ("manager", WRITE), ("desk", WRITE)])
def test_who_has_no_such_grant_neither_reads_nor_changes_it(store, role, needs):
    with pytest.raises(Refused) as refused:
        asked(store, needs, role)
    assert refused.value.code == "forbidden"


def test_a_migration_tells_what_was_told_without_its_look_under_the_next_sequence(store):
    store.database.organisations.update_one({"_id": TOWN}, {"$unset": {"schema_version": ""}})
    migrate(store.database, MIGRATIONS)
    assert [row["sequence"] for row in told(store)] == [1, 2]
    assert {"colour", "help_desk"} <= told(store)[-1]["data"].keys()
    assert store.organisations.organisations([TOWN])[TOWN].sequence == 2


OWN = Accessibility(
    "https://carteville.example/plan", "accessibilite@carteville.example", "Les menus, en images."
)


def test_the_towns_own_part_of_the_declaration_is_kept_and_told_to_anybody(store):
    kept = doors.put_appearance(asked(store, WRITE), replace(LOOK, accessibility=OWN))["appearance"]
    assert kept["accessibility"] == asdict(OWN)
    told = doors.get_organisation(asked(store, doors.anybody()), GetOrganisation("carteville"))
    assert told["organisation"]["accessibility"] == asdict(OWN)


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "http://carteville.example", "carteville.example/plan"]
)
def test_a_plan_that_is_no_address_of_a_site_is_refused(link):
    look = {"version": 1, "colour": "", "crest": "", "help_desk": {}, "accessibility": {"plan_url": link}}
    with pytest.raises(ValidationError) as refused:
        PutAppearanceRequest().load(look)
    assert list(refused.value.messages["accessibility"]) == ["plan_url"]


def test_what_was_told_of_a_look_can_be_sent_back_with_its_blanks(store):
    seen = doors.get_appearance(asked(store, READ), GetAppearance())["appearance"]
    assert "" in seen["help_desk"].values()
    kept = doors.put_appearance(asked(store, WRITE), PutAppearanceRequest().load(seen))["appearance"]
    assert kept == {**seen, "version": seen["version"] + 1}
