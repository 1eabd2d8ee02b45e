"""Requests and reviews as documents: what they say, in both languages, and to whom."""

import io
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime

import pypdf
import pytest

from booking.basket.contract import ChangeDraft, OpenDraft, PrintReview
from booking.basket.doors import change_draft, open_draft, print_review
from booking.basket.model import Line, Review
from booking.basket.render import printed_review
from booking.basket.rules.account import account
from booking.confirmations.contract import PrintRequest
from booking.confirmations.doors.tracking import print_request
from booking.confirmations.model import RequestState
from booking.copies.model import Organisation
from booking.seats.model import Answer
from booking.vocabulary import (
    Action,
    BookingFacts,
    BookingState,
    ChargingMode,
    DayPart,
    DecisionMode,
    OfficeDue,
    Reason,
    Verdict,
)
from booking.words import EXPECTED, ICONS, REASONS, SAID, STATES
from chassis.printing.press import Press
from chassis.values.errors import Refused
from tests.booking.small_town import MARTIN, ROY, booking_id_of, cancelled, confirmed, movement, reviewed

TOWN = Organisation("town", "town", "Mairie de Carteville", "Europe/Paris", "fr", "#0b3c5d", ("12 rue X",))
AT = datetime(2026, 11, 12, 17, 22, tzinfo=UTC)
LANGUAGES = ("fr", "en")
OFFICE = OfficeDue("office", "Régie", 752, 376, 376)


def line(number, verdict, cents=376, mode=ChargingMode.PREPAID, action=Action.BOOK, **options):
    facts = BookingFacts(
        child_id="zoe",
        child_name=options.pop("child", "Zoé Roy"),
        activity_id="repas",
        activity_name=options.pop("activity", "Repas"),
        activity_group="g",
        centre_id="verne",
        centre_name="École Verne",
        day=date(2026, 11, 16 + number % 10),
        day_part=DayPart.NOON,
        arrives_at="12:00",
        leaves_at="13:20",
        charging_mode=mode,
        cost_cents=cents,
    )
    answer = Answer(verdict, **options) if verdict else None
    return Line(number, action, f"b-{number}", facts, DecisionMode.INSTANT, None, None, answer=answer)


LINES = (
    line(1, Verdict.HELD),
    line(2, Verdict.HELD),
    line(3, Verdict.WAITLISTED, rank=2),
    line(4, Verdict.REFUSED, reason=Reason.PAST_DEADLINE),
    line(5, Verdict.ACCEPTED, 500, ChargingMode.INVOICED),
    line(6, Verdict.ACCEPTED, 200, ChargingMode.WALLET),
    line(7, Verdict.CANCELLED, action=Action.CANCEL),
)
REVIEW = Review("q", datetime(2026, 11, 12, 17, 50, tzinfo=UTC), LINES, (OFFICE,))
SAID_OF_REVIEW = {
    "fr": """Mairie de Carteville
12 rue X
Récapitulatif avant validation
Rien n\u2019est enregistré tant que vous n\u2019avez pas validé. Les prix valent jusqu\u2019au
12/11/2026 à 18\u00a0h\u00a050.
Réservations
Enfant Date Activité État Coût
Zoé Roy mar.\u00a017\u00a0nov. 2026 Repas École Verne, 12\u00a0h\u00a0\u2013 13\u00a0h\u00a020
À payer 3,76\u00a0€
Zoé Roy mer.\u00a018\u00a0nov. 2026 Repas École Verne, 12\u00a0h\u00a0\u2013 13\u00a0h\u00a020
À payer 3,76\u00a0€
Zoé Roy jeu.\u00a019\u00a0nov. 2026 Repas École Verne, 12\u00a0h\u00a0\u2013 13\u00a0h\u00a020
Ira en liste d\u2019attente rang\u00a02 3,76\u00a0€
Zoé Roy ven.\u00a020\u00a0nov. 2026 Repas École Verne, 12\u00a0h\u00a0\u2013 13\u00a0h\u00a020
Sera refusée délai dépassé \u2013
Zoé Roy sam.\u00a021\u00a0nov. 2026 Repas École Verne, 12\u00a0h\u00a0\u2013 13\u00a0h\u00a020
Sera acceptée 5,00\u00a0€
Zoé Roy dim.\u00a022\u00a0nov. 2026 Repas École Verne, 12\u00a0h\u00a0\u2013 13\u00a0h\u00a020
Sera acceptée 2,00\u00a0€
Total 18,28\u00a0€
Annulations
Enfant Date Activité État Coût
Zoé Roy lun.\u00a023\u00a0nov. 2026 Repas École Verne, 12\u00a0h\u00a0\u2013 13\u00a0h\u00a020
Sera annulée 3,76\u00a0€
Total 3,76\u00a0€
""",
    "en": """Mairie de Carteville
12 rue X
Review before confirming
Nothing is recorded before you confirm. The prices hold until 12/11/2026 at 18:50.
Bookings
Child Date Activity State Cost
Zoé Roy Tue\u00a017\u00a0Nov 2026 Repas École Verne, 12:00\u00a0\u2013 13:20
To pay €3.76
""",
}


@pytest.fixture(scope="module")
def press():
    press = Press()
    yield press
    press.close()


def words_of(text):
    """The words of a text, wherever its lines end; what stays together is one of them."""
    return re.split(r"[ \n]+", text.strip())


def pages_of(pdf):
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_review_says_first_its_days_with_their_state_and_cost(press, language):
    made = press.make(printed_review(REVIEW, TOWN, AT, language))
    expected = words_of(SAID_OF_REVIEW[language])
    assert words_of("\n".join(pages_of(made)))[: len(expected)] == expected


SUMS = {
    "fr": [
        ("Réservations demandées", "18,28\u00a0€"),
        ("dont en attente, non facturé", "\u22123,76\u00a0€"),
        ("dont facturé en fin de mois", "\u22125,00\u00a0€"),
        ("dont débité du compte le jour venu", "\u22122,00\u00a0€"),
        ("Avoir de vos annulations", "\u22123,76\u00a0€"),
        ("À payer maintenant", "3,76\u00a0€"),
    ],
    "en": [
        ("Bookings asked for", "€18.28"),
        ("of it waiting, not charged", "\u2212€3.76"),
        ("of it on the bill at the end of the month", "\u2212€5.00"),
        ("of it taken from the wallet on the day", "\u2212€2.00"),
        ("Credit note of your cancellations", "\u2212€3.76"),
        ("To pay now", "€3.76"),
    ],
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_review_ends_in_an_account_that_can_be_added_up(language):
    assert list(printed_review(REVIEW, TOWN, AT, language).blocks[-2].rows) == SUMS[language]
    sums = account(REVIEW.lines, REVIEW.offices)
    assert sums.asked_for - sums.waiting - sums.invoiced - sums.wallet - sums.credits == sums.due


@pytest.mark.parametrize(
    ("given_back", "credits_used", "own", "earlier", "left"),
    [(376, 376, 376, 0, 0), (376, 900, 376, 524, 0), (376, 100, 100, 0, 276), (0, 500, 0, 500, 0)],
)
def test_credit_of_the_same_basket_goes_first(given_back, credits_used, own, earlier, left):
    back = line(7, Verdict.CANCELLED, given_back, action=Action.CANCEL)
    office = replace(OFFICE, credits_used_cents=credits_used)
    sums = account([back], [office])
    assert (sums.own_credit, sums.earlier_credit, sums.left_over) == (own, earlier, left)
    document = printed_review(replace(REVIEW, lines=(back,), offices=(office,)), TOWN, AT, "en")
    said = [block.text for block in document.blocks if block.kind == "paragraph"]
    assert any("is left" in each for each in said) == bool(left)


def test_a_line_that_nobody_has_looked_at_counts_for_what_it_costs():
    sums = account([line(1, None)], ())
    assert (sums.asked_for, sums.due, sums.given_back) == (376, 0, 0)
    document = printed_review(replace(REVIEW, lines=(line(1, None),), offices=()), TOWN, AT, "fr")
    assert document.blocks[2].rows[0][3].text == "\u2013"


def test_every_state_and_reason_has_its_words_and_icons():
    for language in LANGUAGES:
        assert set(STATES[language]) == {*BookingState, *RequestState} == set(ICONS)
        assert set(EXPECTED[language]) == {str(verdict) for verdict in Verdict}
        assert set(REASONS[language]) == set(Reason)
    assert set(SAID["fr"]) == set(SAID["en"])


HOSTILE = [
    'O\'Neil "le" \\ #strong[x] $a$ *b* <x> @y // c',
    "محمد بن علي",
    "Wolfeschlegelsteinhausenbergerdorff" * 3,
]


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_a_child_is_called_its_days_are_printed(press, name):
    shown = replace(REVIEW, lines=(line(1, Verdict.HELD, child=name), line(2, Verdict.HELD)))
    (page,) = pages_of(press.make(printed_review(shown, TOWN, AT, "fr")))
    said = "".join(page.replace("\u200b", "").split())
    # letters of words that are written from the right come in the order in which they are drawn
    assert Counter("".join(name.split())) <= Counter(said)


def test_a_long_review_repeats_its_heads_on_every_page_and_numbers_them(press):
    lines = tuple(line(number, Verdict.ACCEPTED) for number in range(500))
    pages = pages_of(press.make(printed_review(replace(REVIEW, lines=lines), TOWN, AT, "fr")))
    assert len(pages) > 10
    for number, page in enumerate(pages[:-1], 1):
        assert "Activité" in page
        assert f"Page {number} sur {len(pages)}" in page


def paid_and_given_back(town):
    """A request of Zoé's meal and evening, and one that gives the evening back."""
    asked = confirmed(town, ROY, movement("zoe", "evening"), movement("leo", "sport"), key="first")
    back = cancelled(town, ROY, booking_id_of(asked))
    return asked["requests"], back["requests"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_request_says_its_number_child_period_and_state_with_a_legend(town, press, language):
    requests, _ = paid_and_given_back(town)
    (asked,) = [each for each in requests if each["child_id"] == "zoe"]
    reply = print_request(town.as_(ROY), PrintRequest(asked["id"], language))
    number = asked["number"]
    name = "demande" if language == "fr" else "request"
    assert reply["document"]["name"] == f"{name}-{number}.pdf"
    (document,) = town.press.documents
    facts = dict(document.blocks[0].rows)
    said = SAID[language]
    assert facts[said["number"]].text == number
    assert facts[said["child"]].text == "Zoé Roy"
    assert facts[said["period"]].text == "Autumn"
    assert facts[said["state"]].icons == ("check-lg",)
    (legend,) = [block for block in document.blocks if block.kind == "legend"]
    assert [cell.text for cell, _ in legend.rows] == [STATES[language]["accepted"][0]]
    (page,) = pages_of(press.make(document))
    assert f"{said['request']} {number}" in page
    assert said["seen_at"] in page


def test_a_request_of_cancellations_has_its_own_table_and_what_it_gives_back(town):
    _, requests = paid_and_given_back(town)
    print_request(town.as_(ROY), PrintRequest(requests[0]["id"], "fr"))
    (document,) = town.press.documents
    assert [block.text for block in document.blocks if block.kind == "heading"] == ["Annulations"]
    (table,) = [block for block in document.blocks if block.kind == "table"]
    assert [row[3].text for row in table.rows] == ["Annulée"]


def test_what_was_given_back_later_costs_nothing_in_the_request_that_asked_for_it(town):
    requests, _ = paid_and_given_back(town)
    print_request(town.as_(ROY), PrintRequest(requests[0]["id"], "fr"))
    (table,) = [block for block in town.press.documents[0].blocks if block.kind == "table"]
    assert [(row[3].text, row[4].text) for row in table.rows] == [("Annulée", "\u2013")]
    assert table.total == ("Total", "0,00\u00a0€")


def test_another_family_gets_no_document(town):
    requests, _ = paid_and_given_back(town)
    review = reviewed(town, ROY, movement("zoe", "sport"))
    for asked in (PrintRequest(requests[0]["id"], "fr"), PrintRequest("nothing", "fr")):
        with pytest.raises(Refused, match="not_found"):
            print_request(town.as_(MARTIN), asked)
    with pytest.raises(Refused, match="not_found"):
        print_review(town.as_(MARTIN), PrintReview(review["draft_id"], "fr"))
    assert town.press.documents == []


def test_a_review_is_printed_as_it_was_shown_and_no_longer_once_the_draft_has_changed(town):
    review = reviewed(town, ROY, movement("zoe", "sport"))
    asked = PrintReview(review["draft_id"], "fr")
    assert print_review(town.as_(ROY), asked)["document"]["name"] == "recapitulatif.pdf"
    change_draft(town.as_(ROY), ChangeDraft(review["draft_id"], [movement("leo", "sport")], ()))
    with pytest.raises(Refused, match="review_stale"):
        print_review(town.as_(ROY), asked)


def test_a_draft_that_nobody_has_reviewed_has_no_document(town):
    draft_id = open_draft(town.as_(ROY), OpenDraft())["draft"]["id"]
    with pytest.raises(Refused, match="review_stale"):
        print_review(town.as_(ROY), PrintReview(draft_id, "en"))
