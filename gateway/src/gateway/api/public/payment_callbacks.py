"""Hear from the payment provider."""

from dataclasses import dataclass

from marshmallow import EXCLUDE

from gateway import clients, session
from gateway.api.fields import Asked, Id
from gateway.api.operation import Resource

blueprint = Resource("payment-callbacks", __name__, description="For the payment provider")


@dataclass(frozen=True, slots=True)
class Hint:
    """Which payment has news, under the provider's own reference."""

    id: str


class HintSchema(Asked):
    """What the provider posts: the reference of a payment that has news. Other fields are not looked at."""

    into = Hint

    class Meta:
        """Providers add fields as they please."""

        unknown = EXCLUDE

    id = Id()


@blueprint.operation("POST", "/payment-callbacks", policy="callback", form=HintSchema, status=204)
def record_payment(form: Hint) -> None:
    """Hear that a payment has news. Nothing said here is believed: billing looks the result up soon itself.

    A payment that nobody knows is answered the same.
    """
    clients.current().billing.record_payment(session.anonymous(), form.id)
