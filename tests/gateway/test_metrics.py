"""What the gateway counts of requests, calls and refusals, and that it says nothing of anybody."""

import pytest
from prometheus_client import REGISTRY, generate_latest

from chassis.values.errors import Failed, Refused, Unavailable
from gateway import clients
from tests.gateway import samples
from tests.gateway.fake_bus import FakeBus
from tests.gateway.portal.reading import send

OUTCOMES = {
    "ok": None,
    "not_found": Refused("not_found"),
    "timeout": Unavailable("timeout"),
    "overloaded": Unavailable("overloaded"),
    "failed": Failed("KeyError"),
    "other": Unavailable("something that somebody wrote"),
}


def counted(name, **labels):
    return REGISTRY.get_sample_value(f"marelle_{name}", labels) or 0


class Difference:
    """How much a count has grown since."""

    def __init__(self, name, **labels):
        self._read = lambda: counted(name, **labels)
        self._before = self._read()

    def __call__(self):
        return self._read() - self._before


def test_a_request_is_counted_under_its_rule_and_never_under_its_address(family, bus):
    bus.answers("booking.get_draft", Refused("not_found"))
    rule = "/api/v1/drafts/<id:draft_id>"
    grown = Difference("http_requests_total", route=rule, method="GET", status="404")
    timed = Difference("http_request_seconds_count", route=rule)
    assert family.get("/api/v1/drafts/draft-of-zoe-roy").status_code == 404
    assert (grown(), timed()) == (1, 1)
    assert b"draft-of-zoe-roy" not in generate_latest()


@pytest.mark.parametrize(
    ("method", "path", "known_method", "status"),
    [("GET", "/nothing/like/zoe-roy", "GET", "404"), ("BREW", "/nothing/like/zoe-roy", "other", "404")],
)
def test_what_has_no_route_is_counted_as_such(visitor, method, path, known_method, status):
    grown = Difference("http_requests_total", route="none", method=known_method, status=status)
    visitor.open(path, method=method)
    assert grown() == 1
    assert b"zoe-roy" not in generate_latest()


def test_a_refusal_is_counted_by_its_code(family, visitor, bus):
    bus.answers("booking.get_draft", Refused("not_found"))
    bus.answers("identity.log_in", Refused("too_many_attempts", retry_after_s=4))
    missing, throttled = (
        Difference("refusals_total", code=code) for code in ("not_found", "too_many_attempts")
    )
    family.get("/api/v1/drafts/unknown")
    visitor.post("/api/v1/sessions", json={"login": "roy", "password": "wrong"})
    assert (missing(), throttled()) == (1, 1)


def test_a_log_in_refused_on_its_page_is_counted_too(stranger, town):
    town.refusing["identity.log_in"] = Refused("invalid_credentials")
    grown = Difference("refusals_total", code="invalid_credentials")
    data = {"login": "jeanne-of-nowhere", "password": "wrong"}
    assert send(stranger, "/carteville", data, at="/carteville").status_code == 401
    assert grown() == 1
    assert b"jeanne-of-nowhere" not in generate_latest()


def test_a_callback_that_is_refused_is_counted(visitor, bus):
    bus.answers("billing.record_payment", Unavailable("timeout"))
    grown = Difference("refusals_total", code="unavailable")
    assert visitor.post("/api/v1/payment-callbacks", data={"id": "p"}).status_code == 503
    assert grown() == 1


@pytest.mark.parametrize(("outcome", "error"), OUTCOMES.items())
def test_a_call_is_counted_by_what_it_ended_in(outcome, error):
    bus = FakeBus()
    bus.answers("booking.get_draft", error or {"draft": samples.DRAFT})
    booking = clients.connect(bus, 2.0).booking
    grown = Difference("gateway_calls_total", service="booking", method="get_draft", outcome=outcome)
    timed = Difference("gateway_call_seconds_count", service="booking", method="get_draft")
    ask = booking.get_draft
    if error is None:
        ask(None, "draft-1")
    else:
        with pytest.raises(type(error)):
            ask(None, "draft-1")
    assert (grown(), timed()) == (1, 1)
