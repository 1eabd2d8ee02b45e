"""The OpenAPI document and a page to browse it, without a line of script or style from elsewhere."""

import json

from flask import Blueprint, Response, current_app, render_template

from gateway import policy

blueprint = Blueprint(
    "documentation",
    __name__,
    static_folder="swagger",
    static_url_path="/docs/static",
    template_folder="templates",
)


@blueprint.get("/openapi.json")
@policy.anonymous
def openapi() -> Response:
    """Return the OpenAPI 3.1 document."""
    return Response(json.dumps(current_app.extensions["openapi"]), mimetype="application/json")


@blueprint.get("/docs")
@policy.anonymous
def docs() -> str:
    """Return the page that reads the document."""
    return render_template("api/docs.html")
