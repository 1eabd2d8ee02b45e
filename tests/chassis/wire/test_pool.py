import subprocess
import sys
import textwrap
from contextlib import closing

import eventlet
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis.testing import eventually, person, running
from chassis.testing.keys import keys_directory, signer
from chassis.values.context import Signer
from chassis.values.errors import Unavailable
from chassis.wire import bus, rpc
from chassis.wire.rpc import CONNECT_MAX_S, RpcPool
from chassis.wire.share import Limits
from tests.chassis.echoing import NAME, Echo
from tests.chassis.proxy import Proxy

FAMILY = person()
ALONE = Limits(open_max=1, line_max=0, wait_max_s=0)
HELLO = {"text": "x"}
# connection.blocked and .unblocked as frames: method, channel 0, size, class 10, method 60 or 61, reason, end
BLOCKED = b"\x01\0\0\0\0\0\x08\0\x0a\0\x3c\x03low\xce"
UNBLOCKED = b"\x01\0\0\0\0\0\x04\0\x0a\0\x3d\xce"


@pytest.fixture
def echo(broker):
    with running(Echo) as container:
        yield container


@pytest.fixture
def proxy(broker):
    parts = bus.parse_url(broker)
    one = Proxy(parts["hostname"], parts["port"])
    one.uri = broker.replace(f":{parts['port']}/", f":{one.port}/")
    yield one
    one.close()


@pytest.fixture
def pool(proxy):
    one = RpcPool(proxy.uri, signer("gateway"), ALONE)
    yield one
    one.close()


def reason(call, *arguments, **options):
    """Why a call is unavailable."""
    with pytest.raises(Unavailable) as absence:
        call(*arguments, **options)
    return absence.value.reason


def test_a_connection_lost_between_two_calls_costs_no_call(echo, proxy, pool):
    pool.call(NAME, "echo", FAMILY, HELLO)
    proxy.cut()
    eventlet.sleep(0.05)
    proxy.heal()
    assert pool.call(NAME, "echo", FAMILY, HELLO) == HELLO


def test_a_connection_lost_during_a_call_is_told_at_once_and_the_call_is_not_repeated(
    proxy, pool, gate, endless
):
    asked = eventlet.spawn(reason, pool.call, NAME, "wait_at_the_gate", FAMILY, HELLO, timeout_s=endless)
    eventually(lambda: Echo.begun)
    proxy.cut()
    assert asked.wait() == "connection"
    assert Echo.done == []
    proxy.heal()
    gate.send()
    assert pool.call(NAME, "echo", FAMILY, {"text": "another"}) == {"text": "another"}
    eventlet.sleep(0.4)
    assert Echo.begun == ["x"]


def test_a_broker_that_is_away_is_known_without_waiting_for_it(proxy, pool, endless):
    proxy.cut()
    assert reason(pool.call, NAME, "echo", FAMILY, HELLO, timeout_s=endless) == "connection"


def test_a_broker_that_is_frozen_from_the_start_is_given_a_second_of_the_callers_time(
    proxy, pool, monkeypatch, endless
):
    assert CONNECT_MAX_S <= 1
    monkeypatch.setattr(rpc, "CONNECT_MAX_S", CONNECT_MAX_S)
    proxy.freeze()
    assert reason(pool.call, NAME, "echo", FAMILY, HELLO, timeout_s=endless) == "connection"


def test_a_broker_that_freezes_later_holds_nobody_longer_than_the_time_out(echo, proxy, pool, endless):
    pool.call(NAME, "echo", FAMILY, HELLO)
    proxy.freeze()
    for _ in range(3):
        assert reason(pool.call, NAME, "echo", FAMILY, HELLO, timeout_s=0.5) in {"timeout", "connection"}
    proxy.heal()
    assert pool.call(NAME, "echo", FAMILY, HELLO) == HELLO


def test_a_broker_that_takes_no_messages_is_not_asked_and_costs_no_further_connection(
    echo, proxy, pool, endless
):
    """It has no room on its disk or in its memory, and says so to who publishes."""
    pool.call(NAME, "echo", FAMILY, HELLO)
    proxy.say(BLOCKED)
    for _ in range(4):
        eventlet.sleep(0.05)
        assert reason(pool.call, NAME, "echo", FAMILY, HELLO, timeout_s=endless) == "connection"
    proxy.say(UNBLOCKED)
    eventlet.sleep(0.05)
    assert pool.call(NAME, "echo", FAMILY, HELLO) == HELLO
    assert proxy.connections == 1


def test_a_broker_that_stops_taking_messages_during_a_call_is_told_at_once(proxy, pool, gate, endless):
    asked = eventlet.spawn(reason, pool.call, NAME, "wait_at_the_gate", FAMILY, HELLO, timeout_s=endless)
    eventually(lambda: Echo.begun)
    proxy.say(BLOCKED)
    assert asked.wait() == "connection"
    assert Echo.done == []


def test_who_was_told_for_long_that_the_broker_takes_no_messages_asks_anew(echo, proxy, pool, monkeypatch):
    pool.call(NAME, "echo", FAMILY, HELLO)
    proxy.say(BLOCKED)
    assert reason(pool.call, NAME, "echo", FAMILY, HELLO) == "connection"
    monkeypatch.setattr(rpc, "BLOCKED_MAX_S", 0.1)
    eventlet.sleep(0.15)
    assert pool.call(NAME, "echo", FAMILY, HELLO) == HELLO
    assert proxy.connections == 2


def test_a_client_whose_greenlet_is_killed_serves_the_next_call(pool, gate):
    asked = eventlet.spawn(pool.call, NAME, "wait_at_the_gate", FAMILY, HELLO)
    eventually(lambda: Echo.begun)
    asked.kill()
    assert pool.call(NAME, "echo", FAMILY, HELLO) == HELLO


def test_a_closed_pool_connects_again(echo, pool):
    pool.call(NAME, "echo", FAMILY, HELLO)
    pool.close()
    assert pool.call(NAME, "echo", FAMILY, HELLO) == HELLO


def test_a_pool_serves_plain_threads_without_eventlet(echo, broker):
    signer("gateway")
    program = f"""
        import sys
        from concurrent.futures import ThreadPoolExecutor
        from chassis.values.context import Context, Signer
        from chassis.wire.rpc import RpcPool
        from chassis.wire.share import Limits
        assert not {{"eventlet", "nameko"}} & set(sys.modules)
        signer = Signer.from_directory({str(keys_directory())!r}, "gateway")
        pool = RpcPool({broker!r}, signer, Limits(4, 4, 2.0))
        family = Context(kind="person", issuer="gateway", account_id="a")
        def ask(number):
            return pool.call({NAME!r}, "echo", family, {{"text": str(number)}}) == {{"text": str(number)}}
        with ThreadPoolExecutor(8) as threads:
            assert all(threads.map(ask, range(200)))
        pool.close()
    """
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)]) as child:
        assert child.wait(120) == 0


def test_a_caller_that_is_not_believed_is_told_that_the_service_is_unavailable(echo, broker):
    """Its person has a good session; what differs are the keys or the clocks of two machines."""
    forger = Signer("gateway", Ed25519PrivateKey.generate())
    with closing(RpcPool(broker, forger, ALONE)) as pool:
        assert reason(pool.call, NAME, "echo", FAMILY, HELLO) == "distrusted"
