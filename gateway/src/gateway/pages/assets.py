"""The portal's own files: style, htmx and marks, compressed once per process and named by their content."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from gateway import policy
from gateway.pages.links import url_for

FOLDER: Final = Path(__file__).with_name("static")
BUNDLES: Final = {"site.css": ("tokens.css", "base.css", "parts.css")}
"""Files that every page needs, sent as one."""

COMPRESSED: Final = {".css", ".js", ".svg", ".txt"}
VERSION_LENGTH: Final = 10

blueprint = Blueprint("assets", __name__, template_folder="templates")


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: its bytes, plain and compressed, its type and a name for its content."""

    plain: bytes
    packed: bytes | None
    media_type: str
    version: str


@cache
def assets() -> dict[str, Asset]:
    """Return every file by its name, read once, bundles too; there are a dozen, 150 KB in all."""
    files = {path.name: path.read_bytes() for path in sorted(FOLDER.iterdir()) if path.is_file()}
    bundles = {name: b"".join(files[part] for part in parts) for name, parts in BUNDLES.items()}
    return {name: _asset(name, plain) for name, plain in (files | bundles).items()}


def _asset(name: str, plain: bytes) -> Asset:
    packed = gzip.compress(plain, 9, mtime=0) if Path(name).suffix in COMPRESSED else None
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Asset(plain, packed, media_type, hashlib.sha256(plain).hexdigest()[:VERSION_LENGTH])


@cache
def sprite() -> str:
    """Return the icons; they stand inside the page, since not every browser fetches them from a file."""
    return FOLDER.joinpath("icons.svg").read_text(encoding="utf-8").strip()


def address(name: str) -> str:
    """Return the address of a file, which changes when its content does."""
    return url_for("assets.static", name=name, v=assets()[name].version)


@blueprint.get("/static/<name>")
@policy.anonymous
def static(name: str) -> AnyResponse:
    """Serve one file, compressed for who takes it."""
    asset = assets().get(name)
    if asset is None:
        raise NotFound
    response = Response(asset.plain, mimetype=asset.media_type)
    if asset.packed is not None:
        response.headers["Vary"] = "Accept-Encoding"
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            response.set_data(asset.packed)
            response.headers["Content-Encoding"] = "gzip"
    response.set_etag(asset.version)
    return response.make_conditional(request)
