"""A provider of which only so many calls run at once, so that a slow one can't take all of our workers."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from eventlet import Timeout

from billing.ports.provider import BUSY, Page, PaymentPage, Provider, ProviderError
from billing.vocabulary import ProviderResult


class Bounded:
    """Asks `provider`, `calls_max` times at once at most, each for `within_s` seconds at most.

    Beyond that a call is refused at once as ProviderError("busy"); one that takes too long, whether silent
    or a drop at a time, ends as ProviderError("unreachable").
    """

    def __init__(self, provider: Provider, calls_max: int, within_s: float) -> None:
        self._provider = provider
        self._within_s = within_s
        self._free = BoundedSemaphore(calls_max)

    def create(self, wanted: PaymentPage) -> Page:
        """See `Provider.create`."""
        with self._place():
            return self._provider.create(wanted)

    def look_up(self, provider_reference: str) -> ProviderResult | None:
        """See `Provider.look_up`."""
        with self._place():
            return self._provider.look_up(provider_reference)

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._free.acquire(blocking=False):
            raise ProviderError(BUSY)
        try:
            with Timeout(self._within_s, ProviderError("unreachable", "too slow")):
                yield
        finally:
            self._free.release()
