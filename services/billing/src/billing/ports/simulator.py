"""The adapter to the payment simulator (`deploy/simulators/payment`): JSON over HTTP."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import requests

from billing.ports.provider import Page, PaymentPage, ProviderError
from billing.vocabulary import ProviderResult, Result

_SERVER_ERROR = 500
_NOT_FOUND = 404
_CLIENT_ERROR = 400


class Simulator:
    """Speaks to the simulator at `url`; connecting and reading each have their time-out, in seconds."""

    def __init__(self, url: str, connect_s: float, read_s: float) -> None:
        self._url = url.rstrip("/")
        self._timeout = (connect_s, read_s)
        self._session = requests.Session()

    def create(self, wanted: PaymentPage) -> Page:
        """See `Provider.create`."""
        found = self._ask(
            "POST",
            "/api/payments",
            {
                "reference": wanted.reference,
                "amount_cents": wanted.amount_cents,
                "email": wanted.email,
                "label": wanted.label,
                "return_url": wanted.return_url,
                "notify_url": wanted.notify_url,
            },
        )
        match found:
            case {"id": str(reference), "page_url": str(page_url)}:
                return Page(reference, page_url)
        raise ProviderError("technical", "the answer names no page")

    def look_up(self, provider_reference: str) -> ProviderResult | None:
        """See `Provider.look_up`."""
        found = self._ask("GET", f"/api/payments/{provider_reference}")
        return _result(found) if found is not None else None

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any] | None:
        try:
            answer = self._session.request(
                method, self._url + path, json=body, timeout=self._timeout, allow_redirects=False
            )
        except requests.RequestException as error:
            raise ProviderError("unreachable", type(error).__name__) from error
        if answer.status_code >= _SERVER_ERROR:
            raise ProviderError("technical", str(answer.status_code))
        if answer.status_code == _NOT_FOUND:
            return None
        if answer.status_code >= _CLIENT_ERROR:
            raise ProviderError("functional", str(answer.status_code))
        try:
            found = answer.json()
        except requests.exceptions.JSONDecodeError as error:
            raise ProviderError("technical", "the answer is not JSON") from error
        if not isinstance(found, dict):
            raise ProviderError("technical", "the answer is not an object")
        return found


def _result(found: Mapping[str, Any]) -> ProviderResult:
    try:
        paid_at = found.get("paid_at")
        return ProviderResult(
            provider_reference=str(found["id"]),
            reference=str(found["reference"]),
            amount_cents=int(found["amount_cents"]),
            result=Result(found["result"]),
            authorisation=found.get("authorisation"),
            paid_at=datetime.fromisoformat(paid_at).astimezone(UTC) if paid_at else None,
            is_test=found.get("test") is True,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ProviderError("technical", f"the answer can't be read: {type(error).__name__}") from error
