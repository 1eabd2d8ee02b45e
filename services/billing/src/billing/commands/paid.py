"""What must hold of attempts and of the payments that they ended in, on the same pictures as `rules`."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

Document = Mapping[str, Any]
Picture = Mapping[str, Sequence[Document]]
_CLOCKS_DIFFER = timedelta(minutes=1)


def payments_are_booked_once(picture: Picture) -> Iterator[str]:
    """Yield the payments that are not booked once, for their own amount, and those booked that never came."""
    booked: Counter[str] = Counter()
    amounts: dict[str, int] = {}
    for entry in picture["journal"]:
        if entry["kind"] == "payment":
            payment_id = entry["about"]["payment_id"]
            booked[payment_id] += 1
            amounts[payment_id] = -sum(
                leg["cents"] for leg in entry["legs"] if leg["account"].startswith("bank:")
            )
    for payment_id, payment in payments_of(picture).items():
        times = booked.pop(payment_id, 0)
        if times != 1:
            yield f"payment {payment_id} is booked {times} times"
        elif amounts[payment_id] != payment["amount_cents"]:
            yield f"payment {payment_id} is booked for another amount"
    for payment_id, times in booked.items():
        yield f"payment {payment_id} is booked {times} times and not known"


def attempts_end_in_their_payment(picture: Picture) -> Iterator[str]:
    """Yield the attempts that are paid without one payment of their amount, and those unpaid that have one.

    So too where two releases tell of one payment and don't tell the same.
    """
    came = defaultdict(list)
    for payment in picture["received"]:
        came[payment.get("attempt_id")].append(payment)
    for attempt in picture["payments"]:
        own, inside = came[attempt["id"]], _inside(attempt)
        known = own or ([inside] if inside else [])
        expected = _came(attempt)
        if len(known) != (expected is not None):
            yield f"attempt {attempt['id']} is {attempt['state']} and ended in {len(known)} payments"
        elif known and known[0]["amount_cents"] != expected:
            yield f"attempt {attempt['id']} ended in a payment of another amount"
        if inside and any(each["receipt_number"] != inside["receipt_number"] for each in own):
            yield f"attempt {attempt['id']} has two receipts"


def attempts_add_up(picture: Picture) -> Iterator[str]:
    """Yield the attempts whose orders are named twice or come to another amount, or that paid for others."""
    received = {each["attempt_id"]: each for each in picture["received"] if each.get("attempt_id")}
    for attempt in picture["payments"]:
        parts = attempt.get("parts") or [attempt]  # earlier releases knew one part alone
        named = [each["settlement_id"] for each in parts]
        if len(set(named)) != len(named):
            yield f"attempt {attempt['id']} names an order twice"
        if sum(each["amount_cents"] for each in parts) != attempt["amount_cents"]:
            yield f"attempt {attempt['id']} is not what its orders come to"
        paid = (received.get(attempt["id"]) or {}).get("allocations") or ()
        if any(each["settlement_id"] not in named for each in paid):
            yield f"attempt {attempt['id']} paid for an order that it does not name"


def nothing_is_paid_meanwhile(picture: Picture) -> Iterator[str]:
    """Yield the attempts that began while another one at the same part was in quarantine.

    Instants are those of the services' clocks: what differs by less than a minute is passed over.
    """
    for checked in picture["payments"]:
        told = checked.get("quarantine")
        if not told:
            continue
        since = told["began_at"] + _CLOCKS_DIFFER
        resolution = told.get("resolution")
        for other in picture["payments"]:
            before = resolution is None or other["started_at"] < resolution["resolved_at"]
            if since < other["started_at"] and before and _parts_of(other) & _parts_of(checked):
                yield f"attempt {other['id']} began while {checked['id']} was being checked"


def payments_are_allocated(picture: Picture) -> Iterator[str]:
    """Yield the payments of which a cent went neither to a settlement nor into a credit note.

    Those of the release that did not yet say where a payment went are passed over.
    """
    surplus: Counter[str] = Counter()
    for note in picture["credit_notes"]:
        surplus[note.get("payment_id") or ""] += note["amount_cents"]
    for payment_id, payment in payments_of(picture).items():
        allocations = payment.get("allocations", ())
        if allocations is None:
            continue
        allocated = sum(each["amount_cents"] for each in allocations)
        if allocated + surplus[payment_id] != payment["amount_cents"]:
            yield f"payment {payment_id} is not allocated to the cent"


def quarantined(picture: Picture) -> list[str]:
    """Return the attempts that a cashier has to look into: what was asked for, and what the provider said."""
    return [
        f"payment {each['id']} at {each['office']['reference']} is being checked: "
        f"{each['amount_cents']} cents were asked for, "
        f"{(each.get('quarantine') or {}).get('reported_cents', 'unknown what')} reported"
        for each in picture["payments"]
        if each["state"] == "quarantined" and not (each.get("quarantine") or {}).get("resolution")
    ]


def payments_of(picture: Picture) -> dict[str, Document]:
    """Return the payments by id, each once, from wherever a release keeps them."""
    inside = [payment for attempt in picture["payments"] if (payment := _inside(attempt))]
    return {payment["id"]: payment for payment in (*inside, *picture["received"])}


def _came(attempt: Document) -> int | None:
    """Return the cents that came of an attempt; None when nothing did, or nobody has found out yet."""
    if attempt["state"] == "paid":
        return int(attempt["amount_cents"])
    resolution = (attempt.get("quarantine") or {}).get("resolution") or {}
    return int(resolution["amount_cents"]) if resolution.get("outcome") == "credited" else None


def _parts_of(attempt: Document) -> set[tuple[str, str]]:
    named = attempt.get("parts") or [attempt]  # earlier releases knew one part alone
    return {(each["settlement_id"], attempt["office"]["id"]) for each in named}


def _inside(attempt: Document) -> Document | None:
    """Return the payment in an attempt's document; one of the oldest form does not say where it went."""
    if attempt["state"] != "paid" or "paid_at" not in attempt:
        return None
    payment: Document | None = attempt.get("payment")
    if payment is None:
        named = {name: attempt[name] for name in ("id", "amount_cents", "receipt_number")}
        return {**named, "allocations": None}
    return payment
