"""Stores in memory, deciding by the same rules: doors run on them in microseconds (`house`)."""

from dataclasses import replace

from billing.attempts.model import FINAL_STATES, AttemptState, Debt, PaymentAttempt
from billing.attempts.rules import booking, life
from billing.attempts.rules.quarantine import quarantine_of, resolved
from billing.copies.model import Family, Issuer
from billing.credit_notes.rules import charged_to, credit
from billing.credit_notes.store import credit_note_id_of
from billing.offices.model import BillingSettings
from billing.settlements.rules import settling
from tests.billing.town import ORGANISATION


class FakeCopies:
    def __init__(self):
        self.families, self.zones, self.issued_by = {}, {}, Issuer()

    def keep_organisation(self, scope, slug, time_zone, sequence, issuer=None):
        self.zones[scope.organisation_id] = (slug, time_zone, sequence)
        self.issued_by = issuer or Issuer()

    def issuer(self, scope):
        return self.issued_by

    def time_zone(self, scope):
        return self.zones.get(scope.organisation_id, ("", "Europe/Paris", 0))[1]

    def keep_family(self, scope, family_id, family, sequence):
        self.families[family_id] = family

    def family(self, scope, family_id):
        return self.families.get(family_id, Family())


class FakeSettings:
    def __init__(self):
        self.decided = BillingSettings()

    def read(self, scope):
        return self.decided


class FakeWallets:
    def __init__(self, *wallets):
        self.wallets = wallets

    def all(self, scope, groups=None):
        groups = None if groups is None else set(groups)
        return [each for each in self.wallets if groups is None or each.activity_group in groups]


class FakeTariffs:
    def __init__(self, *tariffs):
        self.tariffs = tariffs

    def of(self, scope, activity_ids):
        asked = set(activity_ids)
        return [each for each in self.tariffs if each.activity_id in asked]


class FakeQuotes:
    def __init__(self):
        self.kept = {}

    def keep(self, scope, quote):
        return self.kept.setdefault(quote.id, quote)

    def get(self, scope, quote_id):
        return self.kept.get(quote_id)


class FakeLedger:
    def __init__(self):
        self.by_wallet = {}

    def balances(self, scope, family_id):
        return self.by_wallet


class FakeCreditNotes:
    def __init__(self):
        self.charged, self.notes = {}, {}

    def charges(self, scope, booking_ids):
        return {each: self.charged[each] for each in booking_ids if each in self.charged}

    def free(self, scope, family_id):
        return [each for each in self.history(scope, family_id) if each.left_cents]

    def of_other_files(self, scope, family_id, uses):
        owners = {use.credit_note_id: self.notes[use.credit_note_id].family_id for use in uses}
        return {name: owner for name, owner in owners.items() if owner != family_id}

    def of_bookings(self, scope, family_id, booking_ids):
        wanted = {credit_note_id_of(each) for each in booking_ids}
        return [each for each in self.history(scope, family_id) if each.id in wanted]

    def get(self, scope, family_id, credit_note_id):
        return next((each for each in self.history(scope, family_id) if each.id == credit_note_id), None)

    def history(self, scope, family_id):
        return [each for each in self.notes.values() if each.family_id in scope.file_of(family_id)]

    def credit(self, scope, booking_id, reason, stamp):
        charge = self.charged.get(booking_id)
        if charge is None:
            return False
        moved = credit(charge, credit_note_id_of(booking_id), reason, stamp.at)
        self.carry_out(moved)
        return bool(moved.issued)

    def carry_out(self, moved):
        for note in moved.issued:
            self.notes[note.id] = replace(note, number=f"A-{len(self.notes) + 1}")
        for use in moved.used:
            note = self.notes[use.credit_note_id]
            self.notes[note.id] = replace(note, left_cents=note.left_cents - use.amount_cents)
        self.charged |= {charge.booking_id: charge for charge in moved.charged}
        for booking_id, cents in moved.credited:
            charge = self.charged[booking_id]
            self.charged[booking_id] = replace(charge, credited_cents=charge.credited_cents + cents)


class FakeSettlements:
    def __init__(self, notes):
        self.notes, self.kept = notes, {}

    def settle(self, scope, order, stamp):
        if order.settlement_id not in self.kept:
            named = self.notes.charges(scope, [each.booking_id for each in order.cancelled])
            charges = charged_to(named, scope.file_of(order.family_id))
            free = self.notes.free(scope, order.family_id)
            self._carry_out(settling.settle(order, charges, free, stamp.at, stamp.actor.as_document()))
        return self.kept[order.settlement_id]

    def withdraw(self, scope, booking_id, stamp, *, promoted=False):
        settlement_id = self.id_of_booking(scope, booking_id)
        if settlement_id is None:
            return False
        settlement = self.kept[settlement_id]
        uses = [use for part in settlement.parts for use in part.credits]
        others = self.notes.of_other_files(scope, settlement.family_id, uses)
        self._carry_out(settling.withdraw(settlement, booking_id, others, stamp.at))
        return True

    def id_of_booking(self, scope, booking_id):
        lines = ((each.id, line) for each in self.kept.values() for part in each.parts for line in part.lines)
        return next((name for name, line in lines if line.booking_id == booking_id), None)

    def due_of(self, scope, family_id, now):
        own = [each for each in self.kept.values() if each.family_id in scope.file_of(family_id)]
        return [each for each in own if settling.payable_parts(each, now)]

    def overdue(self, now):
        parts = [(each.id, part) for each in self.kept.values() for part in each.parts]
        return [
            (ORGANISATION, name) for name, part in parts if part.state == "due" and now >= part.held_until
        ]

    def _carry_out(self, changes):
        self.notes.carry_out(changes.moved)
        if changes.settlement:
            self.kept[changes.settlement.id] = changes.settlement


class FakePayments:
    def __init__(self):
        self.kept = {}

    def of_family(self, scope, family_id):
        return [each for each in self.kept.values() if each.family_id in scope.file_of(family_id)]

    def get(self, scope, family_id, payment_id):
        return next((each for each in self.of_family(scope, family_id) if each.id == payment_id), None)

    def of_attempt(self, scope, attempt_id):
        return self.kept.get(attempt_id)


class FakeAttempts:
    def __init__(self, settlements, payments):
        self.settlements, self.payments = settlements, payments
        self.kept, self.latest, self.released, self.stamps = {}, {}, [], []

    def get(self, scope, attempt_id):
        return self.kept.get(attempt_id)

    def begin(self, scope, ask, stamp):
        self.stamps.append(stamp)
        own = {
            name: each
            for name, each in self.settlements.kept.items()
            if each.family_id in scope.file_of(ask.family_id)
        }
        if any(name not in own for name in ask.settlement_ids):
            return "not_found"
        if earlier := self.kept.get(ask.attempt_id):
            return earlier
        owed = life.owed([own[name] for name in ask.settlement_ids or own], ask, stamp.at)
        begun = life.begin([self._debt(*each) for each in owed], ask, stamp.at)
        if isinstance(begun, PaymentAttempt):
            self.latest |= {part.settlement_id: begun.id for part in begun.parts}
            self.kept[begun.id] = begun
        return begun

    def _debt(self, settlement, part):
        checked = any(
            each.state is AttemptState.QUARANTINED and each.quarantine.resolution is None
            for each in self.kept.values()
            if each.office == part.office
        )
        return Debt(settlement, part, self.kept.get(self.latest.get(settlement.id)), checked)

    def redirect(self, scope, attempt, page, look_up_at):
        state, (reference, url) = AttemptState.REDIRECTED, page
        self.kept[attempt.id] = replace(
            attempt, state=state, provider_reference=reference, page_url=url, look_up_at=look_up_at
        )
        return self.kept[attempt.id]

    def found(self, scope, attempt_id, result, minute, stamp):
        self.stamps.append(stamp)
        outcome = life.follow(self.kept[attempt_id], result, stamp.at, minute)
        looked = replace(self.kept[attempt_id], state=outcome.state, look_up_at=outcome.look_up_at)
        if outcome.state is AttemptState.QUARANTINED:
            looked = replace(looked, quarantine=quarantine_of(result, stamp.at))
        self.kept[attempt_id] = looked
        if looked.state is AttemptState.PAID:
            money = booking.received(looked, result, stamp.at)
            self.payments.kept[attempt_id] = replace(money, receipt_number="R-1")
        return looked

    def expire(self, scope, attempt_id):
        self.kept[attempt_id] = replace(self.kept[attempt_id], state=AttemptState.EXPIRED, look_up_at=None)

    def release(self, scope, settlement_id, stamp):
        self.released.append(settlement_id)
        return True


class FakeQuarantines:
    """Says which attempts wait; what a cashier finds out is kept, the money is not booked."""

    def __init__(self, attempts):
        self.kept = attempts.kept

    def waiting(self, scope):
        return [
            each
            for each in self.kept.values()
            if each.state is AttemptState.QUARANTINED
            and each.quarantine.resolution is None
            and (scope.cash_office_ids is None or each.office.id in scope.cash_office_ids)
        ]

    def of_family(self, scope, family_id):
        return [each for each in self.waiting(scope) if each.family_id in scope.file_of(family_id)]

    def resolve(self, scope, attempt_id, resolution, stamp):
        attempt = self.kept.get(attempt_id)
        if attempt is None or scope.cash_office_ids not in (None, {attempt.office.id}):
            return "not_found"
        after = resolved(attempt, resolution)
        self.kept[attempt_id] = after or attempt
        return after or "conflict"


class FakeLooks:
    """`asked` are the attempts about which the provider was asked, in turn."""

    def __init__(self, attempts):
        self.kept, self.postponed, self.asked = attempts.kept, [], []

    def hint(self, organisation_id, provider_reference, now):
        ours = organisation_id in (None, ORGANISATION)
        all_of_them = self.kept.values() if ours else ()
        found = [each for each in all_of_them if each.provider_reference == provider_reference]
        for each in found:
            if each.state not in FINAL_STATES and not each.hinted:
                soon = max(now, each.looked_at + life.LOOK_EVERY if each.looked_at else now)
                self.kept[each.id] = replace(each, hinted=True, look_up_at=min(each.look_up_at or soon, soon))
        return found[0] if found else None

    def claim(self, scope, attempt_id, now):
        attempt = self.kept[attempt_id]
        if attempt.looked_at and now < attempt.looked_at + life.LOOK_EVERY:
            return False
        self.kept[attempt_id] = replace(
            attempt, looked_at=now, look_up_at=now + life.LOOK_EVERY, hinted=False
        )
        self.asked.append(attempt_id)
        return True

    def to_look_up(self, now):
        due = [each for each in self.kept.values() if each.look_up_at and each.look_up_at <= now]
        return [(ORGANISATION, each) for each in due]

    def postpone(self, scope, attempt_id, look_up_at):
        self.postponed.append((attempt_id, look_up_at))


class FakeConsumption:
    def __init__(self):
        self.expected, self.forgotten = [], []

    def expect(self, scope, coming):
        self.expected += coming

    def forget(self, scope, booking_id, sequence):
        self.forgotten.append((booking_id, sequence))

    def to_come(self, scope, family_id, from_on, until_on):
        own = [each.consumption for each in self.expected if each.family_id in scope.file_of(family_id)]
        return [each for each in own if from_on <= each.day <= until_on]
