"""The page of components: there for who changes pages, and for nobody else."""

from dataclasses import replace

from gateway import app, clients
from tests.gateway.portal.reading import read
from tests.gateway.portal.town import FakeServices


def test_every_component_stands_on_the_developers_page(stranger):
    page = read(stranger.get("/dev/components"))
    for part in (
        "steps",
        "kids",
        "chips",
        "day",
        "slot",
        "sums",
        "sheet",
        "note",
        "todo",
        "hero",
        "stick",
        "toast",
    ):
        assert page.select_one(f".{part}"), part


def test_without_the_setting_there_is_no_such_page(settings):
    plain = app.build(replace(settings, developers=False), clients.connect(FakeServices(), 2.0))
    assert plain.test_client().get("/dev/components").status_code == 404
