"""The look of an organisation on its pages: name, crest, colour, and where a person is found."""

import pytest

from chassis.values.errors import Refused, Unavailable
from gateway.pages import brand
from tests.gateway import samples
from tests.gateway.portal.reading import read


@pytest.mark.parametrize("path", ["/carteville", "/home"])
def test_head_and_foot_are_the_towns_own(parent, stranger, path):
    page = read((stranger if path == "/carteville" else parent).get(path))
    assert page.select_one(".brand img")["src"].startswith("/brand/carteville.svg?v=")
    assert any(link["href"].startswith("/brand/carteville.css?v=") for link in page.select("link"))
    foot = page.select_one("footer").text
    assert "Service enfance" in foot
    assert "lundi à vendredi" in foot
    assert page.select_one("footer a[href^='tel:']")["href"] == "tel:+33500000150"


def test_colour_and_crest_are_files_that_may_be_kept_and_do_nothing(stranger):
    colour = stranger.get("/brand/carteville.css")
    assert colour.mimetype == "text/css"
    assert "--brand: #0b3c5d" in colour.text
    crest = stranger.get("/brand/carteville.svg")
    assert crest.text == samples.ORGANISATION["crest"]
    assert crest.headers["Content-Security-Policy"] == brand.STILL
    assert "max-age" in crest.headers["Cache-Control"]
    assert stranger.get("/brand/atlantis.svg").status_code == 404


def test_a_town_without_a_look_has_the_products(stranger, town, monkeypatch):
    plain = {**samples.ORGANISATION, "colour": "", "crest": "", "help_desk": {}}
    monkeypatch.setattr(samples, "ORGANISATION", plain)
    page = read(stranger.get("/carteville"))
    assert "mark.svg" in page.select_one(".brand img")["src"]
    assert not [link for link in page.select("link[rel=stylesheet]") if "/brand/" in link["href"]]
    assert stranger.get("/brand/carteville.css").text == ""
    assert stranger.get("/brand/carteville.svg").status_code == 404


@pytest.mark.parametrize("failure", [Refused("not_found"), Unavailable("identity", "away")])
def test_pages_stand_without_a_town_that_nobody_can_tell_of(parent, town, failure):
    town.refusing["identity.get_organisation"] = failure
    page = read(parent.get("/home"))
    assert "Carteville" in page.select_one(".brand").text


def test_a_page_that_tells_of_a_fault_asks_nobody_for_the_town(parent, town):
    town.refusing["family.get_family"] = Unavailable("family", "away")
    assert parent.get("/home").status_code == 503
    assert town.asked("identity.get_organisation") == []


@pytest.mark.parametrize(
    ("phone", "dialled"),
    [("05 00 00 01 50", "+33500000150"), ("+33 5 00 00 01 50", "+33500000150"), ("3939", "3939")],
)
def test_a_phone_number_is_dialled_from_anywhere(phone, dialled):
    assert brand.dialled(phone) == dialled


def test_a_deeper_shade_is_darker_in_each_part():
    assert brand.deeper("#0b3c5d") == "#072b42"
