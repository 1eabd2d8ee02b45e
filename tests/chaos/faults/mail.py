"""Faults of the mail server, armed at the mail catcher."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import requests

from deploy.local import town
from deploy.local.stack import Stack
from tests.chaos.faults.programs import Proof
from tests.journeys.people import TIMEOUT_S


@contextmanager
def mails_meet(stack: Stack, faults: Mapping[str, Mapping[str, Any]]) -> Iterator[Proof]:
    """Give mails to these addresses ("*": to all) these faults."""
    address = f"{stack.mail_url}/api/faults"
    for to, fault in faults.items():
        requests.post(address, json={"to": to, **fault}, timeout=TIMEOUT_S).raise_for_status()

    def proof() -> str:
        told = requests.get(address, timeout=TIMEOUT_S).json()["data"]
        assert all(each["struck"] for each in told), told
        return ", ".join(f"{each['struck']} mails met {each['code'] or 'slowness'}" for each in told)

    try:
        yield proof
    finally:
        requests.delete(address, timeout=TIMEOUT_S).raise_for_status()


def send_again(stack: Stack) -> int:
    """Have every mail that was refused for good sent again, as an operator does; how many there were."""
    return int(town.run_command(stack, "notify", ["replay", "--reason", "refused"]).split()[0])


def mails_to(stack: Stack, login: str) -> list[dict[str, Any]]:
    """Give the mails that arrived at an address."""
    answer = requests.get(f"{stack.mail_url}/api/messages", {"to": login}, timeout=TIMEOUT_S)
    return list(answer.json()["data"])
