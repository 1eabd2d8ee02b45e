"""A town of fakes with three activities, two families and the seats of one Monday, for tests of doors."""

from dataclasses import replace
from datetime import date, time
from zoneinfo import ZoneInfo

from booking.basket import doors as basket
from booking.basket.contract import ChangeDraft, DraftNamed, OpenDraft
from booking.basket.model import Movement
from booking.confirmations.contract import Cancel, Confirm
from booking.confirmations.doors import cancelling, confirming
from booking.copies.model import Child, Organisation
from booking.offer.model import (
    Activity,
    Centre,
    DaysOff,
    DeadlineRule,
    Gauge,
    Offer,
    OpeningPattern,
    PartOfDay,
    Period,
)
from booking.seats.model import Stamp
from booking.seats.rules.opening import seats_of_day
from booking.vocabulary import Action, ChargingMode, DayPart
from chassis.testing import person
from tests.booking.fakes.town import Town

MONDAY = date(2026, 11, 16)
ROY = person(organisation_id="town", family_id="roy", account_id="ana")
MARTIN = person(organisation_id="town", family_id="martin", account_id="eva")
ELSEWHERE = person(organisation_id="village", family_id="roy", account_id="ana")
BODY = "0" * 64


def an_activity(reference, charging_mode, places, part):
    return Activity(
        id=reference,
        organisation_id="town",
        name=reference.capitalize(),
        group="group",
        centre_ids=("verne",),
        parts=(part,),
        gauges=(Gauge("places", places),),
        waiting_max=1,
        pattern=OpeningPattern(frozenset({1})),
        booking_deadline=DeadlineRule(offset=1),
        cancelling_deadline=DeadlineRule(offset=1),
        charging_mode=charging_mode,
    )


AFTER_SCHOOL = PartOfDay(DayPart.EVENING, time(16, 30), time(18, 30))
AT_NOON = PartOfDay(DayPart.NOON, time(12), time(13, 20))
AT_FIVE = PartOfDay(DayPart.EVENING, time(17), time(18))
EVENING = an_activity("evening", ChargingMode.INVOICED, 2, AFTER_SCHOOL)
MEAL = an_activity("meal", ChargingMode.PREPAID, 1, AT_NOON)
SPORT = replace(
    an_activity("sport", ChargingMode.FREE, None, AT_FIVE),
    age_min=6,
    age_max=11,
)
OFFER = Offer(
    organisation=Organisation("town", "town", "Town", "Europe/Paris", "fr"),
    centres={"verne": Centre("verne", "École Verne")},
    activities={each.id: each for each in (EVENING, MEAL, SPORT)},
    periods=(Period("autumn", "Autumn", ("verne",), date(2026, 11, 2), date(2026, 12, 18), None, None),),
    holidays={date(2026, 11, 11): "Armistice"},
    closures=(),
)
CHILDREN = (
    Child("zoe", "town", ("roy",), "Zoé", "Roy", date(2018, 5, 2)),
    Child("leo", "town", ("roy", "martin"), "Léo", "Roy", date(2016, 5, 2)),
    Child("max", "town", ("martin",), "Max", "Martin", date(2017, 5, 2)),
)


def open_town():
    """The town, its seats opened."""
    made = Town(OFFER, *CHILDREN)
    for activity in OFFER.activities.values():
        service = (MONDAY, date(2026, 11, 2))
        day = seats_of_day(activity, "verne", service, DaysOff(), ZoneInfo("Europe/Paris"))
        made.seats.open(day, Stamp(made.clock.now()))
    return made


def movement(child, activity, action=Action.BOOK):
    return Movement(action, child, activity, "verne", MONDAY, OFFER.activities[activity].parts[0].day_part)


def reviewed(town, who, *movements):
    call = town.as_(who)
    draft_id = basket.open_draft(call, OpenDraft())["draft"]["id"]
    basket.change_draft(call, ChangeDraft(draft_id, movements, ()))
    return basket.review(call, DraftNamed(draft_id))["review"]


def confirming_of(review, key="key", body=BODY):
    return Confirm(review["draft_id"], review["quote_id"], key, body)


def confirmed(town, who, *movements, key="key"):
    review = reviewed(town, who, *movements)
    return confirming.confirm(town.as_(who), confirming_of(review, key))["confirmation"]


def cancelled(town, who, booking_id, key="cancelling"):
    return cancelling.cancel(town.as_(who), Cancel(booking_id, key, BODY))["confirmation"]


def booking_id_of(confirmation):
    return confirmation["lines"][0]["booking_id"]
