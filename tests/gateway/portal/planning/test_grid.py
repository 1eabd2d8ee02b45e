from datetime import date

import pytest

from gateway.clients.billing import Price
from gateway.clients.booking import Draft, Offer
from gateway.pages import states
from gateway.portal.planning import boards, cells, grid, overview, panel
from gateway.portal.planning.grid import Series
from gateway.portal.planning.prices import Prices

ONE = Series(0, "c-1", "act-1", "ctr-1", "day")
DAY = {
    "day": "2026-11-18",
    "state": "open",
    "mark": None,
    "would": None,
    "free": None,
    "rank": None,
    "booking_id": None,
    "held_until": None,
    "booking_closes_at": None,
    "cancelling_closes_at": None,
    "reason": None,
}


@pytest.fixture(autouse=True)
def request_in_french(portal, town):
    with portal.test_request_context("/planning", headers={"Accept-Language": "fr"}):
        yield


PRICES = Prices.of([Price(activity_id="act-1", price_cents=376, valid_from="2026-09-01")])


def reader(*, aggregate=False, prices=None):
    return grid.reader("fr", "Europe/Paris", date(2026, 11, 16), prices, aggregate=aggregate)


def shown(plan=None, notes=None, *, read=None, **day):
    return grid.cell({**DAY, **day}, ONE, plan or {}, read or reader(), notes)


def why(notes=None, **day):
    """Return the sheet that a day leads to."""
    read = reader()
    name = shown(notes=notes, read=read, **day).why
    return next(found for found, called in read.whys.found.items() if called == name)


@pytest.mark.parametrize(
    ("state", "icons", "word", "value"),
    [
        ("closed", ("dash-lg",), "Fermé", None),
        ("full", ("slash-circle",), "Complet", None),
        ("open", ("plus-lg",), "Libre", "b0.2026-11-18"),
        ("waiting_open", ("hourglass",), "Liste d\u2019attente", "b0.2026-11-18"),
        ("booked", ("check-lg",), "Réservé", "c0.2026-11-18"),
        ("waitlisted", ("hourglass-split",), "En attente", "c0.2026-11-18"),
        ("booked_locked", ("check-lg", "lock-fill"), "Réservé", None),
        ("waitlisted_locked", ("hourglass-split", "lock-fill"), "En attente", None),
    ],
)
def test_each_of_the_eight_states_has_colour_icon_and_words(state, icons, word, value):
    found = shown(state=state)
    assert (found.css, found.icons, found.word, found.value) == (state, icons, word, value)


@pytest.mark.parametrize(
    ("state", "css", "name"),
    [
        ("none_open", "closed", "Aucune activité ouverte"),
        ("all_full", "full", "Tout est complet"),
        ("some_open", "open", "Réservation possible"),
        ("some_waiting", "waiting_open", "Places ou liste d\u2019attente"),
        ("booked", "booked", "Réservé, modifiable"),
        ("booked_waiting", "waitlisted", "Réservé, avec liste d\u2019attente"),
        ("booked_locked", "booked_locked", "Réservé, figé"),
        ("booked_waiting_locked", "waitlisted_locked", "Réservé avec liste d\u2019attente, figé"),
    ],
)
def test_all_activities_together_use_the_same_colours_with_words_of_their_own(state, css, name):
    day = {"day": "2026-11-18", "state": state}
    found = overview.aggregate_cell(day, 0, 0, reader(aggregate=True), {}, href="/day?day=")
    assert found.css == css
    assert found.href == "/day?day=2026-11-18"
    assert states.looks("fr", aggregate=True)[state].name == name


@pytest.mark.parametrize(
    ("own", "word", "extra"),
    [
        ({"booked"}, "Réservé", "une autre est complète"),
        ({"booked", "waitlisted"}, "Réservé, liste", ""),
        (set(), "Réservé, liste", ""),
    ],
)
def test_a_day_says_first_how_the_child_stands_and_then_that_something_else_is_full(own, word, extra):
    day = {"day": "2026-11-18", "state": "booked_waiting"}
    found = overview.aggregate_cell(day, 0, 0, reader(aggregate=True), None, href="/", own=own)
    assert (found.css, found.word, found.extra) == ("waitlisted", word, extra)


@pytest.mark.parametrize(
    ("mark", "icon", "word"),
    [
        ("held", "coin", "À payer"),
        ("requested", "clock", "Demande en attente"),
        ("submitted", "inbox", "En attente d\u2019attribution"),
        ("cancellation_requested", "x-lg", "Annulation demandée"),
    ],
)
def test_a_mark_stands_on_the_colour_of_booked(mark, icon, word):
    found = shown(state="booked", mark=mark)
    assert found.css == "booked"
    assert icon in found.icons
    assert found.word == word


@pytest.mark.parametrize(
    ("state", "action", "word", "value"),
    [
        ("open", "book", "À réserver", "B0.2026-11-18"),
        ("waiting_open", "book", "À réserver", "B0.2026-11-18"),
        ("booked", "cancel", "À annuler", "C0.2026-11-18"),
        ("full", "book", "À réserver", "B0.2026-11-18"),
    ],
)
def test_the_draft_lies_over_the_state_and_can_be_taken_back(state, action, word, value):
    found = shown({ONE.key("2026-11-18"): action}, state=state)
    assert (found.css, found.icons, found.word) == (f"draft draft-{action}", ("pencil",), word)
    assert found.why == ""
    assert found.value == value


@pytest.mark.parametrize(
    ("day", "extra"),
    [
        ({"free": 1}, "1 place"),
        ({"free": 12}, "12 places"),
        ({"would": "requested"}, "sur demande"),
        ({"would": "held"}, ""),
        ({"state": "waitlisted", "rank": 2}, "rang 2"),
        ({"state": "closed", "reason": "past_deadline"}, ""),
    ],
)
def test_a_day_says_how_many_seats_or_which_rank(day, extra):
    assert shown(**day).extra == extra


@pytest.mark.parametrize(
    ("would", "icons", "brief", "extra"),
    [
        ("accepted", ("pencil",), "3,76\u00a0€", "3,76\u00a0€"),
        ("held", ("pencil",), "3,76\u00a0€", "3,76\u00a0€"),
        ("requested", ("pencil",), "3,76\u00a0€", "3,76\u00a0€, sur demande"),
        ("submitted", ("pencil",), "3,76\u00a0€", "3,76\u00a0€, attribution plus tard"),
        ("waitlisted", ("pencil", "hourglass"), "liste", "liste d\u2019attente"),
    ],
)
def test_a_chosen_day_says_what_it_costs_and_what_will_become_of_it(would, icons, brief, extra):
    found = shown({ONE.key("2026-11-18"): "book"}, read=reader(prices=PRICES), free=3, would=would)
    assert (found.icons, found.brief, found.extra) == (icons, brief, extra)


def test_a_day_that_is_given_back_says_what_comes_back():
    read = reader(prices=PRICES)
    assert shown({ONE.key("2026-11-18"): "cancel"}, read=read, state="booked").brief == "\u22123,76\u00a0€"
    assert shown({ONE.key("2026-11-18"): "cancel"}, read=read, state="waitlisted").brief == "annuler"


@pytest.mark.parametrize(
    ("day", "brief"),
    [
        ({"free": 9}, "9 pl."),
        ({}, "libre"),
        ({"state": "waiting_open"}, "liste"),
        ({"state": "full"}, "complet"),
        ({"state": "waitlisted", "rank": 2}, "rang 2"),
        ({"state": "booked"}, ""),
        ({"state": "booked", "mark": "held"}, "payer"),
        ({"state": "closed", "reason": "past_deadline"}, "délai"),
    ],
)
def test_a_phone_shows_seats_and_ranks_too(day, brief):
    assert shown(**day).brief == brief


def test_a_closed_day_says_why():
    found = why(state="closed", reason="past_deadline", booking_closes_at="2026-11-13T08:00:00Z")
    assert found.title == "mercredi 18 novembre"
    assert found.word == "Délai passé"
    assert found.said == "On pouvait réserver jusqu\u2019au vendredi 13 novembre à 9\u00a0h."
    assert found.advice
    assert why(notes={"holiday": "Noël", "closure": None}, state="closed").title == "Noël"
    assert why(state="closed", reason="not_enrolled").said == "L\u2019enfant n\u2019est pas inscrit."


def test_a_full_day_says_what_can_still_be_done_and_until_when():
    found = why(state="full", booking_closes_at="2026-11-17T08:00:00Z")
    assert "liste d\u2019attente" in found.said
    assert "jusqu\u2019au mardi 17 novembre à 9\u00a0h" in found.advice


def test_a_locked_day_says_since_when_or_that_the_other_family_booked_it():
    found = why(state="booked_locked", booking_id="b-1", cancelling_closes_at="2026-11-16T23:00:00Z")
    assert found.said == "On pouvait annuler jusqu\u2019au lundi 16 novembre à minuit."
    assert "ne peut plus" in why(state="booked_locked", booking_id="b-1").said
    assert "autre famille" in why(state="booked_locked").said


def test_days_of_which_the_same_is_to_be_said_share_a_sheet():
    read = reader()
    first = shown(read=read, state="closed", reason="not_open").why
    assert shown(read=read, state="closed", reason="not_open", day="2026-11-19").why == first
    assert len(read.whys.found) == 1


@pytest.mark.parametrize(
    ("day", "until"),
    [
        (
            {"booking_closes_at": "2026-11-17T08:00:00Z"},
            "réservable jusqu\u2019au mardi 17 novembre à 9\u00a0h",
        ),
        (
            {"state": "booked", "cancelling_closes_at": "2026-11-16T23:00:00Z"},
            "annulable jusqu\u2019au lundi 16 novembre à minuit",
        ),
        ({"state": "booked_locked", "cancelling_closes_at": "2026-11-16T23:00:00Z"}, ""),
    ],
)
def test_a_day_says_until_when_it_can_be_changed(day, until):
    assert shown(**day).until == until


@pytest.mark.parametrize("draw", [cells.day, cells.slot])
def test_the_name_of_a_day_says_everything_that_is_seen(draw):
    html = draw(shown(free=3, booking_closes_at="2026-11-17T08:00:00Z"))
    for text in ("mercredi 18 novembre", "Libre", "3 places", 'title="réservable jusqu\u2019au'):
        assert text in html


@pytest.mark.parametrize("draw", [cells.day, cells.slot])
def test_a_name_from_elsewhere_is_escaped(draw):
    assert "<i>" not in draw(shown(notes={"holiday": "<i>x", "closure": None}, state="closed"))
    assert "<i>" not in draw(grid.cell(DAY, ONE, {}, reader(), who="<i>y"))


def test_every_day_that_cannot_be_chosen_opens_a_sheet():
    for state in ("closed", "full", "booked_locked", "waitlisted_locked"):
        assert 'popovertarget="why-' in cells.day(shown(state=state))


def test_weeks_run_from_monday_to_sunday():
    rows = boards.weeks(date(2026, 11, 1), date(2026, 11, 30))
    assert rows[0][0] == "2026-10-26"
    assert rows[-1][-1] == "2026-12-06"
    assert all(len(row) == 7 for row in rows)


def month(**by_state):
    """Return the cells of November 2026: closed for ever, but for the days that are named."""
    days = {f"2026-11-{number:02d}": "closed" for number in range(1, 31)}
    days |= {f"2026-11-{number:02d}": state for state, numbers in by_state.items() for number in numbers}
    return {
        on: shown(day=on, state=state, reason="not_open" if state == "closed" else None)
        for on, state in days.items()
    }


def test_only_weekdays_that_mean_something_are_columns():
    assert boards.columns_of(month(open=[18, 25], booked=[20])) == (2, 4)
    assert boards.columns_of(month()) == (0, 1, 2, 3, 4)


def test_weeks_of_nothing_are_one_row_that_says_why():
    cells = month(open=[18])
    notes = {"2026-11-24": {"holiday": None, "closure": "Travaux", "school_holiday": None}}
    span = (date(2026, 11, 1), date(2026, 11, 30))
    past, week, closed = boards.rows_of(span, (2,), cells, notes, reader())
    assert (past.name, past.said) == ("Passé", "1er\u00a0novembre \u2013 15\u00a0novembre")
    assert [number for number, _ in week.cells] == [18]
    assert (closed.name, closed.said) == ("Travaux", "23\u00a0novembre \u2013 30\u00a0novembre")


def test_a_legend_explains_what_is_on_the_page_alone():
    colours, icons = boards.states_shown([shown(), shown(state="booked", mark="held"), *month().values()])
    assert colours == {"open", "booked"}
    assert icons == {"coin"}


def test_series_and_movements_come_back_from_forms_as_they_went():
    assert Series.decoded(0, ONE.encoded()) == ONE
    assert Series.decoded(0, "c-1 act-1") is None
    movement = ONE.movement("book", "2026-11-18")
    draft = Draft(id="d", version=1, updated_at="2026-11-16T08:00:00Z", movements=(movement,))
    offer = Offer((), (), (), ())
    (line,) = panel.panel(draft, offer).lines
    assert panel.movement(line.undo) == movement
    assert panel.movement("book c-1") is None
