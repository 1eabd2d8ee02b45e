"""What must hold of the money at any time, checked on a picture of the documents; each finding is a sentence.

A picture holds the documents of one organisation by collection, read in one snapshot.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from billing.offices.rules import series_of

Document = Mapping[str, Any]
Picture = Mapping[str, Sequence[Document]]
_CLOCKS_DIFFER = timedelta(minutes=1)
_SYSTEM = ("bank", "revenue")


def findings(picture: Picture) -> list[str]:
    """Return every finding; an empty list means that all invariants hold."""
    checks = (
        entries_balance,
        accounts_equal_the_journal,
        floors_hold,
        credit_notes_hold,
        the_oldest_goes_first,
        reservations_hold,
        charges_hold,
        numbers_have_no_gap,
        payments_are_booked_once,
        attempts_end_in_their_payment,
        payments_are_allocated,
        nothing_is_paid_meanwhile,
    )
    return [finding for check in checks for finding in check(picture)]


def entries_balance(picture: Picture) -> Iterator[str]:
    """Yield the entries that do not sum to zero inside one cash office."""
    for entry in picture["journal"]:
        if sum(leg["cents"] for leg in entry["legs"]) or not entry["legs"]:
            yield f"entry {entry['id']} does not sum to zero"
        if any(leg["account"].split(":")[1] != entry["cash_office_id"] for leg in entry["legs"]):
            yield f"entry {entry['id']} crosses cash offices"


def accounts_equal_the_journal(picture: Picture) -> Iterator[str]:
    """Yield the stored accounts that are not the sum of their entries, each of which moved them once."""
    sums: Counter[str] = Counter()
    moves: dict[str, set[int]] = defaultdict(set)
    for entry in picture["journal"]:
        for leg in entry["legs"]:
            sums[leg["account"]] += leg["cents"]
        for name, version in entry["versions"]:
            if version in moves[name]:
                yield f"two entries are movement {version} of account {name}"
            moves[name].add(version)
    for account in picture["accounts"]:
        name = account["name"]
        if account["balance_cents"] != sums.pop(name, 0):
            yield f"account {name} differs from the journal"
        if moves[name] != set(range(1, account["version"] + 1)):
            yield f"account {name} has movements that no entry tells of"
    for name, cents in sums.items():
        if cents and not name.startswith(_SYSTEM):
            yield f"account {name} is missing"


def floors_hold(picture: Picture) -> Iterator[str]:
    """Yield the accounts below their floor."""
    for account in picture["accounts"]:
        if account["floor_cents"] is not None and account["balance_cents"] < account["floor_cents"]:
            yield f"account {account['name']} is below its floor"


def credit_notes_hold(picture: Picture) -> Iterator[str]:
    """Yield the notes of which too much is used, and credit accounts that differ from their notes."""
    free: Counter[str] = Counter()
    for note in picture["credit_notes"]:
        if not 0 <= note["left_cents"] <= note["amount_cents"]:
            yield f"credit note {note['number']} has {note['left_cents']} of {note['amount_cents']} left"
        free[f"credit:{note['office']['id']}:{note['family_id']}"] += note["left_cents"]
    yield from _differences(picture, "credit", free)


def the_oldest_goes_first(picture: Picture) -> Iterator[str]:
    """Yield the uses that did not take the oldest credit note that was left.

    All movements of credit notes are replayed, in the order of their accounts.
    """
    notes = {note["id"]: note for note in picture["credit_notes"]}
    left: Counter[str] = Counter()
    movements = sorted(
        (
            (name, version, entry)
            for entry in picture["journal"]
            for name, version in entry["versions"]
            if name.startswith("credit:") and entry["uses"]
        ),
        key=lambda movement: movement[:2],
    )
    for name, _, entry in movements:
        taken = [(note_id, cents) for note_id, cents in entry["uses"] if cents > 0]
        own = [n for n in notes.values() if f"credit:{n['office']['id']}:{n['family_id']}" == name]
        own.sort(key=lambda note: (note["issued_at"], note["number"]))
        expected = _oldest(own, left, sum(cents for _, cents in taken))
        if taken != expected:
            yield f"entry {entry['id']} did not use the oldest credit notes first"
        for note_id, cents in entry["uses"]:
            left[note_id] -= cents
    for note in notes.values():
        if left[note["id"]] != note["left_cents"]:
            yield f"credit note {note['number']} differs from its movements"


def reservations_hold(picture: Picture) -> Iterator[str]:
    """Yield the orders whose parts do not add up, and held accounts that differ from what orders reserve."""
    held: Counter[str] = Counter()
    for settlement in picture["settlements"]:
        for part in settlement["parts"]:
            credits_used = sum(cents for _, cents in part["credits"])
            if part["state"] == "due":
                held[f"held:{part['office']['id']}:{settlement['family_id']}"] += credits_used
                if part["amount_due_cents"] <= 0:
                    yield f"settlement {settlement['id']} is due for nothing"
            if part["state"] != "released" and part["bookings_cents"] != sum(
                line["price_cents"] for line in part["lines"]
            ):
                yield f"settlement {settlement['id']} does not add up its lines"
            if part["state"] == "due" and credits_used + part["amount_due_cents"] != part["bookings_cents"]:
                yield f"settlement {settlement['id']} does not add up"
    yield from _differences(picture, "held", held)


def charges_hold(picture: Picture) -> Iterator[str]:
    """Yield the charges of which too much was given back, and revenues that differ from the charges."""
    earned: Counter[str] = Counter()
    for charge in picture["charges"]:
        if not 0 <= charge["credited_cents"] <= charge["charged_cents"]:
            yield f"booking {charge['booking_id']} was given back more than it was charged"
        earned[f"revenue:{charge['office']['id']}"] += charge["charged_cents"] - charge["credited_cents"]
    for entry in picture["journal"]:
        if entry["kind"] == "carried":
            continue  # earned elsewhere, by what this program knows no charge of
        for leg in entry["legs"]:
            if leg["account"].startswith("revenue:"):
                earned[leg["account"]] -= leg["cents"]
    for name, cents in earned.items():
        if cents:
            yield f"{name} differs from the charges by {cents}"


def numbers_have_no_gap(picture: Picture) -> Iterator[str]:
    """Yield the series in which receipts or credit notes are not numbered 1, 2, 3 and so on."""
    serials: dict[str, list[int]] = defaultdict(list)
    numbers = [note["number"] for note in picture["credit_notes"]]
    numbers += [each["receipt_number"] for each in _payments(picture).values()]
    for number in numbers:
        series, serial = series_of(number)
        serials[series].append(serial)
    for series, found in serials.items():
        if sorted(found) != list(range(1, len(found) + 1)):
            yield f"the series {series} has a gap or a double"
    if sum(series["last"] for series in picture["series"]) != len(numbers):
        yield "a number was taken by no document"


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
    for payment_id, payment in _payments(picture).items():
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


def quarantined(picture: Picture) -> list[str]:
    """Return the attempts that a cashier has to look into: what was asked for, and what the provider said."""
    return [
        f"payment {each['id']} at {each['office']['reference']} is being checked: "
        f"{each['amount_cents']} cents were asked for, "
        f"{(each.get('quarantine') or {}).get('reported_cents', 'unknown what')} reported"
        for each in picture["payments"]
        if each["state"] == "quarantined" and not (each.get("quarantine") or {}).get("resolution")
    ]


def _came(attempt: Document) -> int | None:
    """Return the cents that came of an attempt; None when nothing did, or nobody has found out yet."""
    if attempt["state"] == "paid":
        return int(attempt["amount_cents"])
    resolution = (attempt.get("quarantine") or {}).get("resolution") or {}
    return int(resolution["amount_cents"]) if resolution.get("outcome") == "credited" else None


def _parts_of(attempt: Document) -> set[tuple[str, str]]:
    named = attempt.get("parts") or [attempt]  # earlier releases knew one part alone
    return {(each["settlement_id"], attempt["office"]["id"]) for each in named}


def payments_are_allocated(picture: Picture) -> Iterator[str]:
    """Yield the payments of which a cent went neither to a settlement nor into a credit note.

    Those of the release that did not yet say where a payment went are passed over.
    """
    surplus: Counter[str] = Counter()
    for note in picture["credit_notes"]:
        surplus[note.get("payment_id") or ""] += note["amount_cents"]
    for payment_id, payment in _payments(picture).items():
        allocations = payment.get("allocations", ())
        if allocations is None:
            continue
        allocated = sum(each["amount_cents"] for each in allocations)
        if allocated + surplus[payment_id] != payment["amount_cents"]:
            yield f"payment {payment_id} is not allocated to the cent"


def _payments(picture: Picture) -> dict[str, Document]:
    """Return the payments by id, each once, from wherever a release keeps them."""
    inside = [payment for attempt in picture["payments"] if (payment := _inside(attempt))]
    return {payment["id"]: payment for payment in (*inside, *picture["received"])}


def _inside(attempt: Document) -> Document | None:
    """Return the payment in an attempt's document; one of the oldest form does not say where it went."""
    if attempt["state"] != "paid" or "paid_at" not in attempt:
        return None
    payment: Document | None = attempt.get("payment")
    if payment is None:
        named = {name: attempt[name] for name in ("id", "amount_cents", "receipt_number")}
        return {**named, "allocations": None}
    return payment


def _oldest(own: Sequence[Document], left: Mapping[str, int], cents: int) -> list[tuple[str, int]]:
    taken = []
    for note in own:
        part = min(left.get(note["id"], 0), cents)
        if part > 0:
            taken.append((note["id"], part))
            cents -= part
    return taken


def _differences(picture: Picture, kind: str, expected: Counter[str]) -> Iterator[str]:
    balances = {a["name"]: a["balance_cents"] for a in picture["accounts"] if a["kind"] == kind}
    for name in sorted(balances.keys() | expected.keys()):
        if balances.get(name, 0) != expected[name]:
            yield f"account {name} holds {balances.get(name, 0)} where documents say {expected[name]}"
