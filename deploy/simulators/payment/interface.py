"""The JSON interface for shops and tests.

POST /api/payments {reference, amount_cents, email, label, return_url, notify_url} → {id, page_url};
GET /api/payments/ID → {id, reference, amount_cents, result, authorisation, paid_at, test};
POST /api/faults {reference | "*", …} (see `faults`), DELETE /api/faults; POST /api/clock {advance_s} → {now};
DELETE /api/payments forgets all.
"""

import time
from dataclasses import fields
from typing import Any

from flask import Flask, Response, abort, jsonify, request

from deploy.simulators.payment.faults import Fault, Faults
from deploy.simulators.payment.till import Intent, OtherIntentError, Payment, Till

_AMOUNT_MIN_CENTS = 1


def add_interface(app: Flask, till: Till, faults: Faults, public_url: str) -> None:
    """Add the routes under /api."""
    _add_payments(app, till, faults, public_url)
    _add_faults(app, till, faults)


def _add_payments(app: Flask, till: Till, faults: Faults, public_url: str) -> None:

    @app.post("/api/payments")
    def open_payment() -> Response:
        intent = _intent()
        _suffer(faults.of(intent.reference))
        try:
            payment = till.open(intent)
        except OtherIntentError:
            abort(409, "this reference was used for another payment")
        return jsonify(id=payment.id, page_url=f"{public_url}/pay/{payment.id}")

    @app.delete("/api/payments")
    def forget() -> tuple[str, int]:
        till.clear()
        return "", 204

    @app.get("/api/payments/<payment_id>")
    def look_up(payment_id: str) -> Response:
        payment = till.find(payment_id)
        if payment is None:
            abort(404)
        fault = faults.of(payment.intent.reference)
        _suffer(fault)
        if fault.purge:
            till.forget(payment_id)
            abort(404)
        return jsonify(_as_json(payment, fault))


def _add_faults(app: Flask, till: Till, faults: Faults) -> None:
    @app.post("/api/faults")
    def set_fault() -> Response:
        given = _body()
        reference = given.pop("reference", None)
        if not isinstance(reference, str):
            abort(400, "reference is missing")
        try:
            faults.set(reference, Fault.read(given))
        except TypeError as error:
            abort(400, str(error))
        return jsonify(reference=reference)

    @app.delete("/api/faults")
    def heal() -> tuple[str, int]:
        faults.heal()
        return "", 204

    @app.post("/api/clock")
    def move_clock() -> Response:
        seconds = _body().get("advance_s")
        if not isinstance(seconds, int | float):
            abort(400, "advance_s is missing")
        return jsonify(now=till.advance(seconds).isoformat())


def _body() -> dict[str, Any]:
    given = request.get_json(silent=True)
    if not isinstance(given, dict):
        abort(400, "a JSON object is expected")
    return given


def _intent() -> Intent:
    given = _body()
    amount = given.get("amount_cents")
    if type(amount) is not int or amount < _AMOUNT_MIN_CENTS:
        abort(400, "amount_cents is a positive integer")
    names = [each.name for each in fields(Intent) if each.name != "amount_cents"]
    texts = {name: given.get(name) for name in names}
    if not all(isinstance(text, str) and text for text in texts.values()):
        abort(400, "a text is missing")
    if not all(str(texts[name]).startswith(("http://", "https://")) for name in ("return_url", "notify_url")):
        abort(400, "an address is not one")
    return Intent(amount_cents=amount, **{name: str(text) for name, text in texts.items()})


def _suffer(fault: Fault) -> None:
    time.sleep(fault.latency_s)
    if fault.http_500:
        abort(500)


def _as_json(payment: Payment, fault: Fault) -> dict[str, Any]:
    amount = fault.reported_amount_cents
    return {
        "id": payment.id,
        "reference": payment.intent.reference,
        "amount_cents": payment.intent.amount_cents if amount is None else amount,
        "result": payment.result,
        "authorisation": payment.authorisation,
        "test": fault.reported_test,
        "paid_at": payment.paid_at.isoformat(timespec="milliseconds") if payment.paid_at else None,
    }
