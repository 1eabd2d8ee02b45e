"""Hear from the payment provider."""

from typing import Any

from marshmallow import EXCLUDE, Schema

from gateway import clients, session
from gateway.api.fields import Id
from gateway.api.operation import Resource

blueprint = Resource("payment-callbacks", __name__, description="For the payment provider")


class Hint(Schema):
    """What the provider posts: the reference of a payment that has news. Other fields are not looked at."""

    class Meta:
        """Providers add fields as they please."""

        unknown = EXCLUDE

    id = Id()


@blueprint.operation(
    "POST", "/payment-callbacks", policy="callback", form=Hint, status=204, refuses=("not_found",)
)
def record_payment(form: dict[str, Any]) -> None:
    """Hear that a payment has news. Nothing said here is believed: billing looks the result up itself."""
    clients.current().billing.record_payment(session.anonymous(), form["id"])
