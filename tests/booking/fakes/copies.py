"""What booking keeps of others, what is offered and what was decided: dicts, and an offer as it is given."""

from dataclasses import replace

from booking.offer.model import BookingSettings
from chassis.values.errors import Refused


class FakeOrganisations:
    def __init__(self):
        self.kept = {}

    def keep(self, scope, organisation, sequence):
        self.kept[scope.organisation_id] = (organisation, sequence)

    def find(self, scope):
        found = self.kept.get(scope.organisation_id)
        return found and found[0]


class FakeOffers:
    def __init__(self, offer):
        self.offer = offer

    def read(self, scope):
        return self.offer if scope.organisation_id == self.offer.organisation.id else None

    def known(self, scope):
        if self.read(scope) is None:
            raise Refused("not_found", "the organisation is not known here")
        return self.offer


class FakeSettings:
    def __init__(self):
        self.decided = BookingSettings()

    def read(self, _scope):
        return self.decided


class FakeChildren:
    def __init__(self, *children):
        self.kept = {child.id: child for child in children}

    def keep(self, _scope, child, _sequence):
        self.kept[child.id] = child

    def keep_enrolment(self, _scope, child_id, _enrolment_id, enrolment, _sequence):
        self.kept[child_id] = replace(self.kept[child_id], enrolments=(enrolment,))

    def of_family(self, scope):
        return [each for each in self.kept.values() if {*scope.family_ids} & {*each.family_ids}]

    def names(self, scope):
        return {child.id: child.name for child in self.of_family(scope)}

    def current(self, scope):
        return {child.id: child for child in self.of_family(scope)}

    def own(self, scope, child_ids):
        found = {child_id: self.current(scope).get(child_id) for child_id in child_ids}
        if None in found.values():
            raise Refused("not_found", "no such child")
        return found
