"""Each invariant of the books: a picture in which it holds, and the smallest change that breaks it."""

import copy
from datetime import timedelta

import pytest

from billing.commands.paid import quarantined
from billing.commands.rules import findings
from tests.billing.town import NOW

OFFICE = {"id": "o", "reference": "loisirs", "name": "Régie"}


def _entry(name, kind, legs, versions, uses=(), *, about=None):
    return {
        "id": name,
        "kind": kind,
        "cash_office_id": "o",
        "legs": [{"account": account, "cents": cents} for account, cents in legs],
        "versions": [list(each) for each in versions],
        "uses": [list(each) for each in uses],
        "about": about or {},
    }


def _account(name, kind, cents, version):
    return {"name": name, "kind": kind, "balance_cents": cents, "version": version, "floor_cents": 0}


def _note(name, left, issued_at):
    return {
        "id": name,
        "number": f"A-LOISIRS-2026-{name}",
        "office": OFFICE,
        "family_id": "f",
        "amount_cents": 100,
        "left_cents": left,
        "issued_at": issued_at,
    }


RECEIPT = "R-LOISIRS-2026-000001"
CREDIT, HELD = "credit:o:f", "held:o:f"


def _journal():
    given_back = [("revenue:o", -100), (CREDIT, 100)]
    return [
        _entry("c1", "credit_note", given_back, [(CREDIT, 1)], [("000001", -100)]),
        _entry("c2", "credit_note", given_back, [(CREDIT, 2)], [("000002", -100)]),
        _entry(
            "r",
            "reserve",
            [(CREDIT, -150), (HELD, 150)],
            [(CREDIT, 3), (HELD, 1)],
            [("000001", 100), ("000002", 50)],
        ),
        _entry("p", "payment", [("bank:o", -500), ("revenue:o", 500)], [], about={"payment_id": "pay"}),
    ]


def _share(state, credits_used, amount_due_cents, lines):
    return {
        "office": OFFICE,
        "state": state,
        "credits": credits_used,
        "bookings_cents": 350,
        "amount_due_cents": amount_due_cents,
        "lines": lines,
    }


def _picture():
    """Two credit notes of 100; 150 reserved for an order of 350; another order paid with 500."""
    due = _share("due", [["000001", 100], ["000002", 50]], 200, [{"price_cents": 350}])
    return {
        "journal": _journal(),
        "accounts": [_account(CREDIT, "credit", 50, 3), _account(HELD, "held", 150, 1)],
        "credit_notes": [_note("000001", 0, 1), _note("000002", 50, 2)],
        "charges": [
            {"booking_id": "b", "office": OFFICE, "charged_cents": 500, "credited_cents": 0},
            {"booking_id": "old", "office": OFFICE, "charged_cents": 0, "credited_cents": 0},
            {"booking_id": "back", "office": OFFICE, "charged_cents": 100, "credited_cents": 100},
        ],
        "settlements": [{"id": "s", "family_id": "f", "parts": [due, _share("released", [], 0, [])]}],
        "payments": [
            {
                "id": "pay",
                "settlement_id": "paid",
                "state": "paid",
                "amount_cents": 500,
                "receipt_number": RECEIPT,
                "paid_at": 3,
                "payment": {
                    "id": "pay",
                    "amount_cents": 500,
                    "receipt_number": RECEIPT,
                    "allocations": [{"settlement_id": "paid", "amount_cents": 500}],
                },
            },
            {"id": "open", "settlement_id": "s", "state": "checking", "amount_cents": 500},
        ],
        "received": [],
        "series": [{"last": 2}, {"last": 1}],
    }


def _sound():
    picture = _picture()
    # What the credit notes gave back was charged before.
    picture["journal"].append(_entry("t", "takeover", [("bank:o", -200), ("revenue:o", 200)], []))
    return picture


def test_sound_books_have_no_findings():
    assert findings(_sound()) == []


def test_what_wallets_carry_over_is_earned_elsewhere_and_wants_no_charge():
    picture = _sound()
    picture["accounts"].append(_account("wallet:o:f:w", "wallet", -300, 1) | {"floor_cents": -1000})
    legs = [("wallet:o:f:w", -300), ("revenue:o", 300)]
    picture["journal"].append(_entry("w", "carried", legs, [("wallet:o:f:w", 1)]))
    assert findings(picture) == []


def _set(collection, place, **values):
    return lambda picture: picture[collection][place].update(values)


def _leg(place, leg, **values):
    return lambda picture: picture["journal"][place]["legs"][leg].update(values)


def _money(**values):
    return lambda picture: picture["payments"][0]["payment"].update(values)


def _kept(**values):
    return lambda picture: picture["received"][0].update(values)


def _copied(picture):
    """Let payments stand by themselves too, as after the migration."""
    inside = [each for each in picture["payments"] if "payment" in each]
    picture["received"] = [{**each["payment"], "attempt_id": each["id"]} for each in inside]


def _moved(picture):
    """Let payments stand by themselves alone, as they are written."""
    _copied(picture)
    for attempt in picture["payments"]:
        for name in ("payment", "paid_at", "receipt_number"):
            attempt.pop(name, None)


def _part(**values):
    return lambda picture: picture["settlements"][0]["parts"][0].update(values)


@pytest.mark.parametrize(
    ("damage", "finding"),
    [
        (_leg(3, 0, cents=-501), "entry p does not sum to zero"),
        (_set("journal", 3, legs=[]), "entry p does not sum to zero"),
        (_leg(3, 0, account="bank:other"), "entry p crosses cash offices"),
        (_set("accounts", 0, balance_cents=51), "account credit:o:f differs from the journal"),
        (_set("accounts", 0, version=4), "account credit:o:f has movements that no entry tells of"),
        (
            _set("journal", 1, versions=[["credit:o:f", 1]]),
            "two entries are movement 1 of account credit:o:f",
        ),
        (lambda picture: picture["accounts"].pop(1), "account held:o:f is missing"),
        (_set("accounts", 0, floor_cents=60), "account credit:o:f is below its floor"),
        (_set("accounts", 1, floor_cents=None, balance_cents=1), "account held:o:f differs from the journal"),
        (_set("credit_notes", 0, left_cents=-1), "credit note A-LOISIRS-2026-000001 has -1 of 100 left"),
        (_set("credit_notes", 1, left_cents=40), "account credit:o:f holds 50 where documents say 40"),
        (_set("journal", 2, uses=[["000002", 100], ["000001", 50]]), "entry r did not use the oldest"),
        (
            _set("credit_notes", 1, left_cents=40),
            "credit note A-LOISIRS-2026-000002 differs from its movements",
        ),
        (_part(amount_due_cents=0), "settlement s is due for nothing"),
        (_part(lines=[]), "settlement s does not add up its lines"),
        (_part(amount_due_cents=201), "settlement s does not add up"),
        (_part(credits=[]), "account held:o:f holds 150 where documents say 0"),
        (_set("charges", 0, credited_cents=501), "booking b was given back more than it was charged"),
        (_set("charges", 0, charged_cents=501), "revenue:o differs from the charges by 1"),
        (_money(receipt_number="R-LOISIRS-2026-000002"), "the series R-LOISIRS-2026 has a gap"),
        (_set("series", 0, last=3), "a number was taken by no document"),
        (_set("payments", 1, state="paid"), "attempt open is paid and ended in 0 payments"),
        (_set("payments", 0, amount_cents=400), "attempt pay ended in a payment of another amount"),
        (_money(amount_cents=400), "payment pay is booked for another amount"),
        (lambda picture: picture["journal"].pop(3), "payment pay is booked 0 times"),
        (lambda picture: picture["payments"].pop(0), "payment pay is booked 1 times and not known"),
        (_money(allocations=[]), "payment pay is not allocated to the cent"),
    ],
)
@pytest.mark.parametrize("in_form", [lambda picture: None, _moved, _copied], ids=["in", "beside", "both"])
def test_damage_is_found_wherever_payments_stand(damage, finding, in_form):
    picture = copy.deepcopy(_sound())
    damage(picture)
    in_form(picture)
    assert any(finding in each for each in findings(picture)), findings(picture)


@pytest.mark.parametrize("in_form", [_moved, _copied])
def test_sound_books_have_no_findings_wherever_payments_stand(in_form):
    picture = copy.deepcopy(_sound())
    in_form(picture)
    assert findings(picture) == []


@pytest.mark.parametrize(
    ("damage", "finding"),
    [
        (_kept(attempt_id="another"), "attempt pay is paid and ended in 0 payments"),
        (_kept(attempt_id="open"), "attempt open is checking and ended in 1 payments"),
        (lambda picture: picture["received"].append(picture["received"][0]), "ended in 2 payments"),
    ],
)
def test_an_attempt_ends_in_one_payment_of_its_own(damage, finding):
    picture = copy.deepcopy(_sound())
    _moved(picture)
    damage(picture)
    assert any(finding in each for each in findings(picture)), findings(picture)


def _of_two(*named):
    """Sound books, the paid attempt of which is for these orders, (id, cents) each."""
    picture = copy.deepcopy(_sound())
    _moved(picture)
    parts = [{"settlement_id": name, "amount_cents": cents} for name, cents in named]
    picture["payments"][0].update(parts=parts)
    return picture


@pytest.mark.parametrize(
    ("named", "finding"),
    [
        ([("paid", 300), ("other", 200)], None),
        ([("paid", 300), ("other", 201)], "attempt pay is not what its orders come to"),
        ([("paid", 300), ("paid", 200)], "attempt pay names an order twice"),
        ([("one", 300), ("other", 200)], "attempt pay paid for an order that it does not name"),
    ],
)
def test_an_attempt_comes_to_its_orders_and_pays_for_no_other(named, finding):
    assert findings(_of_two(*named)) == ([finding] if finding else [])


def test_a_payment_that_two_releases_tell_of_has_one_receipt():
    picture = copy.deepcopy(_sound())
    _copied(picture)
    _kept(receipt_number="R-LOISIRS-2026-000002")(picture)
    assert "attempt pay has two receipts" in findings(picture)


def _quarantined(minute=0, **resolution):
    told = {"began_at": NOW + timedelta(minutes=minute), "reported_cents": 1}
    if resolution:
        told["resolution"] = {"resolved_at": NOW + timedelta(minutes=minute + 30), **resolution}
    return {"state": "quarantined", "started_at": NOW, "quarantine": told}


def _checked(**resolution):
    """Sound books with an attempt in quarantine beside them, resolved so."""
    picture = copy.deepcopy(_sound())
    office = {"id": "office-1", "reference": "loisirs"}
    attempt = {
        "id": "odd",
        "office": office,
        "parts": [{"settlement_id": "s", "amount_cents": 500}],
        "amount_cents": 500,
    }
    parts = [{"settlement_id": "t", "amount_cents": 500}]
    for other in picture["payments"]:
        other.update(started_at=NOW + timedelta(minutes=5), parts=parts, office=office)
    picture["payments"].append({**attempt, **_quarantined(**resolution)})
    return picture


def test_a_payment_in_quarantine_breaks_no_invariant_and_is_named_for_a_cashier():
    assert findings(_checked()) == []
    (sentence,) = quarantined(_checked())
    assert sentence == "payment odd at loisirs is being checked: 500 cents were asked for, 1 reported"
    assert quarantined(_checked(outcome="nothing_came", amount_cents=0)) == []
    assert findings(_checked(outcome="nothing_came", amount_cents=0)) == []


def test_what_a_cashier_found_to_have_come_is_a_payment_of_that_amount():
    picture = _checked(outcome="credited", amount_cents=100)
    assert "attempt odd is quarantined and ended in 0 payments" in findings(picture)
    money = {"id": "odd", "attempt_id": "odd", "amount_cents": 99, "receipt_number": "R-LOISIRS-2026-000002"}
    picture["received"].append(money)
    assert "attempt odd ended in a payment of another amount" in findings(picture)


@pytest.mark.parametrize(
    ("minutes", "is_found"), [(0, False), (1, False), (5, True), (29, True), (31, False)]
)
def test_nothing_of_a_part_is_begun_while_a_payment_of_it_is_being_checked(minutes, is_found):
    picture = _checked(outcome="nothing_came", amount_cents=0)
    odd = picture["payments"][-1]
    later = {**odd, "id": "later", "state": "refused", "started_at": NOW + timedelta(minutes=minutes)}
    del later["quarantine"]
    picture["payments"].append(later)
    assert ("attempt later began while odd was being checked" in findings(picture)) is is_found


def test_a_payment_of_a_desk_needs_no_attempt():
    picture = copy.deepcopy(_sound())
    _moved(picture)
    picture["payments"].pop(0)
    del picture["received"][0]["attempt_id"]
    assert findings(picture) == []
