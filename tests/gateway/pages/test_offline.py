"""The worker that browsers keep, and the page that stands in for others without a connection."""

import json
import re

import pytest

from gateway.pages import assets
from tests.gateway import samples
from tests.gateway.portal.reading import read


def told(client):
    """The constants before the worker's source."""
    pairs = re.findall(r"^const ([A-Z_]+) = (.+);$", client.get("/worker.js").text, re.MULTILINE)
    return {name: json.loads(value) for name, value in pairs if value[0] in '"['}


def test_the_worker_is_a_script_that_is_never_kept_by_others(stranger):
    response = stranger.get("/worker.js")
    assert response.mimetype == "text/javascript"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.text.endswith(assets.assets()["worker.js"].plain.decode())


def test_what_the_worker_keeps_at_once_is_there_under_the_tag_of_its_name(stranger):
    files = told(stranger)["FILES"]
    assert len(files) == 5
    for address in files:
        response = stranger.get(address)
        assert response.status_code == 200
        assert response.headers["ETag"] == f'"{address.partition("v=")[2]}"'


@pytest.mark.parametrize(("look", "left"), [("crest", 4), ("colour", 4)])
def test_a_town_without_a_look_has_fewer_files(stranger, monkeypatch, look, left):
    monkeypatch.setattr(samples, "ORGANISATION", {**samples.ORGANISATION, look: ""})
    assert len(told(stranger)["FILES"]) == left


def test_another_file_or_another_language_makes_another_worker(stranger, monkeypatch):
    before = told(stranger)["VERSION"]
    assert told(stranger)["VERSION"] == before
    stranger.set_cookie("language", "en")
    assert told(stranger)["VERSION"] != before
    stranger.set_cookie("language", "fr")
    changed = {**assets.assets(), "more.css": assets.Asset(b"", None, "text/css", "0123456789")}
    monkeypatch.setattr(assets, "assets", lambda: changed)
    assert told(stranger)["VERSION"] != before


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_without_a_connection_is_of_nobody_and_speaks_the_readers_language_first(parent, language):
    parent.set_cookie("language", language)
    response = parent.get("/offline")
    page = read(response)
    assert page.select_one("main section")["lang"] == language
    assert page.find_all("form") == []
    assert "Set-Cookie" not in response.headers
    assert "Martin" not in response.text
    assert [link["href"] for link in page.select("section a")] == ["", "/today"] * 2
