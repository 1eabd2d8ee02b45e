"""Who asks, on whose behalf, and in which organisation: signed by the caller, verified by every door.

The broker's own headers can be forged by whoever may publish. Therefore a caller signs, for one method of one
service and under a minute, what it knows of the person; a service believes nothing else about actor and
organisation.
"""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Self, cast, get_args

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from chassis.values.actor import Actor, Grant
from chassis.values.clock import epoch_s
from chassis.values.errors import Refused

Kind = Literal["person", "service", "anonymous"]

LIFETIME_S = 60
SKEW_S = 5
_ALGORITHM = "EdDSA"
_ISSUER_FILE = re.compile(r"(?P<issuer>[a-z][a-z0-9_-]*)\.public\.pem")
# Field of the context → name of the claim, for those that are a string or absent.
_TEXTS = {
    "organisation_id": "organisation",
    "account_id": "sub",
    "family_id": "family",
    "guardian_id": "guardian",
    "session_id": "session",
    "membership_id": "membership",
    "on_behalf_of": "on_behalf_of",
}
_METHOD = "method"
_LISTS = {"roles": "roles", "centre_ids": "centres", "merged_family_ids": "merged_families"}


@dataclass(frozen=True, slots=True)
class Context:
    """What a door knows of its caller. Ids are UUIDs as text; after `deadline` nobody listens any more.

    `grants` are the roles of the membership that is consulted, and where they hold. `actor` is who caused
    what a service asks for: it travels on, so that every service on the way keeps the same.
    `merged_family_ids` are the other ids of the family's file, where files were found to be one.
    """

    kind: Kind
    issuer: str
    organisation_id: str | None = None
    account_id: str | None = None
    family_id: str | None = None
    guardian_id: str | None = None
    roles: tuple[str, ...] = ()
    centre_ids: tuple[str, ...] = ()
    session_id: str | None = None
    request_id: str = ""
    deadline: datetime | None = None
    on_behalf_of: str | None = None
    language: str = "fr"
    membership_id: str | None = None
    grants: tuple[Grant, ...] = ()
    actor: Actor | None = None
    merged_family_ids: tuple[str, ...] = ()

    def as_service(self, service: str, actor: Actor | None = None) -> Self:
        """The same request carried on by `service` under its own name.

        It keeps organisation, family, guardian and language. The account becomes `on_behalf_of`;
        roles, grants, centres and session stay behind, since they were the person's own. `actor` is who
        causes it; without one the caller's own actor travels on.
        """
        return replace(
            self,
            kind="service",
            issuer=service,
            account_id=None,
            roles=(),
            centre_ids=(),
            session_id=None,
            membership_id=None,
            grants=(),
            on_behalf_of=self.account_id or self.on_behalf_of,
            actor=actor or self.actor,
        )


def service_context(
    service: str,
    organisation_id: str | None,
    request_id: str,
    on_behalf_of: str | None = None,
    actor: Actor | None = None,
) -> Context:
    """The context of a service that acts by itself, such as a timer or an event's handler.

    `actor` is who caused it, where that is known.
    """
    return Context(
        kind="service",
        issuer=service,
        organisation_id=organisation_id,
        request_id=request_id,
        on_behalf_of=on_behalf_of,
        actor=actor,
    )


class Signer:
    """Signs contexts in the name of one issuer."""

    def __init__(self, issuer: str, private_key: Ed25519PrivateKey) -> None:
        self.issuer = issuer
        self._key = private_key

    @classmethod
    def from_directory(cls, directory: str | Path, issuer: str) -> Self:
        """Read `<issuer>.private.pem`."""
        key = load_pem_private_key((Path(directory) / f"{issuer}.private.pem").read_bytes(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise TypeError(f"the private key of {issuer} is not an Ed25519 key")
        return cls(issuer, key)

    def sign(self, context: Context, audience: str) -> str:
        """The token for one call to `audience`, such as "booking.confirm".

        The issuer is the signer's own, whatever the context says. The method is a claim beside the service,
        for releases before this one know an audience by its service alone.
        """
        now = int(epoch_s())
        service, _, method = audience.partition(".")
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": service,
            **({_METHOD: method} if method else {}),
            "iat": now,
            "exp": now + LIFETIME_S,
            "kind": context.kind,
            "request_id": context.request_id,
            "language": context.language,
        }
        for field, claim in _TEXTS.items():
            value = getattr(context, field)
            if value is not None:
                claims[claim] = value
        for field, claim in _LISTS.items():
            value = getattr(context, field)
            if value:
                claims[claim] = list(value)
        if context.grants:
            claims["grants"] = [grant.as_list() for grant in context.grants]
        if context.actor is not None:
            claims["actor"] = context.actor.as_document()
        return jwt.encode(claims, self._key, algorithm=_ALGORITHM)


class Verifier:
    """Knows the public keys of all issuers, and turns a token back into a context or refuses it."""

    def __init__(self, public_keys: Mapping[str, Ed25519PublicKey]) -> None:
        self._keys = dict(public_keys)

    @classmethod
    def from_directory(cls, directory: str | Path) -> Self:
        """Read every `<issuer>.public.pem`."""
        keys: dict[str, Ed25519PublicKey] = {}
        for path in sorted(Path(directory).iterdir()):
            name = _ISSUER_FILE.fullmatch(path.name)
            if name is None:
                continue
            key = load_pem_public_key(path.read_bytes())
            if not isinstance(key, Ed25519PublicKey):
                raise TypeError(f"{path.name} is not an Ed25519 key")
            keys[name["issuer"]] = key
        return cls(keys)

    def verify(self, token: object, audience: str) -> Context:
        """The context that a known issuer signed for `audience`, "booking.confirm"; else unauthenticated.

        One that names no method comes from the release before, and is good for all of its service.
        """
        if not isinstance(token, str) or not token:
            raise Refused("unauthenticated", "the call carries no context")
        issuer = _claimed_issuer(token)
        key = self._keys.get(issuer) if issuer else None
        if key is None:
            raise Refused("unauthenticated", "the context's issuer is unknown")
        service, _, method = audience.partition(".")
        try:
            claims = jwt.decode(
                token,
                key,
                algorithms=[_ALGORITHM],
                audience=service,
                issuer=issuer,
                options={
                    "require": ["iss", "aud", "exp", "iat"],
                    "strict_aud": True,
                    "verify_exp": False,  # by our own clock, below
                    "verify_iat": False,
                },
            )
        except jwt.PyJWTError as error:
            raise Refused("unauthenticated", f"the context is not valid: {type(error).__name__}") from error
        if claims.get(_METHOD, method) != method:
            raise Refused("unauthenticated", "the context was signed for another method")
        return _context_of(claims)


def _claimed_issuer(token: str) -> str | None:
    """Whose key to verify with; nothing else of an unverified token is looked at.

    PyJWT would decode the whole token twice, which costs a third as much as the verification.
    """
    try:
        body = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (IndexError, ValueError, RecursionError):
        return None
    issuer = claims.get("iss") if isinstance(claims, dict) else None
    return issuer if isinstance(issuer, str) else None


def _context_of(claims: Mapping[str, Any]) -> Context:
    """Read verified claims. A shape that our signer never writes is refused: its issuer can't be trusted."""
    _check_time(claims["iat"], claims["exp"])
    kind = claims.get("kind")
    if kind not in get_args(Kind):
        raise Refused("unauthenticated", "the context is of no known kind")
    texts = {field: _text(claims, claim) for field, claim in _TEXTS.items()}
    if kind == "person" and texts["account_id"] is None:
        raise Refused("unauthenticated", "the context names no person")
    return Context(
        kind=cast("Kind", kind),
        issuer=claims["iss"],
        request_id=_text(claims, "request_id") or "",
        language=_text(claims, "language") or "fr",
        roles=_texts(claims, "roles"),
        centre_ids=_texts(claims, "centres"),
        merged_family_ids=_texts(claims, "merged_families"),
        grants=_grants(claims.get("grants", [])),
        actor=_actor(claims.get("actor")),
        **cast("dict[str, Any]", texts),
    )


def _check_time(signed_at: object, ends_at: object) -> None:
    """Refuse what is signed for another time than now, give or take SKEW_S, or for more than LIFETIME_S."""
    if type(signed_at) is not int or type(ends_at) is not int:
        raise Refused("unauthenticated", "the context's times are no whole seconds")
    if not 0 < ends_at - signed_at <= LIFETIME_S:
        raise Refused("unauthenticated", "the context lives too long")
    now = epoch_s()
    if ends_at <= now - SKEW_S:
        raise Refused("unauthenticated", "the context has run out; or do the clocks differ?")
    if signed_at > now + SKEW_S:
        raise Refused("unauthenticated", "the context was signed in the future; or do the clocks differ?")


def _text(claims: Mapping[str, Any], claim: str) -> str | None:
    value = claims.get(claim)
    if value is not None and not isinstance(value, str):
        raise Refused("unauthenticated", f"the context's {claim} is not text")
    return value


def _texts(claims: Mapping[str, Any], claim: str) -> tuple[str, ...]:
    value = claims.get(claim, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise Refused("unauthenticated", f"the context's {claim} is not a list of texts")
    return tuple(value)


def _grants(given: object) -> tuple[Grant, ...]:
    try:
        grants = tuple(Grant(*each) for each in cast("Any", given))
    except TypeError:
        grants = None
    if grants is None or not all(
        isinstance(grant.role, str)
        and all(place is None or isinstance(place, str) for place in (grant.centre_id, grant.cash_office_id))
        for grant in grants
    ):
        raise Refused("unauthenticated", "the context's grants are not what our signer writes")
    return grants


def _actor(given: object) -> Actor | None:
    if given is None:
        return None
    try:
        return Actor.read(cast("Any", given))
    except (ValueError, TypeError, AttributeError):
        raise Refused("unauthenticated", "the context's actor is not what our signer writes") from None
