"""The payment simulator as a program, and the adapter that speaks to it: pages, notifications, faults."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import requests

from billing.ports.provider import PaymentPage, ProviderError
from billing.ports.simulator import Simulator as Adapter
from billing.vocabulary import Result
from chassis.testing import eventually
from tests.billing.simulator import TIMEOUT_S, simulating


@pytest.fixture(scope="module")
def program():
    with simulating() as running:
        yield running


@pytest.fixture
def simulator(program):
    program.reset()
    return program


@pytest.fixture
def adapter(simulator):
    return Adapter(simulator.url, 0.5, 0.5)


@pytest.fixture
def shop():
    """A shop that remembers what it was told."""
    told = []

    class Shop(BaseHTTPRequestHandler):
        def do_POST(self):
            told.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Shop)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", told
    server.shutdown()
    server.server_close()


def wanted(address="http://127.0.0.1:1", reference="ref-1", amount=1_250):
    return PaymentPage(
        reference, amount, "ana@example.org", "Régie", f"{address}/back?a=1", f"{address}/told"
    )


def get(url, **options):
    return requests.get(url, timeout=TIMEOUT_S, **options)


def test_the_same_reference_is_the_same_payment_and_another_amount_is_refused(adapter):
    assert adapter.create(wanted()) == adapter.create(wanted())
    with pytest.raises(ProviderError) as refused:
        adapter.create(wanted(amount=1))
    assert refused.value.kind == "functional"


@pytest.mark.parametrize(
    ("choice", "result"),
    [
        ("pay", Result.PAID),
        ("refuse", Result.REFUSED),
        ("abandon", Result.ABANDONED),
        ("close", Result.PENDING),
    ],
)
def test_a_click_decides(simulator, adapter, choice, result):
    page = adapter.create(wanted())
    back = simulator.click(page.page_url, choice)
    found = adapter.look_up(page.provider_reference)
    assert (found.result, found.reference, found.amount_cents) == (result, "ref-1", 1_250)
    assert bool(found.authorisation) == bool(found.paid_at) == (result is Result.PAID)
    ends = f"http://127.0.0.1:1/back?a=1&id={page.provider_reference}"
    assert back == (None if choice == "close" else ends)


def test_a_payment_that_was_only_a_test_is_told_as_one(simulator, adapter):
    page = adapter.create(wanted())
    simulator.click(page.page_url, "pay")
    assert adapter.look_up(page.provider_reference).is_test is False
    simulator.fault("ref-1", reported_test=True)
    assert adapter.look_up(page.provider_reference).is_test is True


def test_what_is_decided_stays_decided_and_a_late_page_is_expired(simulator, adapter):
    page = adapter.create(wanted())
    simulator.click(page.page_url, "refuse")
    simulator.click(page.page_url, "pay")
    assert adapter.look_up(page.provider_reference).result is Result.REFUSED
    late = adapter.create(wanted(reference="ref-2"))
    simulator.advance(901)
    assert simulator.click(late.page_url, "pay") is None
    assert adapter.look_up(late.provider_reference).result is Result.EXPIRED


def test_the_page_speaks_french_and_english_and_allows_no_script(adapter):
    page = adapter.create(wanted()).page_url
    french, english = get(page, headers={"Accept-Language": "fr"}), get(f"{page}?lang=en")
    assert '<html lang="fr">' in french.text
    assert "12,50\u202f€" in french.text
    assert "€12.50" in english.text
    policy = french.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; form-action 'self' http://127.0.0.1:1;")
    assert get(f"{page}x").status_code == 404
    assert "<script" not in french.text


@pytest.mark.parametrize(
    ("fault", "times"), [({}, 1), ({"double_notification": True}, 2), ({"delay_s": 0.2}, 1)]
)
def test_a_shop_is_told_once_twice_or_late(simulator, adapter, shop, fault, times):
    address, told = shop
    simulator.fault("ref-1", **fault)
    page = adapter.create(wanted(address))
    simulator.click(page.page_url, "pay")
    eventually(lambda: len(told) == times)
    assert set(told) == {f"id={page.provider_reference}"}


@pytest.mark.parametrize(
    ("fault", "kind"), [({"http_500": True}, "technical"), ({"latency_s": 1.0}, "unreachable")]
)
def test_what_goes_wrong_is_told_apart(simulator, adapter, fault, kind):
    page = adapter.create(wanted())
    simulator.fault("*", **fault)
    with pytest.raises(ProviderError) as failed:
        adapter.look_up(page.provider_reference)
    assert failed.value.kind == kind


def test_a_program_that_is_not_there_is_unreachable():
    with pytest.raises(ProviderError) as failed:
        Adapter("http://127.0.0.1:1", 0.5, 0.5).look_up("x")
    assert failed.value.kind == "unreachable"


def test_a_purged_payment_is_not_known(simulator, adapter):
    page = adapter.create(wanted())
    simulator.fault("ref-1", purge=True)
    assert adapter.look_up(page.provider_reference) is None


@pytest.mark.parametrize(
    "body", [{}, [], {"reference": "*", "surprise": 1}, {"reference": 1}, {"advance_s": "x"}]
)
def test_bad_orders_are_refused(simulator, body):
    for what in ("faults", "clock", "payments"):
        assert requests.post(f"{simulator.url}/api/{what}", json=body, timeout=TIMEOUT_S).status_code == 400


def test_a_provider_that_leads_elsewhere_is_not_followed():
    asked = []

    class Leading(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(302)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_args):
            pass

    with HTTPServer(("127.0.0.1", 0), Leading) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(ProviderError, match="technical"):
            Adapter(f"http://127.0.0.1:{server.server_port}", 5, 5).look_up("p-1")
        server.shutdown()
    assert asked == ["/api/payments/p-1"]
