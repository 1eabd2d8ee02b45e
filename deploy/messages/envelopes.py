"""What every message of a kind has around what it says: calls, answers, errors, events.

Written by hand after `chassis.wire.rpc`, `chassis.wire.responder`, `chassis.values.errors` and
`chassis.values.event`; `tests/deploy/test_messages.py` holds what these make against it.
"""

from typing import Any, get_args

from chassis.values.actor import ActorKind
from chassis.values.event import PACK_MAX

Part = dict[str, Any]
REFERENCE = "#/components/schemas/"

_TEXT: Part = {"type": "string"}
_TEXT_OR_NONE: Part = {"type": ["string", "null"]}


def _object(optional: tuple[str, ...] = (), **properties: Part) -> Part:
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def _refer(name: str) -> Part:
    return {"$ref": REFERENCE + name}


SCHEMAS: Part = {
    "chassis.CallHeaders": {
        **_object(
            context={
                **_TEXT,
                "description": "Who asks: a JSON Web Token, signed for one service.",
            },
            request_id=_TEXT,
            deadline={
                "type": "integer",
                "description": "Milliseconds since 1970; then nobody listens.",
            },
        ),
        "description": "The properties `reply_to` and `correlation_id` of AMQP say where the answer goes.",
    },
    "chassis.Nothing": _object(),
    "chassis.FieldError": _object(
        pointer={**_TEXT, "description": "A JSON pointer into the request (RFC 6901)."},
        messages={"type": "array", "items": _TEXT},
    ),
    "chassis.Error": {
        "oneOf": [
            _object(
                type={"const": "refused"},
                code=_TEXT,
                detail=_TEXT,
                errors={"type": "array", "items": _refer("chassis.FieldError")},
                retry_after_s={"type": ["integer", "null"]},
            ),
            _object(
                type={"const": "unavailable"}, reason=_TEXT, detail=_TEXT, retry_after_s={"type": "integer"}
            ),
            _object(type={"const": "failed"}, name=_TEXT),
        ]
    },
    "chassis.Actor": _object(
        optional=("account_id", "membership_id", "for_family_id", "on_behalf_of", "reason_code"),
        kind={"enum": list(get_args(ActorKind))},
        account_id=_TEXT,
        membership_id=_TEXT,
        for_family_id=_TEXT,
        on_behalf_of=_TEXT,
        reason_code=_TEXT,
    ),
}


def request(arguments: Part) -> Part:
    """The body of a call."""
    return _object(args={"type": "array", "maxItems": 0}, kwargs=arguments)


def reply(result: Part) -> Part:
    """The body of an answer: a result or an error."""
    return {
        "oneOf": [
            _object(result=result, error={"type": "null"}),
            _object(result={"type": "null"}, error=_refer("chassis.Error")),
        ]
    }


def event(name: str, version: int, data: Part) -> Part:
    """The body of an event, or of several that waited together."""
    one = _object(
        optional=("newer", "actor"),
        id=_TEXT,
        name={"const": name},
        version={"const": version},
        organisation_id=_TEXT,
        aggregate_id=_TEXT,
        sequence={"type": "integer", "description": "Orders the events of one aggregate."},
        occurred_at={**_TEXT, "format": "date-time"},
        causation_id=_TEXT_OR_NONE,
        correlation_id={**_TEXT_OR_NONE, "description": "The id of the request that it follows from."},
        data=data,
        newer={"type": "object", "description": "The same fact in later versions: data by version."},
        actor=_refer("chassis.Actor"),
    )
    several = _object(events={"type": "array", "items": one, "minItems": 1, "maxItems": PACK_MAX})
    return {"oneOf": [one, several]}
