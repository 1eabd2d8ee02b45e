"""The page that a person clicks on, and the whole application."""

from urllib.parse import urlencode, urlsplit

from flask import Flask, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from deploy.simulators.payment.faults import Faults
from deploy.simulators.payment.interface import add_interface
from deploy.simulators.payment.notifier import notify
from deploy.simulators.payment.till import Payment, Till
from deploy.simulators.payment.words import WORDS, amount_words

_RESULTS = {"pay": "paid", "refuse": "refused", "abandon": "abandoned"}


def create_app(till: Till, faults: Faults, public_url: str) -> Flask:
    """Build the simulator over its till; `public_url` is where browsers find it."""
    app = Flask(__name__)
    app.after_request(_harden)
    add_interface(app, till, faults, public_url.rstrip("/"))

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/favicon.ico")
    def icon() -> tuple[str, int]:
        return "", 204

    @app.get("/pay/<payment_id>")
    def show(payment_id: str) -> ResponseReturnValue:
        return _page(till.find(payment_id))

    @app.post("/pay/<payment_id>")
    def answer(payment_id: str) -> ResponseReturnValue:
        choice = request.form.get("choice", "")
        if choice not in _RESULTS:
            return _page(till.find(payment_id), closed=True)
        payment = till.decide(payment_id, _RESULTS[choice])
        if payment is None or payment.result == "expired":
            return _page(payment)
        notify(payment, faults.of(payment.intent.reference))
        return redirect(_return_address(payment), 303)

    return app


def _page(payment: Payment | None, *, closed: bool = False) -> ResponseReturnValue:
    language = request.args.get("lang") or request.accept_languages.best_match(list(WORDS)) or "fr"
    language = language if language in WORDS else "fr"
    body = render_template(
        "page.html",
        words=WORDS[language],
        language=language,
        other="en" if language == "fr" else "fr",
        payment=payment,
        closed=closed,
        amount=amount_words(payment.intent.amount_cents, language) if payment else "",
        return_address=_return_address(payment) if payment else "",
    )
    response = Response(body, 200 if payment else 404)
    response.headers["Content-Security-Policy"] = _policy(payment)
    return response


def _return_address(payment: Payment) -> str:
    joint = "&" if urlsplit(payment.intent.return_url).query else "?"
    return payment.intent.return_url + joint + urlencode({"id": payment.id})


def _policy(payment: Payment | None) -> str:
    """Allow forms to this program and, since the answer redirects there, to the shop that sent the person."""
    places = ["'self'"]
    if payment:
        shop = urlsplit(payment.intent.return_url)
        places.append(f"{shop.scheme}://{shop.netloc}")
    return (
        f"default-src 'none'; style-src 'self'; form-action {' '.join(places)}; base-uri 'none'; "
        "frame-ancestors 'none'"
    )


def _harden(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response
