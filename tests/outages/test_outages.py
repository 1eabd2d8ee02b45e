"""Something is down or frozen: people are told so, and served again once it is back."""

import contextlib
import itertools
import os
import signal
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from chassis.testing.waiting import eventually
from tests.journeys.people import Person

CROWD = 24
LOOPS, LOOKS = 32, 25
CANTEEN = "Restauration scolaire"
READS = {
    "identity": "/sessions",
    "family": "/children",
    "booking": "/bookings",
    "billing": "/wallets",
    "notify": "/messages",
}
NEEDED = ("identity", "booking", "billing")


@pytest.fixture(scope="module")
def login(households):
    return next(households).guardians[0].email


@pytest.fixture
def reader(stack, login):
    return Person.logged_in(stack.gateway_url, login)


@pytest.fixture
def eater(stack, households):
    """A family whose child is enrolled at the canteen, and what it would book there."""
    for household in households:
        family = Person.logged_in(stack.gateway_url, household.guardians[0].email)
        with contextlib.suppress(StopIteration):
            [child, *_], canteen = family.children(), family.activity(CANTEEN)
            return family, family.movement(child, canteen, family.free_days(child, canteen)[-1])
    raise AssertionError("nobody is enrolled at the canteen any more")


@pytest.fixture
def stopped(stack):
    """Stops a program until the end of the test at the latest; calling what it gives starts it again."""
    healings = []

    def stop(program):
        stack.stop_program(program)

        def heal():
            stack.start_program(program)
            eventually(lambda: stack.is_ready(program))

        healings.append(heal)
        return heal

    yield stop
    for heal in healings:
        heal()


@pytest.fixture
def frozen(stack):
    """Freezes a program; calling what it gives lets it go on."""
    frozen_pids = []

    def freeze(program):
        pid = stack.kill(program, signal.SIGSTOP)
        frozen_pids.append(pid)
        return lambda: os.kill(pid, signal.SIGCONT)

    yield freeze
    for pid in frozen_pids:
        os.kill(pid, signal.SIGCONT)


def told(person, method, path, **options):
    """Ask once; the answer must be a 503 problem with Retry-After.

    Within which time is for `test_edge` to say, and for `make chaos-faults` to measure.
    """
    response = person.ask(method, path, **options)
    assert response.status_code == 503, (path, response.status_code, response.text)
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["code"] in ("unavailable", "overloaded")
    assert int(response.headers["Retry-After"]) >= 1


def crowd_is_told(person, *paths):
    """Many ask at once, each one of the paths: none may hang because the others wait."""
    headers = dict(person.http.headers)

    def ask(path):
        told(type(person)(person.gateway_url), "GET", path, headers=headers)

    with ThreadPoolExecutor(CROWD) as pool:
        list(pool.map(ask, itertools.islice(itertools.cycle(paths), CROWD)))


def served(person, *paths):
    """The statuses of all, once each path is answered three times running; in the end."""

    def all_answer():
        answers = {person.ask("GET", path).status_code for path in paths for _ in range(3)}
        assert answers == {200}
        return answers

    return eventually(all_answer)


@pytest.mark.parametrize("service", NEEDED)
def test_a_service_that_is_stopped(stopped, reader, service):
    served(reader, *READS.values())
    heal = stopped(service)
    eventually(lambda: not reader.ask("GET", READS[service]).ok)
    told(reader, "GET", READS[service])
    crowd_is_told(reader, READS[service])
    if service != "identity":  # who keeps sessions is needed by all, the others are not
        served(reader, *(path for name, path in READS.items() if name != service))
    heal()
    assert served(reader, *READS.values()) == {200}


@pytest.mark.parametrize("service", NEEDED)
def test_a_service_that_is_frozen(frozen, reader, service):
    served(reader, *READS.values())
    thaw = frozen(service)
    eventually(lambda: not reader.ask("GET", READS[service]).ok)
    crowd_is_told(reader, READS[service])
    thaw()
    assert served(reader, *READS.values()) == {200}


def test_bookings_are_shown_while_everybody_asks_for_what_a_frozen_billing_should_say(frozen, eater):
    """Some want their money, others the prices of a basket, for which booking itself waits for billing."""
    family, movement = eater
    basket = f"/drafts/{family.draft(movement)['id']}/review"
    served(family, "/bookings", "/wallets", basket)
    frozen("billing")
    with asked_without_end(family, "/wallets", "/payments", "/settlements/due", basket):
        looks = [family.ask("GET", "/bookings").status_code for _ in range(LOOKS)]
    assert looks == [200] * LOOKS


@contextlib.contextmanager
def asked_without_end(person, *paths):
    """Many ask for these paths, again and again; the first round has been sent when this begins."""
    headers, enough = dict(person.http.headers), threading.Event()
    begun = threading.Barrier(LOOPS + 1)

    def ask(path):
        visitor = type(person)(person.gateway_url)
        begun.wait()
        while not enough.is_set():
            visitor.ask("GET", path, headers=headers)

    with ThreadPoolExecutor(LOOPS) as pool:
        asking = [pool.submit(ask, path) for path in itertools.islice(itertools.cycle(paths), LOOPS)]
        begun.wait()
        try:
            yield
        finally:
            enough.set()
    for each in asking:
        each.result()


@pytest.mark.parametrize("program", ["rabbitmq", "mongod"])
def test_the_broker_or_the_database_is_stopped(stopped, reader, program):
    served(reader, *READS.values())
    heal = stopped(program)
    eventually(lambda: not reader.ask("GET", READS["booking"]).ok)
    told(reader, "GET", READS["booking"])
    crowd_is_told(reader, *READS.values())
    heal()
    assert served(reader, *READS.values()) == {200}


@pytest.mark.parametrize("program", ["rabbitmq", "mongod"])
def test_the_broker_or_the_database_is_frozen(frozen, reader, program):
    served(reader, *READS.values())
    thaw = frozen(program)
    eventually(lambda: not reader.ask("GET", READS["booking"]).ok)
    told(reader, "GET", READS["booking"])
    crowd_is_told(reader, *READS.values())
    thaw()
    assert served(reader, *READS.values()) == {200}


@pytest.mark.parametrize("program", ["mongod", "billing", "rabbitmq"])
def test_a_confirmation_that_meets_an_outage_is_made_once_when_it_is_asked_again(stopped, eater, program):
    """Under the same key there is one effect and one answer, however often the family asks."""
    family, movement = eater
    review = family.review(movement)
    path, key = f"/drafts/{review['draft_id']}/confirmation", str(uuid.uuid4())
    consent, headers = {"quote_id": review["quote_id"]}, {"Idempotency-Key": key}
    heal = stopped(program)
    first = family.ask("POST", path, json=consent, headers=headers)
    if program != "billing":
        assert first.status_code == 503
    heal()

    def answered():
        response = family.ask("POST", path, json=consent, headers=headers)
        return response.json()["confirmation"] if response.ok else None

    answer = eventually(answered)
    assert answered() == answer
    [line] = answer["lines"]
    assert line["verdict"] == "held"
    eventually(lambda: family.state(line["booking_id"]) == "held")
    due = "/settlements/due"
    eventually(lambda: [d["settlement_id"] for d in family.get(due)["data"]] == [answer["id"]])
    assert len([b for b in family.bookings() if b["id"] == line["booking_id"]]) == 1
