"""What the browser and the tests see of the mailbox.

GET /api/messages[?to=ADDRESS] → {"data": [message…]}, newest first; GET /api/messages/ID → message;
DELETE /api/messages forgets all. message =
{id, from, to: [], received_at, subject, text, html, headers: [[name, value]…]}.
POST /api/faults {to: ADDRESS or "*", code?: 4xx or 5xx, words?, latency_s?} puts a fault in force;
GET /api/faults → {"data": [{to, code, words, latency_s, struck}…]}; DELETE /api/faults heals all.
A mail's own HTML is shown in a sandbox: no script, no form, no request to anywhere.
"""

from typing import Any

from flask import Flask, Response, abort, jsonify, render_template, request

from deploy.simulators.mail.faults import EVERYBODY, Fault, Faults
from deploy.simulators.mail.mailbox import Mail, Mailbox

_PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
# a link in a mail may be followed, in a window that is free of the sandbox again
SANDBOX = "allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
_MAIL_POLICY = (
    f"sandbox {SANDBOX}; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)


def create_app(mailbox: Mailbox, faults: Faults) -> Flask:
    """Build the web side of the catcher over `mailbox` and `faults`."""
    app = Flask(__name__)
    app.after_request(_harden)
    _add_pages(app, mailbox)
    _add_interface(app, mailbox)
    _add_faults(app, faults)
    return app


def _add_pages(app: Flask, mailbox: Mailbox) -> None:
    @app.get("/")
    def inbox() -> str:
        to = request.args.get("to", "")
        return render_template("inbox.html", mails=mailbox.newest_first(to), to=to)

    @app.get("/messages/<int:mail_id>")
    def mail(mail_id: int) -> str:
        return render_template("mail.html", mail=_found(mailbox, mail_id), sandbox=SANDBOX)

    @app.get("/messages/<int:mail_id>/html")
    def mail_html(mail_id: int) -> Response:
        response = Response(_found(mailbox, mail_id).html, mimetype="text/html")
        response.headers["Content-Security-Policy"] = _MAIL_POLICY
        return response

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}


def _add_interface(app: Flask, mailbox: Mailbox) -> None:
    @app.get("/api/messages")
    def messages() -> Response:
        return jsonify(data=[_as_json(mail) for mail in mailbox.newest_first(request.args.get("to", ""))])

    @app.get("/api/messages/<int:mail_id>")
    def message(mail_id: int) -> dict[str, Any]:
        return _as_json(_found(mailbox, mail_id))

    @app.delete("/api/messages")
    def forget() -> tuple[str, int]:
        mailbox.clear()
        return "", 204


def _add_faults(app: Flask, faults: Faults) -> None:
    @app.get("/api/faults")
    def in_force() -> Response:
        return jsonify(data=faults.told())

    @app.post("/api/faults")
    def arm() -> tuple[str, int]:
        given = dict(request.get_json())
        to = str(given.pop("to", EVERYBODY))
        try:
            faults.set(to, Fault.read(given))
        except (TypeError, ValueError) as error:
            abort(400, str(error))
        return "", 204

    @app.delete("/api/faults")
    def heal() -> tuple[str, int]:
        faults.heal()
        return "", 204


def _found(mailbox: Mailbox, mail_id: int) -> Mail:
    mail = mailbox.find(mail_id)
    if mail is None:
        abort(404)
    return mail


def _as_json(mail: Mail) -> dict[str, Any]:
    return {
        "id": mail.id,
        "from": mail.sender,
        "to": list(mail.to),
        "received_at": mail.received_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "subject": mail.subject,
        "text": mail.text,
        "html": mail.html,
        "headers": [list(header) for header in mail.headers],
    }


def _harden(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", _PAGE_POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response
