"""A small town whose offer is imported as by an operator, and the service beside a fake billing."""

import hashlib
import itertools
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from booking import commands
from booking.copies.model import Child, Enrolment, Organisation
from booking.service import Booking
from booking.settings import settings
from chassis.testing import Caller, FrozenClock, person, running
from chassis.values.ids import named_id
from chassis.values.scope import Scope
from tests.booking.fake_billing import Billing
from tests.booking.memory import opened
from tests.booking.small_town import open_town

TOWN = named_id("", "organisation", "carteville")
SCHOOL_YEAR = "2026-2027"
# A Monday morning; every deadline of the files below lies before the days that the tests book.
NOW = datetime(2026, 11, 9, 8, tzinfo=UTC)

FILES = {
    "centres": "reference;name\nverne;École Verne\nabris;Les Abris\n",
    "activities": (
        "reference;name;group;centre_references;day_part;arrives_at;leaves_at;capacity;waiting_max;decision_mode;"
        "charging_mode;needs_enrolment;age_min;age_max;weekdays;on;booking_deadline;cancelling_deadline\n"
        "soir;Accueil du soir;Périscolaire;verne;evening;16:30;18:30;2;3;instant;invoiced;yes;2;12;1|2|4|5;"
        "school_days;1 day before 09:00 counting Mon-Fri skip_holidays;1 day before 09:00 counting Mon-Fri\n"
        "repas;Repas;Restauration;verne;noon;12:00;13:20;1;2;instant;prepaid;no;;;1|2|4|5;school_days;"
        "1 day before 09:00 counting Mon-Fri;2 days before 24:00 counting Mon-Thu\n"
        "sport;Sport;Sport;abris;evening;17:00;18:00;;0;instant;free;no;6;11;1|4;school_days;"
        "2 hours;2 hours\n"
    ),
    "periods": (
        "reference;name;centre_references;starts_on;ends_on;opens_on;closes_on\n"
        "p1;Automne;verne|abris;2026-11-02;2026-12-18;2026-10-01;2026-12-18\n"
        "p2;Hiver;verne|abris;2027-01-04;2027-02-12;2026-12-01;2027-02-12\n"
    ),
    "holidays": "day;name\n2026-11-11;Armistice\n",
    "closures": (
        "centre_reference;starts_on;ends_on;name;kind\n"
        "verne;2026-12-04;2026-12-04;Formation;closure\n"
        ";2026-12-19;2027-01-03;Noël;school_holiday\n"
    ),
}
CHILDREN = {
    "zoe": (("roy",), "Zoé", "Roy", date(2018, 5, 2)),
    "leo": (("roy", "martin"), "Léo", "Roy", date(2016, 5, 2)),
    "max": (("martin",), "Max", "Martin", date(2017, 5, 2)),
    "ida": (("petit",), "Ida", "Petit", date(2019, 5, 2)),
}


def an_id(kind, reference):
    return named_id(TOWN, kind, reference)


def of_family(reference, account=None):
    return person(
        organisation_id=TOWN,
        family_id=an_id("family", reference),
        account_id=an_id("account", account or reference),
    )


def scope_of(context):
    """What a family's own context may reach."""
    return Scope(context.organisation_id, context.family_id)


def movement(child, activity, day, action="book"):
    centre, day_part = {
        "soir": ("verne", "evening"),
        "repas": ("verne", "noon"),
        "sport": ("abris", "evening"),
    }[activity]
    return {
        "action": action,
        "child_id": an_id("child", child),
        "activity_id": an_id("activity", activity),
        "centre_id": an_id("centre", centre),
        "day": day,
        "day_part": day_part,
    }


@pytest.fixture
def town():
    """A town of fakes, for doors in milliseconds."""
    return open_town()


@pytest.fixture
def of_town():
    return Scope(TOWN)


@pytest.fixture
def import_files(mongo_database, tmp_path, clock, monkeypatch):
    """Import what is given; a file that is not given is absent."""
    monkeypatch.setattr(commands, "Clock", lambda: clock)

    def run(organisation="carteville", **files):
        for path in tmp_path.iterdir():
            path.unlink()
        for name, content in files.items():
            (tmp_path / f"{name}.csv").write_text(content, encoding="utf-8")
        arguments = ["import", str(tmp_path), "--organisation", organisation, "--wait", "0"]
        return CliRunner().invoke(commands.main, arguments, catch_exceptions=False)

    return run


@pytest.fixture
def people(mongo_database, of_town):
    """The organisation and its children, as their services have told of them."""
    store = opened(mongo_database)
    store.organisations.keep(of_town, Organisation(TOWN, "carteville", "Carteville", "Europe/Paris", "fr"), 1)
    for reference, (families, first_name, last_name, birth_on) in CHILDREN.items():
        child_id = an_id("child", reference)
        family_ids = tuple(an_id("family", family) for family in families)
        store.children.keep(of_town, Child(child_id, TOWN, family_ids, first_name, last_name, birth_on), 1)
        enrolment = Enrolment(an_id("activity", "soir"), SCHOOL_YEAR, "accepted")
        if reference != "ida":
            store.children.keep_enrolment(of_town, child_id, an_id("enrolment", reference), enrolment, 1)
    return store


@pytest.fixture
def store(people, import_files):
    result = import_files(**FILES)
    assert result.exit_code == 0, result.output
    return people


@pytest.fixture
def clock():
    return FrozenClock(NOW)


@pytest.fixture(scope="module", autouse=True)
def patient():
    """Billing may take as long as a busy machine needs: what a silent one means, a test says itself."""
    with pytest.MonkeyPatch.context() as here:
        for name in ("BOOKING_QUOTE_TIMEOUT_S", "BOOKING_SETTLE_TIMEOUT_S"):
            here.setenv(name, "60")
        settings.cache_clear()
        yield
    settings.cache_clear()


@pytest.fixture
def billing(broker):
    """Billing as booking sees it, with prices and answers that a test decides."""
    Billing.answers.reset()
    with running(Billing):
        yield Billing.answers


@pytest.fixture
def booking(broker, store, billing, clock, mongo_database):
    """The running service: `ask(method, context, request)`, and a family's way through a basket."""
    with running(Booking, MONGODB_DATABASE=mongo_database.name, clock=clock), Caller() as caller:
        yield Town(caller, store, clock, mongo_database)


class Town(SimpleNamespace):
    """What a test does in the town."""

    keys = itertools.count(1)

    def __init__(self, caller, store, clock, database):
        super().__init__(caller=caller, store=store, clock=clock, database=database)

    def ask(self, method, context, **request):
        return self.caller.call("booking", method, context, request)

    def reviewed(self, context, *movements):
        draft_id = self.ask("open_draft", context)["draft"]["id"]
        self.ask("change_draft", context, draft_id=draft_id, add=list(movements))
        return self.ask("review", context, draft_id=draft_id)["review"]

    def confirming(self, review, key=None):
        key = key or f"key-{next(self.keys)}"
        body = hashlib.sha256(f"{review['draft_id']} {review['quote_id']}".encode()).hexdigest()
        return {
            "draft_id": review["draft_id"],
            "quote_id": review["quote_id"],
            "key": key,
            "body_sha256": body,
        }

    def confirmed(self, context, *movements):
        review = self.reviewed(context, *movements)
        return self.ask("confirm", context, **self.confirming(review))["confirmation"]

    def cancelled(self, context, booking_id, key=None):
        body = hashlib.sha256(booking_id.encode()).hexdigest()
        key = key or f"key-{next(self.keys)}"
        answer = self.ask("cancel", context, booking_id=booking_id, key=key, body_sha256=body)
        return answer["confirmation"]

    def states(self, context, **filters):
        found = self.ask("list_bookings", context, **filters)["data"]
        return [(booking["day"], booking["state"]) for booking in found]
