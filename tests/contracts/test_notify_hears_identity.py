"""Notify understands what identity says."""

import pytest

from notify.ports import identity as ports
from notify.vocabulary import ChosenLanguage, Desk
from tests.contracts import telling

NEEDS = {
    "organisation_changed": {"organisation_id", "name", "slug", "time_zone"},
    "language_chosen": {"guardian_id", "language"},
}
READERS = {"organisation_changed": ports.read_organisation, "language_chosen": ports.read_language}


@pytest.mark.parametrize("way", telling.events("notify", "identity", "organisation_changed"), ids=str)
def test_notify_reads_who_writes_and_in_which_zone(way):
    organisation = ports.read_organisation(way.message.data)
    assert organisation.id == way.message.organisation_id
    assert (organisation.name, organisation.time_zone) == ("Mairie de Carteville", "Europe/Paris")


def test_notify_reads_the_colour_and_the_help_desk_where_they_are_told():
    told = telling.example("identity", "organisation_changed.event")["data"]
    organisation = ports.read_organisation(told)
    assert organisation.colour == "#0b3c5d"
    assert organisation.help_desk == Desk(
        "Service enfance",
        "12 place du Marché, 99150 Carteville",
        "05 00 00 01 50",
        "lundi à vendredi, 8 h 30 à 12 h",
    )
    before = {name: told[name] for name in ("organisation_id", "name", "slug", "time_zone")}
    assert ports.read_organisation(before).help_desk == Desk()


@pytest.mark.parametrize("way", telling.events("notify", "identity", "language_chosen"), ids=str)
def test_notify_reads_in_which_language_a_guardian_reads(way):
    assert ports.read_language(way.message.data) == ChosenLanguage(way.message.data["guardian_id"], "en")


def test_notify_needs_no_more_than_this():
    assert telling.needs("notify", "identity", lambda told: READERS[told.name](told.data)) == NEEDS
