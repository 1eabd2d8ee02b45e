"""Giving the provider's adapter to the service's workers."""

from collections.abc import Callable

from nameko.extensions import DependencyProvider

from billing.ports.provider import Provider


class ProviderInjection(DependencyProvider):  # type: ignore[misc]
    """Gives every worker the payment provider that `make` returns.

    A test passes its own as the container's setting `payment_provider`.
    """

    def __init__(self, make: Callable[[], Provider]) -> None:
        super().__init__()
        self.make = make

    def setup(self) -> None:
        """Make the adapter once per container."""
        self.provider: Provider = self.container.config.get("payment_provider") or self.make()

    def get_dependency(self, worker_ctx: object) -> Provider:  # noqa: ARG002 - nameko's signature
        """Return the same adapter for all."""
        return self.provider
