"""Importing the offer and bookings made elsewhere, opening seats, and folding the list anew."""

from datetime import date

from click.testing import CliRunner

from booking import commands
from booking.offer.model import OpenOn
from chassis.testing import eventually
from tests.booking.conftest import FILES, TOWN, an_id, movement, of_family

BOOKINGS = "child_reference;family_reference;activity_reference;centre_reference;day;day_part;state\n"


def seats_of(database, reference, day):
    activity_id = an_id("activity", reference)
    return database.seats.find_one({"organisation_id": TOWN, "day": day, "slots.activity_id": activity_id})


def run(*arguments):
    return CliRunner().invoke(commands.main, arguments, catch_exceptions=False)


def test_an_import_makes_the_offer_and_the_seats_of_every_open_day(store, mongo_database, of_town):
    offer = store.offers.read(of_town)
    assert {centre.name for centre in offer.centres.values()} == {"École Verne", "Les Abris"}
    evening = offer.activities[an_id("activity", "soir")]
    assert (evening.gauges[0].max, evening.waiting_max, evening.pattern.on) == (2, 3, OpenOn.SCHOOL_DAYS)
    assert offer.holidays == {date(2026, 11, 11): "Armistice"}
    assert seats_of(mongo_database, "soir", "2026-11-16")["gauges"] == [
        {"name": "places", "max": 2, "taken": 0}
    ]
    for closed in ("2026-11-11", "2026-11-18", "2026-12-04", "2026-12-21"):
        assert seats_of(mongo_database, "soir", closed) is None, closed


def test_a_second_import_changes_nothing(store, import_files, mongo_database):
    def picture():
        return {name: list(mongo_database[name].find().sort("_id", 1)) for name in ("seats", "activities")}

    before = picture()
    assert import_files(**FILES).exit_code == 0
    assert picture() == before


def test_a_bad_line_is_told_with_its_reason_and_leaves_the_others(people, import_files, of_town):
    activities = FILES["activities"].replace("2 hours;2 hours", "2 hours;whenever")
    result = import_files(
        **{
            **FILES,
            "activities": activities,
            "periods": FILES["periods"] + "p3;Nowhere;moon;2027-03-01;2027-03-31;;\n",
            "holidays": FILES["holidays"] + "2026-13-25;Noël\n",
        }
    )
    assert result.exit_code == 1
    assert "activities.csv, line 4" in result.stderr
    assert "periods.csv, line 4, centre_references: No centre has this reference." in result.stderr
    assert "holidays.csv, line 3, day" in result.stderr
    offer = people.offers.read(of_town)
    assert (len(offer.activities), len(offer.periods), len(offer.holidays)) == (2, 2, 1)


def test_an_organisation_that_was_never_heard_of_is_not_imported(mongo_database, import_files):
    result = import_files("valmont", **FILES)
    assert result.exit_code == 1
    assert "not known here yet" in result.output


def test_bookings_made_elsewhere_stand_in_the_order_of_the_file(store, import_files, mongo_database):
    rows = BOOKINGS + "".join(
        f"{child};{family};repas;verne;2026-11-16;noon;{state}\n"
        for child, family, state in (
            ("leo", "roy", "accepted"),
            ("max", "martin", "waitlisted"),
            ("zoe", "roy", "waitlisted"),
        )
    )
    for _ in range(2):
        result = import_files(bookings=rows)
        assert result.exit_code == 0, result.output
        day = seats_of(mongo_database, "repas", "2026-11-16")
        assert [entry["child_id"] for entry in day["taken"]] == [an_id("child", "leo")]
        assert [entry["child_id"] for entry in day["waiting"]] == [
            an_id("child", "max"),
            an_id("child", "zoe"),
        ]


def test_who_waited_for_a_day_that_is_over_is_not_brought_over(store, import_files, mongo_database):
    rows = BOOKINGS + "".join(
        f"{child};{family};repas;verne;2026-11-05;noon;{state}\n"
        for child, family, state in (("leo", "roy", "accepted"), ("max", "martin", "waitlisted"))
    )
    for _ in range(2):
        result = import_files(bookings=rows)
        assert result.exit_code == 0, result.output
    day = seats_of(mongo_database, "repas", "2026-11-05")
    assert (len(day["taken"]), day["waiting"], day["gone"]) == (1, [], [])


def test_a_booking_that_names_nothing_known_is_told(store, import_files):
    result = import_files(
        bookings=BOOKINGS
        + "who;roy;repas;verne;2026-11-16;noon;accepted\n"
        + "zoe;roy;chess;verne;2026-11-16;noon;accepted\n"
        + "zoe;roy;repas;abris;2026-11-16;noon;accepted\n"
        + "zoe;roy;repas;verne;2026-11-16;evening;accepted\n"
        + "zoe;roy;repas;verne;2026-11-18;noon;accepted\n"
        + "zoe;roy;repas;verne;2026-11-16;noon;waitlisted\n"
    )
    assert result.exit_code == 1
    columns = [line.split(", ")[2].split(":")[0] for line in result.stderr.splitlines()]
    assert columns == [
        "child_reference",
        "activity_reference",
        "centre_reference",
        "day_part",
        "day",
        "state",
    ]


def test_a_lower_capacity_evicts_nobody_and_a_higher_one_promotes(store, import_files, mongo_database):
    rows = "".join(
        f"{child};roy;soir;verne;2026-11-16;evening;{state}\n"
        for child, state in (("zoe", "accepted"), ("leo", "accepted"), ("max", "waitlisted"))
    )
    import_files(bookings=BOOKINGS + rows)
    for capacity, taken in ((1, 2), (3, 3)):
        changed = FILES["activities"].replace("16:30;18:30;2;3", f"16:30;18:30;{capacity};3")
        assert import_files(activities=changed).exit_code == 0
        assert len(seats_of(mongo_database, "soir", "2026-11-16")["taken"]) == taken


def test_seats_are_opened_again_by_a_command_of_its_own(store, mongo_database):
    mongo_database.seats.delete_many({})
    result = run("open-seats", "--organisation", "carteville")
    assert result.exit_code == 0
    assert mongo_database.seats.count_documents({}) == int(result.output.split()[0])


def test_the_list_can_be_folded_anew(store, mongo_database):
    told = {"name": "booking_accepted", "sequence": 4, "at": None, "data": {"how": "booked"}}
    mongo_database.bookings.insert_one(
        {"_id": "b", "organisation_id": TOWN, "state": "held", "rank": 2, "held_until": None, "sequence": 1,
         "history": [told]}
    )  # fmt: skip
    assert run("replay-projection").output.startswith("1 ")
    row = mongo_database.bookings.find_one({"_id": "b"})
    assert (row["state"], row["rank"], row["sequence"]) == ("accepted", None, 4)
    assert run("replay-projection").output.startswith("0 ")


def test_a_sweep_frees_what_was_held_too_long(store, import_files, mongo_database, clock):
    import_files(bookings=BOOKINGS + "zoe;roy;repas;verne;2026-11-16;noon;accepted\n")
    day = seats_of(mongo_database, "repas", "2026-11-16")
    held = {"taken.0.state": "held", "taken.0.held_until": clock.now(), "next_expiry_at": clock.now()}
    mongo_database.seats.update_one({"_id": day["_id"]}, {"$set": held})
    assert run("sweep").output.startswith("1 ")
    assert seats_of(mongo_database, "repas", "2026-11-16")["taken"] == []
    assert run("sweep").output.startswith("0 ")


def test_what_stands_is_republished_under_the_sequence_of_its_booking(booking, mongo_database):
    roy = of_family("roy")
    kept = booking.confirmed(roy, movement("zoe", "soir", "2026-11-16"))["lines"][0]["booking_id"]
    given_up = booking.confirmed(roy, movement("zoe", "soir", "2026-11-17"))["lines"][0]["booking_id"]
    booking.confirmed(roy, movement("zoe", "repas", "2026-11-16"))  # held: billing was asked about it
    booking.cancelled(roy, given_up)
    eventually(lambda: sorted(s for _, s in booking.states(roy)) == ["accepted", "cancelled", "held"])
    book = {row["_id"]: row for row in mongo_database.bookings.find()}
    for organisation in ("carteville", "all"):
        before = mongo_database.outbox.distinct("_id")
        output = run("republish", "--organisation", organisation).output
        assert output == "events about bookings to be sent: 2\n"
        told = {row["aggregate_id"]: row for row in mongo_database.outbox.find({"_id": {"$nin": before}})}
        assert {key: (row["name"], row["sequence"]) for key, row in told.items()} == {
            kept: ("booking_accepted", book[kept]["sequence"]),
            given_up: ("booking_cancelled", book[given_up]["sequence"]),
        }
        assert told[given_up]["data"]["was"] == "accepted"
        assert told[kept]["occurred_at"] == book[kept]["history"][-1]["at"]
    # Sent by the running service, which checks every event against its contract.
    eventually(lambda: mongo_database.outbox.count_documents({"pending": {"$exists": True}}) == 0)
    assert run("republish", "--organisation", "valmont").output == "events about bookings to be sent: 0\n"
