"""Who asks, and what is not asked, in the words of schemathesis; `fuzzing` names this module to it."""

import os
from typing import Any

import requests
import schemathesis

from deploy.demo import carteville

ADDRESS_MAX = 3_500  # beyond that whoever stands in front may answer before the application does
TIMEOUT_S = 30
GATEWAY_URL, LOGIN = os.environ["FUZZ_GATEWAY_URL"], os.environ["FUZZ_LOGIN"]


class Family:
    """Somebody who is logged in, and logs in again when a request has ended the session."""

    def __init__(self) -> None:
        self._token = ""

    def get(self, _case: Any, _context: Any) -> str:
        """Return a token that opens a session."""
        sessions, known = f"{GATEWAY_URL}/api/v1/sessions", {"Authorization": f"Bearer {self._token}"}
        if not self._token or not requests.get(f"{sessions}/current", headers=known, timeout=TIMEOUT_S).ok:
            password = {"login": LOGIN, "password": carteville.PASSWORD}
            answer = requests.post(sessions, json=password, timeout=TIMEOUT_S)
            answer.raise_for_status()
            self._token = answer.json()["token"]
        return self._token

    def set(self, case: Any, data: str, _context: Any) -> None:
        """Put it where the interface reads it."""
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}


if LOGIN:
    schemathesis.auth(refresh_interval=1)(Family)


@schemathesis.hook
def filter_case(_context: Any, case: Any) -> bool:
    """Leave out addresses that are too long."""
    return len(case.as_curl_command()) - len(str(case.body or "")) < ADDRESS_MAX
