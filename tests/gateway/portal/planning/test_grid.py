from datetime import date

import pytest

from gateway.clients.booking import Draft, Offer
from gateway.pages import labels
from gateway.portal.planning import cells, grid, panel
from gateway.portal.planning.grid import Series

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


def reader(*, aggregate=False):
    return grid.reader("fr", "Europe/Paris", date(2026, 11, 16), aggregate=aggregate)


def shown(plan=None, notes=None, *, wide=False, **day):
    return grid.cell({**DAY, **day}, ONE, plan or {}, reader(), notes, wide=wide)


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
    found = grid.aggregate_cell(day, 0, 0, reader(aggregate=True), {}, href="/day?day=")
    assert found.css == css
    assert (found.href is None) is (css == "closed")
    assert labels.looks("fr", aggregate=True)[state].name == name


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
    ("would", "extra"),
    [
        ("accepted", "3 places"),
        ("held", "à payer"),
        ("requested", "sur demande"),
        ("submitted", "attribution plus tard"),
        ("waitlisted", "liste d\u2019attente"),
    ],
)
def test_a_chosen_day_says_what_will_become_of_it(would, extra):
    assert shown({ONE.key("2026-11-18"): "book"}, free=3, would=would).extra == extra


def test_a_closed_day_says_why_where_there_is_room():
    assert shown(state="closed", reason="past_deadline", wide=True).extra == "le délai est passé"
    assert shown(notes={"holiday": "Noël", "closure": None}, state="closed").extra == "Noël"


@pytest.mark.parametrize(
    ("day", "short", "full"),
    [
        (
            {"booking_closes_at": "2026-11-17T08:00:00Z"},
            "jusqu\u2019au 17\u00a0nov., 9\u00a0h",
            "réservable jusqu\u2019au mardi 17 novembre à 9\u00a0h",
        ),
        (
            {"state": "booked", "cancelling_closes_at": "2026-11-16T23:00:00Z"},
            "jusqu\u2019au 16\u00a0nov., minuit",
            "annulable jusqu\u2019au lundi 16 novembre à minuit",
        ),
        ({"state": "booked_locked", "cancelling_closes_at": "2026-11-16T23:00:00Z"}, "", ""),
    ],
)
def test_a_day_says_until_when_it_can_be_changed(day, short, full):
    found = shown(**day)
    assert (found.until, found.until_label) == (short, full)


def test_the_name_of_a_day_says_everything_that_is_seen():
    html = cells.cell(shown(free=3, booking_closes_at="2026-11-17T08:00:00Z"))
    for text in ("mercredi 18 novembre", "Libre", "3 places", "réservable jusqu\u2019au"):
        assert text in html


def test_a_name_from_elsewhere_is_escaped():
    assert "<i>" not in cells.cell(shown(notes={"holiday": "<i>x", "closure": None}, state="closed"))
    assert "<i>" not in cells.cell(shown(), name="<i>y")


def test_weeks_run_from_monday_to_sunday():
    rows = grid.weeks(date(2026, 11, 1), date(2026, 11, 30))
    assert rows[0][0] == "2026-10-26"
    assert rows[-1][-1] == "2026-12-06"
    assert all(len(row) == 7 for row in rows)


def test_series_and_movements_come_back_from_forms_as_they_went():
    assert Series.decoded(0, ONE.encoded()) == ONE
    assert Series.decoded(0, "c-1 act-1") is None
    movement = ONE.movement("book", "2026-11-18")
    draft = Draft(id="d", version=1, updated_at="2026-11-16T08:00:00Z", movements=(movement,))
    offer = Offer((), (), (), ())
    (line,) = panel.panel(draft, offer).lines
    assert panel.movement(line.undo) == movement
    assert panel.movement("book c-1") is None
