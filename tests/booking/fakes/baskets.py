"""Drafts, and the confirmations that they become: dicts."""

from dataclasses import replace
from functools import partial

from booking.basket.model import BasketState, Draft
from booking.confirmations.store import ChildrenBusyError
from booking.vocabulary import Action, SettlementState


class FakeDrafts:
    def __init__(self):
        self.open_ones = {}

    def open(self, scope, fresh, now):
        whose = (fresh.account_id, scope.family_id)
        mine = [one for one in self.open_ones.values() if (one.account_id, one.family_id) == whose]
        if not mine:
            made = Draft(fresh.id, scope.organisation_id, fresh.account_id, 0, (), now)
            mine = [replace(made, family_id=scope.family_id)]
            self.open_ones[fresh.id] = mine[0]
        return mine[0]

    def find(self, scope, key):
        found, whose = self.open_ones.get(key.id), (key.account_id, scope.family_id)
        return found if found and (found.account_id, found.family_id) == whose else None

    def keep_movements(self, scope, draft, movements, now):
        return self._keep(
            scope, draft, movements=tuple(movements), review=None, updated_at=now, version=draft.version + 1
        )

    def keep_review(self, scope, draft, review):
        return self._keep(scope, draft, review=review) is not None

    def close(self, scope, key, _now):
        return self.find(scope, key) is not None and self.open_ones.pop(key.id) is not None

    def _keep(self, scope, draft, **changes):
        found = self.find(scope, draft.key)
        if found is None or found.version != draft.version:
            return None
        self.open_ones[draft.id] = replace(self.open_ones[draft.id], **changes)
        return self.open_ones[draft.id]


class FakeConfirmations:
    """The confirmations, and the baskets that they are made of."""

    def __init__(self, drafts, seats):
        self.kept, self.told, self.settle_at, self.drafts, self.seats = {}, [], {}, drafts, seats

    def asked(self, scope, key, basket):
        return self.asked_as(scope, key) or self.drafts.find(scope, basket)

    def asked_as(self, scope, name):
        found = filter(None, map(partial(self.find, scope), self.kept))
        return next((one for one in found if one.asked_as == name), None)

    def begin(self, scope, confirmation, basket=None):
        children = {line.facts.child_id for line in confirmation.lines}
        if self.asked_as(scope, confirmation.asked_as) or self.open_for(scope, children):
            return False
        if basket is not None and self.drafts.open_ones.get(basket.id) != basket:
            return False
        self.drafts.open_ones.pop(basket and basket.id, None)
        self.kept[confirmation.id] = confirmation
        return True

    def in_turn(self, scope, turn, work):
        if self.open_for(scope, turn.child_ids):
            raise ChildrenBusyError(turn.id)
        return work(self.seats)

    def resume(self, _scope, confirmation_id):
        return self.kept.get(confirmation_id)

    def find(self, scope, confirmation_id):
        found = self.kept.get(confirmation_id)
        return found if found and found.family_id in scope.family_ids else None

    def of_booking(self, _scope, booking_id):
        return next(
            (
                one
                for one in self.kept.values()
                for line in one.lines
                if (line.booking_id, line.action) == (booking_id, Action.BOOK)
            ),
            None,
        )

    def open_for(self, _scope, child_ids):
        return next(
            (
                one
                for one in self.kept.values()
                if one.state is BasketState.CONFIRMING
                and {line.facts.child_id for line in one.lines} & set(child_ids)
            ),
            None,
        )

    def take_over(self, _scope, confirmation_id, now, lease_until):
        found = self.kept.get(confirmation_id)
        if found is None or found.state is not BasketState.CONFIRMING or found.lease_until > now:
            return None
        self.kept[confirmation_id] = replace(found, lease_until=lease_until)
        return self.kept[confirmation_id]

    def give_back(self, _scope, confirmation, now):
        self.kept[confirmation.id] = replace(self.kept[confirmation.id], lease_until=now)

    def answer(self, _scope, confirmation, events, settle_at):
        if self.kept[confirmation.id].state is not BasketState.CONFIRMING:
            return False
        self.kept[confirmation.id] = confirmation
        self.told += events
        self._settle(confirmation.id, settle_at)
        return True

    def keep_money(self, _scope, confirmation_id, money, settle_at):
        if self.kept[confirmation_id].money.state is not SettlementState.SETTLED:
            self.kept[confirmation_id] = replace(self.kept[confirmation_id], money=money)
            self._settle(confirmation_id, settle_at)

    def page(self, scope, _before, limit):
        own = (one for one in self.kept.values() if one.family_id in scope.family_ids)
        return sorted(own, key=lambda one: (one.asked_at, one.id), reverse=True)[:limit]

    def unanswered(self, now, limit):
        waiting = (one for one in self.kept.values() if one.state is BasketState.CONFIRMING)
        return [one for one in waiting if one.lease_until <= now][:limit]

    def unsettled(self, now, limit):
        return [self.kept[each] for each, at in self.settle_at.items() if at <= now][:limit]

    def next_due(self, after):
        waiting = [one.lease_until for one in self.kept.values() if one.state is BasketState.CONFIRMING]
        return min((at for at in (*waiting, *self.settle_at.values()) if at > after), default=None)

    def _settle(self, confirmation_id, settle_at):
        self.settle_at.pop(confirmation_id, None)
        if settle_at is not None:
            self.settle_at[confirmation_id] = settle_at


class FakeNumbers:
    def __init__(self):
        self.last = 0

    def take(self, _scope, year, count):
        self.last += count
        return [f"{year}-{number:06d}" for number in range(self.last - count + 1, self.last + 1)]
