"""The portal as something to install: an organisation's name, colour and icons."""

import pytest

from gateway.pages import brand
from tests.gateway import samples
from tests.gateway.portal.reading import read


def manifest(client, language="fr"):
    response = client.get(f"/brand/carteville.{language}.webmanifest")
    assert response.mimetype == "application/manifest+json"
    return response.get_json(force=True)


@pytest.mark.parametrize(("language", "word"), [("fr", "Portail famille"), ("en", "Family portal")])
def test_a_manifest_is_of_its_organisation_and_in_the_language_of_the_page(stranger, language, word):
    stranger.set_cookie("language", language)
    page = read(stranger.get("/carteville"))
    assert page.select_one("link[rel=manifest]")["href"] == f"/brand/carteville.{language}.webmanifest"
    found = manifest(stranger, language)
    assert found["name"] == f"Ville de Carteville, {word}"
    assert found["short_name"] == word
    assert found["theme_color"] == page.select_one("meta[name=theme-color]")["content"] == "#0b3c5d"
    assert (found["id"], found["start_url"], found["scope"]) == ("/carteville", "/carteville", "/")


def test_a_short_name_is_the_towns_own(stranger, monkeypatch):
    monkeypatch.setattr(samples, "ORGANISATION", {**samples.ORGANISATION, "name": "Valmont"})
    assert manifest(stranger)["short_name"] == "Valmont"


@pytest.mark.parametrize("crest", [samples.ORGANISATION["crest"], ""])
def test_icons_are_there_whole_and_to_be_cut(stranger, monkeypatch, crest):
    monkeypatch.setattr(samples, "ORGANISATION", {**samples.ORGANISATION, "crest": crest})
    icons = manifest(stranger)["icons"]
    assert {icon["purpose"] for icon in icons} == {"any", "maskable"}
    sizes = " ".join(icon["sizes"] for icon in icons if icon["purpose"] == "any")
    assert "192x192" in sizes
    assert "512x512" in sizes
    for icon in icons:
        response = stranger.get(icon["src"])
        assert (response.status_code, response.mimetype) == (200, icon["type"])
    assert stranger.get("/brand/carteville.plate.svg").status_code == (200 if crest else 404)


def test_a_plate_is_a_picture_that_does_nothing(stranger):
    response = stranger.get("/brand/carteville.plate.svg")
    assert response.headers["Content-Security-Policy"] == brand.STILL
    assert response.text.count("<svg") == 1


def test_a_language_that_nobody_speaks_here_has_no_manifest(stranger):
    assert stranger.get("/brand/carteville.xx.webmanifest").status_code == 404
