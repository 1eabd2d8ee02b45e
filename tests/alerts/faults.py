"""What makes each alert fire: contexts, as those of `tests/chaos/faults` are, many of which are used here.

Entering one makes the fault happen, leaving it heals it; it gives a function that says what really happened,
and raises AssertionError where nothing did.
"""

import os
import signal
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Final

import requests

from chassis.testing.waiting import eventually
from chassis.wire import topology
from deploy.demo import carteville
from deploy.local import town
from tests.alerts.scene import Asking, Scene
from tests.chaos import points
from tests.chaos.broker import Said
from tests.chaos.families import FREE, Family
from tests.chaos.faults import programs
from tests.chaos.faults.mail import mails_meet, send_again
from tests.chaos.faults.programs import Proof
from tests.chaos.load import Crowd
from tests.journeys.people import TIMEOUT_S

HANGS_S: Final = 900
HOLD_S: Final = "5"
ANSWERS: Final = "notify.booking.confirmation_answered"
CONFIRMATIONS: Final = 12
LETTERS: Final = 1500
KILLS: Final = 3
HOUR: Final = timedelta(hours=1)
STUTTERS_S: Final = (0.4, 0.1)
"""How long a program stands still, and how long it works, again and again."""


def _of(
    scene: Scene, service: str, specification: str, settings: Mapping[str, str] | None = None
) -> Callable[[], int]:
    """Arm a failpoint of a service; give the function that tells how often it was passed."""
    marks = points.arm(scene.stack, {service: [f"{specification}@1+"]}, settings)
    return lambda: marks.passed(specification.partition("=")[0])


@contextmanager
def _broken(
    scene: Scene, service: str, specification: str, settings: Mapping[str, str] | None = None
) -> Iterator[Callable[[], int]]:
    """Have a failpoint of a service act each time; afterwards it is started anew, as it was."""
    try:
        yield _of(scene, service, specification, settings)
    finally:
        scene.stack.restart(service)


# ---- programs and machines


@contextmanager
def stopped(scene: Scene, program: str) -> Iterator[Proof]:
    """Stop a program."""
    with programs.stopped(scene.stack, program) as happened:
        yield happened


@contextmanager
def dying(scene: Scene, program: str) -> Iterator[Proof]:
    """Kill a program as soon as it is back and was seen, some times."""
    for _ in range(KILLS):
        _die(scene, program)
    yield lambda: f"{program} was killed {KILLS} times"


def _die(scene: Scene, program: str) -> None:
    started = f'process_start_time_seconds{{program="{program}"}}'
    before = scene.watch.value(started)
    with programs.killed(scene.stack, program):
        pass
    scene.watch.until(lambda: scene.watch.value(started) not in (None, before), f"{program} is seen anew")


@contextmanager
def frozen(scene: Scene, program: str, path: str) -> Iterator[Proof]:
    """Let a program stand still while all families ask for what it knows."""
    asking = Asking(lambda number: _asked(scene, number, path), len(scene.families), rest_s=0.3)
    with programs.frozen(scene.stack, program) as happened, asking.going_on():
        yield lambda: f"{happened()}, families were answered {dict(asking.answers)}"


@contextmanager
def stuttering(scene: Scene, program: str, path: str) -> Iterator[Proof]:
    """Let a program stand still most of the time while all families ask for what it knows."""
    asking = Asking(lambda number: _asked(scene, number, path), len(scene.families), rest_s=0.05)
    over, pid = threading.Event(), scene.stack.supervisor.pid(program)
    thread = threading.Thread(target=_stutter, args=(pid, over))
    thread.start()
    try:
        with asking.going_on():
            yield lambda: f"families were answered {dict(asking.answers)}"
    finally:
        over.set()
        thread.join()


def _stutter(pid: int, over: threading.Event) -> None:
    stands_s, works_s = STUTTERS_S
    while not over.is_set():
        os.kill(pid, signal.SIGSTOP)
        over.wait(stands_s)
        os.kill(pid, signal.SIGCONT)
        over.wait(works_s)


def _asked(scene: Scene, number: int, path: str) -> int:
    response = scene.families[number].person.ask_once("GET", path)
    return 0 if response is None else response.status_code


# ---- log-ins


@contextmanager
def log_ins_broken(scene: Scene) -> Iterator[Proof]:
    """Have identity fail with an error nobody foresaw, each time somebody logs in."""
    asking = Asking(lambda number: scene.log_in(scene.others[number], carteville.PASSWORD), 2, rest_s=0.5)
    with _broken(scene, "identity", "identity.log_in.after_session=raise") as passed, asking.going_on():
        yield lambda: f"identity broke {_some(passed())} times, {dict(asking.answers)}"


@contextmanager
def hashing_slowly(scene: Scene) -> Iterator[Proof]:
    """Let one password be hashed at a time, slowly, and one wait, while many log in."""
    slow = {
        "IDENTITY_HASHING_THREADS": "1",
        "IDENTITY_HASHING_QUEUE_MAX": "1",
        "IDENTITY_ARGON2_TIME_COST": "12",
    }
    scene.stack.restart("identity", slow)
    asking = Asking(lambda number: scene.log_in(scene.others[number], carteville.PASSWORD), 10, rest_s=0.5)
    try:
        with asking.going_on():
            yield lambda: f"answered {dict(asking.answers)}, put off {_some(asking.answers[503])}"
    finally:
        scene.stack.restart("identity")


@contextmanager
def guessing(scene: Scene) -> Iterator[Proof]:
    """Have logins tried that nobody has."""
    asking = Asking(lambda _: scene.log_in(f"{uuid.uuid4()}@example.org", "wrong-wrong-wrong"), 3, rest_s=0.8)
    with asking.going_on():
        yield lambda: f"answered {dict(asking.answers)}, wrong {_some(asking.answers[401])}"


# ---- events


@contextmanager
def relay_hangs(scene: Scene) -> Iterator[Proof]:
    """Let booking's relay stand still with an event in its hand."""
    with _broken(scene, "booking", f"booking.relay.before_publish=sleep:{HANGS_S}") as passed:
        _books(scene)
        yield lambda: f"the relay hangs before {_some(passed())} batch"


@contextmanager
def reader_slow(scene: Scene) -> Iterator[Proof]:
    """Let notify take seconds for an event while events come by the hundred: one, told again and again."""
    scene.desk.listen()
    _books(scene)
    answered = next(each for each in scene.desk.heard() if each.name == ANSWERS.rpartition(".")[2])
    with _broken(scene, "notify", "notify.events.before_handling=sleep:5") as passed:
        for _ in range(LETTERS):
            scene.desk.say(Said("", ANSWERS, answered.body))
        yield lambda: f"{LETTERS} events came, notify has begun {_some(passed())}"


@contextmanager
def unreadable(scene: Scene) -> Iterator[Proof]:
    """Say something that no service can read."""
    scene.desk.say(Said(topology.events_exchange("booking"), ANSWERS.rpartition(".")[2], b"{bad"))
    yield lambda: f"{_some(scene.desk.dead('notify'))} dead letter"
    scene.desk.bury("notify")


def _books(scene: Scene) -> None:
    """Have a family book one day that costs nothing."""
    family = scene.families[0]
    booked = (family.ask_for(FREE, day) for day in family.days[FREE])
    assert next(filter(None, booked))["state"] == "answered"


# ---- what nobody asks for


@contextmanager
def sweep_hangs(scene: Scene) -> Iterator[Proof]:
    """Let booking's sweeper stand still at the first hold that ends; nobody frees the others."""
    hanging = f"booking.sweep.after_seats=sleep:{HANGS_S}"
    with _broken(scene, "booking", hanging, {"BOOKING_HOLD_S": HOLD_S}) as passed:
        for family in scene.families[:3]:
            scene.held(family)
        yield lambda: f"the sweeper hangs after {_some(passed())} hold"


@contextmanager
def postman_fails(scene: Scene) -> Iterator[Proof]:
    """Have notify's postman fail at each mail, and make those that wait an hour older."""
    asking = Asking(lambda number: _step(scene.families[-1 - number]), 2, rest_s=1.0)
    with _broken(scene, "notify", "notify.deliver.before_mail=raise") as passed, asking.going_on():
        with scene.database("notify") as database:
            waiting = {"sent_at": None}
            eventually(lambda: database.messages.count_documents(waiting))
            database.messages.update_many(waiting, {"$set": {"created_at": datetime.now(UTC) - HOUR}})
        yield lambda: f"the postman failed {_some(passed())} times"


def _step(family: Family) -> int:
    """Have a family confirm a basket; give how many it has confirmed."""
    family.step()
    return len(family.sent)


@contextmanager
def mails_refused(scene: Scene) -> Iterator[Proof]:
    """Have the mail server refuse every mail for good; afterwards the operator has them sent again."""
    with mails_meet(scene.stack, {"*": {"code": 550}}) as happened:
        _confirm(scene)
        yield happened
    assert send_again(scene.stack)


def _confirm(scene: Scene) -> None:
    """Have families confirm baskets: each brings a mail or more."""
    with Crowd(scene.families, CONFIRMATIONS):
        pass


# ---- payments


@contextmanager
def paid_otherwise(scene: Scene) -> Iterator[Proof]:
    """Have a payment come with another amount; afterwards the cashier finds out what came."""
    person, order = scene.families[4].person, scene.held(scene.families[4])
    payment = person.start_payment(order["id"])
    fault = {"reference": payment["id"], "reported_amount_cents": 100}
    requests.post(f"{scene.stack.payment_url}/api/faults", json=fault, timeout=TIMEOUT_S).raise_for_status()
    requests.post(payment["page_url"], {"choice": "pay"}, timeout=TIMEOUT_S, allow_redirects=False)

    def proof() -> str:
        state = person.payment(payment["id"])["state"]
        assert state == "quarantined"
        return f"a payment is {state}"

    yield proof
    found_out = ["resolve", payment["id"], "--organisation", carteville.SLUG, "--came-cents", "100"]
    town.run_command(scene.stack, "billing", found_out)


@contextmanager
def provider_away(scene: Scene) -> Iterator[Proof]:
    """Stop the payment provider while a family tries to pay."""
    person, order = scene.families[5].person, scene.held(scene.families[5])
    asked = {"settlement_id": order["id"], "email": person.login, "return_path": "/payments/return"}

    def pay(_: int) -> int:
        response = person.ask_once(
            "POST", "/payments", json=asked, headers={"Idempotency-Key": str(uuid.uuid4())}
        )
        return 0 if response is None else response.status_code

    asking = Asking(pay, 1, rest_s=1.0)
    with programs.stopped(scene.stack, "payment") as happened, asking.going_on():
        yield lambda: f"{happened()}, tries to pay were answered {dict(asking.answers)}"


@contextmanager
def callbacks_unreadable(scene: Scene) -> Iterator[Proof]:
    """Have somebody send notifications of payments that name none."""
    asking = Asking(lambda _: scene.post("/payment-callbacks", data={"what": "ever"}), 1, rest_s=0.5)
    with asking.going_on():
        yield lambda: f"answered {dict(asking.answers)}, refused {_some(asking.answers[422])}"


def _some(count: int) -> int:
    assert count
    return count
