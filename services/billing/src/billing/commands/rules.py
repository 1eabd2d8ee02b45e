"""What must hold of the money at any time, checked on a picture of the documents; each finding is a sentence.

A picture holds the documents of one organisation by collection, read in one snapshot.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from billing.commands.paid import (
    Document,
    Picture,
    attempts_add_up,
    attempts_end_in_their_payment,
    nothing_is_paid_meanwhile,
    payments_are_allocated,
    payments_are_booked_once,
    payments_of,
)
from billing.offices.rules import series_of

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
        attempts_add_up,
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
    numbers += [each["receipt_number"] for each in payments_of(picture).values()]
    for number in numbers:
        series, serial = series_of(number)
        serials[series].append(serial)
    for series, found in serials.items():
        if sorted(found) != list(range(1, len(found) + 1)):
            yield f"the series {series} has a gap or a double"
    if sum(series["last"] for series in picture["series"]) != len(numbers):
        yield "a number was taken by no document"


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
