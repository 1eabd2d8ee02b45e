"""Calling services from tests, as any issuer."""

import os
from types import TracebackType
from typing import Any, Self

from chassis.testing.keys import signer
from chassis.testing.waiting import PATIENCE_S
from chassis.values.context import Context
from chassis.values.ids import new_id
from chassis.wire.rpc import RpcPool
from chassis.wire.share import Limits

LINE_MAX = 1_000


class Caller:
    """Calls services in the name of `issuer`, which `running` containers know if their doors accept it.

    The broker is the one of `amqp_uri`, else of the environment's AMQP_URI at the first call.
    """

    def __init__(self, issuer: str = "gateway", amqp_uri: str | None = None, size: int = 10) -> None:
        self._issuer = issuer
        self._amqp_uri = amqp_uri
        self._size = size
        self._pool: RpcPool | None = None

    def call(
        self,
        service: str,
        method: str,
        context: Context,
        request: dict[str, Any] | None = None,
        timeout_s: float = PATIENCE_S,
    ) -> dict[str, Any]:
        """Return the answer to a call, as RpcPool.call does with less patience."""
        if self._pool is None:
            uri = self._amqp_uri or os.environ["AMQP_URI"]
            self._pool = RpcPool(uri, signer(self._issuer), Limits(self._size, LINE_MAX, PATIENCE_S))
        return self._pool.call(service, method, context, request or {}, timeout_s)

    def close(self) -> None:
        """Close the connections."""
        if self._pool is not None:
            self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def person(**fields: Any) -> Context:
    """Return the context of a person as the gateway signs it; give it the ids that the test is about."""
    return Context(
        **{
            "kind": "person",
            "issuer": "gateway",
            "organisation_id": new_id(),
            "account_id": new_id(),
            "request_id": new_id(),
            **fields,
        }
    )
