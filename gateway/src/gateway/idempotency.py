"""The key that makes a request count once: read here, kept by the service that owns the effect."""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Final

from flask import request

from gateway.errors import Refused

HEADER: Final = "Idempotency-Key"
_KEY: Final = re.compile(r"[\x21-\x7e]{1,128}")


@dataclass(frozen=True, slots=True)
class Key:
    """The caller's key, and what it was used for."""

    key: str
    body_sha256: str


def required_key(body: object) -> Key:
    """Return the request's key; refused idempotency_key_required when it is missing, long or unprintable."""
    value = request.headers.get(HEADER, "")
    if not _KEY.fullmatch(value):
        raise Refused("idempotency_key_required")
    return Key(value, sha256_of(request.path, body))


def sha256_of(path: str, body: object) -> str:
    """Return a hash of what was asked and where: JSON in another order or spacing is the same request.

    The path is part of it, so that a key used for one draft can't answer for another one.
    """
    canonical = json.dumps([path, body], sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()
