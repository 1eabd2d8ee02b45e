"""Many who log in at once, and many who guess: `python -m tests.loads.log_ins`, with the whole suite.

Two hundred families log in within a second, and come again when they are told. Then a thousand wrong log-ins
from one address, while a known device logs in there and one that is not known waits as it is told. Fails when
somebody was not let in, when it took longer than half a minute, when more passwords were hashed or more
sessions opened than people logged in, or when an answer or its time tells whether an account exists. The
short forms, in `make test`, are in tests/identity/sessions.
"""

import argparse
import statistics
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import requests
from prometheus_client.parser import text_string_to_metric_families
from pymongo import MongoClient

from bench import town
from deploy.local.lifeline import end_with_parent
from deploy.local.stack import Stack

WITHIN_S, WRONG = 1.0, 1000
AIM_S: Final = 30.0
PATIENCE_S: Final = 60.0
GUESSERS: Final = 16
PAIRS: Final = 75
CHANCE: Final = 0.15
"""How far from a half such a share of pairs may be by chance: three standard deviations."""
LATER: Final = (429, 503)


@dataclass
class Visit:
    """One person who logs in: what was answered before they were let in, and when that was."""

    told: list[int] = field(default_factory=list)
    waited_s: list[int] = field(default_factory=list)
    in_after_s: float = 0.0
    answer: dict[str, Any] = field(default_factory=dict)


def log_in(url: str, body: dict[str, Any]) -> requests.Response:
    """Ask once."""
    return requests.post(f"{url}/api/v1/sessions", json=body, timeout=PATIENCE_S)


def insist(url: str, body: dict[str, Any], began: float, comes_after_s: float = 0.0) -> Visit:
    """Come at a moment, and again after as many seconds as one is told, until one is let in."""
    visit = Visit()
    time.sleep(max(0.0, began + comes_after_s - time.monotonic()))
    while time.monotonic() < began + PATIENCE_S:
        answer = log_in(url, body)
        if answer.status_code not in LATER:
            answer.raise_for_status()
            visit.in_after_s, visit.answer = time.monotonic() - began, answer.json()
            return visit
        visit.told.append(answer.status_code)
        visit.waited_s.append(int(answer.headers["Retry-After"]))
        time.sleep(visit.waited_s[-1])
    raise TimeoutError(f"not let in after {PATIENCE_S:.0f} s: {visit}")


def done(stack: Stack) -> Counter[str]:
    """Count what identity did: hashes by what became of them, and sessions that are open."""
    page = requests.get(f"http://127.0.0.1:{stack.ports['identity_health']}/metrics", timeout=PATIENCE_S).text
    samples = [each for kind in text_string_to_metric_families(page) for each in kind.samples]
    found = {each.labels["outcome"]: int(each.value) for each in samples if each.name == "marelle_work_total"}
    with MongoClient[dict[str, Any]](stack.mongodb_uri) as client:
        found["sessions"] = client[stack.env("identity")["MONGODB_DATABASE"]].sessions.count_documents({})
    return Counter(found)


def rush(stack: Stack, logins: Sequence[str]) -> list[str]:
    """Have all log in within a second; print what came of it, and return what is wrong."""
    before, began = done(stack), time.monotonic()
    bodies = [{"login": login, "password": town.PASSWORD} for login in logins]
    with ThreadPoolExecutor(len(bodies)) as crowd:
        coming = [
            crowd.submit(insist, stack.gateway_url, body, began, WITHIN_S * number / len(bodies))
            for number, body in enumerate(bodies)
        ]
        visits = [each.result() for each in coming]
    did, last_s = done(stack) - before, max(each.in_after_s for each in visits)
    told = Counter(each for visit in visits for each in visit.told)
    waits = Counter(each for visit in visits for each in visit.waited_s)
    tries = 1 + max(len(visit.told) for visit in visits)
    _say(f"{len(visits)} log-ins within {WITHIN_S:.0f} s: all in after {last_s:.1f} s, told {dict(told)}")
    _say(f"seconds to wait: {dict(sorted(waits.items()))}; tries at most {tries}")
    _say(f"of identity: {dict(did)}")
    wrong = [f"it took longer than {AIM_S:.0f} s"] * (last_s > AIM_S)
    wrong += ["passwords were hashed for nobody"] * (did["done"] > len(visits))
    return wrong + ["sessions were opened for nobody"] * (did["sessions"] > len(visits))


def guessing(stack: Stack, login: str, other: str) -> list[str]:
    """Have a thousand wrong log-ins at one address; print who could log in there; return what is wrong."""
    url, who = stack.gateway_url, {"login": login, "password": town.PASSWORD}
    known = insist(url, {**who, "remember_device": True}, time.monotonic()).answer["device_token"]
    wrong = [
        {"login": f"nobody{number}@example.org", "password": "wrong-wrong-wrong"} for number in range(WRONG)
    ]
    began = time.monotonic()
    with ThreadPoolExecutor(GUESSERS) as guessers:
        answers = Counter(each.status_code for each in guessers.map(lambda body: log_in(url, body), wrong))
    _say(f"{WRONG} wrong log-ins in {time.monotonic() - began:.1f} s: answered {dict(answers)}")
    at_home = insist(url, {**who, "device_token": known}, time.monotonic())
    stranger = insist(url, {"login": other, "password": town.PASSWORD}, time.monotonic())
    _say(f"a known device: in after {at_home.in_after_s:.2f} s, told {at_home.told}")
    _say(f"one that is not known: in after {stranger.in_after_s:.2f} s, told to wait {stranger.waited_s} s")
    return ["a known device had to wait"] * (at_home.told != [])


def alike(stack: Stack, logins: Sequence[str]) -> list[str]:
    """Have as many wrong log-ins of accounts that exist as of others, in turns; return how they differ."""
    took_s: tuple[list[float], list[float]] = ([], [])
    said = set()
    for number, login in enumerate(logins[:PAIRS]):
        for which, asked in enumerate((login, f"unknown{number}@example.org")):
            began = time.monotonic()
            answer = log_in(stack.gateway_url, {"login": asked, "password": "wrong-wrong-wrong"})
            took_s[which].append(time.monotonic() - began)
            said.add(answer.text.replace(answer.headers["X-Request-Id"], ""))
    slower = sum(known > unknown for known in took_s[0] for unknown in took_s[1]) / len(took_s[0]) ** 2
    halves = [f"{1000 * statistics.median(each):.1f} ms" for each in took_s]
    _say(f"wrong log-ins, known and unknown: {' and '.join(halves)}, a known one slower in {slower:.0%}")
    wrong = ["time tells whether an account exists"] * (abs(slower - 0.5) > CHANCE)
    return wrong + ["the answer tells whether an account exists"] * (len(said) > 1)


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a report for people


def main() -> int:
    """Print how all of them fared; 1 when something is wrong."""
    argparse.ArgumentParser(description=__doc__.partition("\n")[0]).parse_args()
    end_with_parent()
    with Stack("log-ins", fresh=True) as stack:
        town.load(stack, datetime.now(UTC).date())
        logins = [town.login(number) for number in range(town.FAMILIES)]
        wrong = rush(stack, logins) + alike(stack, logins[2:]) + guessing(stack, *logins[:2])
    for each in wrong:
        _say(each)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
