"""My requests: each with its child, number, period and state, for cancellations too, and its document."""

import pytest

from tests.gateway.portal.reading import read


def test_the_list_says_child_number_period_and_state_with_a_legend(parent):
    page = read(parent.get("/requests"))
    first, second = page.select("#requests li")
    for said in ("Zoé Martin", "2026-000001", "Automne"):
        assert said in first.text
    assert "Acceptée en partie" in first.select_one(".badge").text
    assert first.select_one(".badge svg")
    assert "annulation" in second.text
    assert "Annulée" in second.select_one(".badge").text
    meant = [one.text for one in page.select(".legend .badge")]
    assert len(meant) == 2
    assert page.select_one("a[rel=next]")["href"] == "/requests?cursor=more"


def test_the_next_page_leads_back_to_the_first(parent):
    page = read(parent.get("/requests?cursor=more"))
    assert page.select_one("main a.btn[href='/requests']")
    assert not page.select_one("a[rel=next]")


def test_who_has_asked_for_nothing_is_led_to_the_planning(parent, town):
    town.list_requests = lambda request: {"data": [], "next_cursor": None}
    page = read(parent.get("/requests"))
    assert page.select_one("main a[href='/planning']")
    assert not page.select(".legend")


@pytest.mark.parametrize(("request_id", "title"), [("r-1", "Réservations"), ("r-2", "Annulations")])
def test_a_request_shows_its_lines_in_their_states_with_a_legend(parent, request_id, title):
    page = read(parent.get(f"/requests/{request_id}"))
    assert title in [heading.text for heading in page.select("h2")]
    assert page.select("main li .badge svg")
    assert page.select(".legend .badge")
    assert page.select_one("#pdf")["href"] == f"/requests/{request_id}/request.pdf"


@pytest.mark.parametrize("path", ["/requests/r-1/request.pdf", "/review/d-1.pdf"])
def test_a_document_is_kept_as_pdf(parent, path):
    answer = parent.get(path)
    assert (answer.mimetype, answer.data[:4]) == ("application/pdf", b"%PDF")


def test_the_review_and_the_outcome_lead_to_their_documents(parent):
    assert read(parent.get("/review")).select_one("#pdf")["href"].endswith(".pdf")
    outcome = read(parent.get("/confirmations/cf-1"))
    assert outcome.select("#requests li .badge")
    assert "Automne" in outcome.select_one("#requests li").text
    assert outcome.select(".legend .badge")
    assert all(link["href"].startswith("/requests/") for link in outcome.select("#requests a"))
