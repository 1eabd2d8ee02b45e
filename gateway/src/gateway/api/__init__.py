"""The HTTP API, version 1: a blueprint per resource, and the OpenAPI document that follows from them."""

from typing import Any, Final

from flask import Flask
from flask_smorest import Api
from werkzeug.routing import BaseConverter

from chassis.values.fields import ID_PATTERN
from gateway.api import documentation
from gateway.api.family import (
    bookings,
    calendar,
    confirmations,
    drafts,
    families,
    messages,
    offer,
    payments,
    prices,
    wallets,
)
from gateway.api.fields import SLUG_PATTERN, Problem
from gateway.api.public import organisations, payment_callbacks, sessions

PREFIX: Final = "/api/v1"
RESOURCES: Final = (
    sessions,
    organisations,
    families,
    offer,
    calendar,
    drafts,
    confirmations,
    bookings,
    wallets,
    prices,
    payments,
    payment_callbacks,
    messages,
)
_INFO: Final = (
    "The open family portal: book, pay and follow days of child care. Log in with POST /sessions and send "
    "the token as Authorization: Bearer. Every error is an RFC 9457 problem with a stable code."
)


class IdConverter(BaseConverter):
    """An id in an address; anything else there is an unknown address."""

    regex = ID_PATTERN


class SlugConverter(BaseConverter):
    """The name of an organisation in an address."""

    regex = SLUG_PATTERN


class DayConverter(BaseConverter):
    """A day in an address, such as 2026-11-16."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"


class MarelleApi(Api):
    """flask-smorest with our problems as the schema of errors, and our own error handlers."""

    ERROR_SCHEMA = Problem
    DEFAULT_ERROR_RESPONSE_NAME = None  # every operation names its problems one by one

    def _register_error_handlers(self) -> None:
        """Leave errors to gateway.errors, which serves the pages too."""


def install(app: Flask) -> None:
    """Register every resource under /api/v1, with the specification and its page."""
    app.url_map.converters["id"] = IdConverter
    app.url_map.converters["slug"] = SlugConverter
    app.url_map.converters["day"] = DayConverter
    app.config.update(API_TITLE="Marelle", API_VERSION="1.0.0", OPENAPI_VERSION="3.1.0")
    api = MarelleApi(app, spec_kwargs={"info": {"description": _INFO}, "servers": [{"url": "/"}]})
    api.register_converter(IdConverter, _id_schema)
    api.register_converter(SlugConverter, _slug_schema)
    api.register_converter(DayConverter, _day_schema)
    api.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    for resource in RESOURCES:
        blueprint = resource.blueprint
        api.register_blueprint(blueprint, url_prefix=PREFIX + (blueprint.url_prefix or ""))
    app.register_blueprint(documentation.blueprint, url_prefix=PREFIX)
    app.extensions["openapi"] = api.spec.to_dict()


def _id_schema(_converter: BaseConverter) -> dict[str, Any]:
    return {"type": "string", "pattern": f"^{ID_PATTERN}$", "maxLength": 128}


def _slug_schema(_converter: BaseConverter) -> dict[str, Any]:
    return {"type": "string", "pattern": f"^{SLUG_PATTERN}$", "maxLength": 63}


def _day_schema(_converter: BaseConverter) -> dict[str, Any]:
    return {"type": "string", "format": "date"}
