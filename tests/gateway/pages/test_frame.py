"""What every page does when nobody is logged in, or a service does not answer."""

import pytest

from chassis.values.errors import Unavailable
from tests.gateway.portal.reading import read


def test_an_htmx_request_without_a_session_moves_the_whole_page(stranger):
    response = stranger.get(
        "/planning",
        headers={"HX-Request": "true", "HX-Current-URL": "http://localhost/planning?month=2026-12"},
    )
    assert response.headers["HX-Redirect"] == "/carteville?next=/planning?month%3D2026-12"


@pytest.mark.parametrize(("code", "reason"), [("unavailable", "timeout"), ("overloaded", "overloaded")])
def test_a_service_out_of_reach_is_told_with_what_to_do(parent, town, code, reason):
    town.refusing["booking.list_offer"] = Unavailable(reason)
    response = parent.get("/planning")
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert read(response).find("a", string="Réessayer")["href"] == "/planning"


def test_a_breakdown_shows_no_trace(portal, parent, town):
    portal.testing = False
    town.refusing["booking.list_offer"] = ValueError("secret detail")
    response = parent.get("/planning")
    assert response.status_code == 500
    assert "secret" not in response.text
