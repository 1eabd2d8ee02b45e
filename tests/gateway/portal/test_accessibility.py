"""The declaration of accessibility says what the audit found, and every page's foot leads to it."""

import csv
import re
from collections import Counter
from html.parser import HTMLParser

import pytest

from deploy.local.layout import ROOT
from gateway.portal.accessibility.audit import Audit, Criterion, Level, State, audit
from tests.gateway import samples
from tests.gateway.portal.reading import read
from tests.gateway.portal.test_pages import PAGES

THEMES = (9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12)
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


def rows():
    with (ROOT / "docs" / "rgaa" / "106.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def found(*states):
    return Audit(tuple(Criterion(str(n), "", state, "", "", "") for n, state in enumerate(states)))


@pytest.mark.pure
def test_the_audit_has_a_row_for_each_of_the_106_criteria():
    wanted = [f"{theme}.{n}" for theme, count in enumerate(THEMES, start=1) for n in range(1, count + 1)]
    assert [row["criterion"] for row in rows()] == wanted
    assert len(wanted) == 106
    for row in rows():
        assert row["subject"]
        assert row["pages"]
        assert row["note"]
        assert (row["shown"] != "") == (row["state"] == "not conforming"), row["criterion"]


@pytest.mark.pure
def test_the_tests_that_the_audit_names_exist():
    named = {path for row in rows() for path in re.findall(r"`(tests/[^`]+)`", row["note"])}
    assert len(named) > 5
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.pure
@pytest.mark.parametrize(
    ("met", "missed", "rate", "level"),
    [
        (10, 0, 1000, Level.FULL),
        (62, 4, 939, Level.PARTIAL),
        (1, 1, 500, Level.PARTIAL),
        (1, 2, 333, Level.NONE),
    ],
)
def test_the_law_has_three_levels_by_the_share_of_criteria_that_are_met(met, missed, rate, level):
    some = found(*[State.CONFORMING] * met, *[State.NOT_CONFORMING] * missed, State.NOT_APPLICABLE)
    assert (some.rate, some.level, some.apart) == (rate, level, 1)


def test_the_declaration_is_read_without_logging_in_and_counts_what_the_audit_has(stranger):
    response = stranger.get("/accessibilite")
    assert response.status_code == 200
    page = read(response)
    states = Counter(row["state"] for row in rows())
    assert [int(each.text) for each in page.select("#counts dd")] == [
        states["conforming"],
        states["not conforming"],
        states["not applicable"],
    ]
    assert page.select_one("#rate").text.replace("\N{NO-BREAK SPACE}", " ") == "{},{} %".format(
        *divmod(audit().rate, 10)
    )
    missed = [row for row in rows() if row["state"] == "not conforming"]
    assert [each.text for each in page.select("#missed li")] == [
        f"{row['shown']} (critère {row['criterion']})" for row in missed
    ]


def test_the_declaration_has_every_part_that_the_law_asks_for(stranger):
    page = read(stranger.get("/accessibilite"))
    words = page.main.get_text(" ")
    for asked in (
        "article 47 de la loi",
        "schéma pluriannuel",
        "conformité partielle",
        "Dérogations pour charge disproportionnée",
        "Technologies utilisées",
        "Environnement de test",
        "Pages vérifiées",
        "une semaine",
        "Libre réponse 71120",
    ):
        assert asked in words, asked
    assert "Carteville" in words


OWN = {
    "plan_url": "https://carteville.example/accessibilite",
    "contact": "accessibilite@carteville.example",
    "exempt": "Les menus affichés sont des images.",
}


def test_a_towns_own_part_stands_in_its_declaration(stranger, monkeypatch):
    monkeypatch.setitem(samples.ORGANISATION, "accessibility", OWN)
    page = read(stranger.get("/accessibilite"))
    assert page.select_one("#plan a")["href"] == OWN["plan_url"]
    assert page.select_one("#contact-accessibility").text == OWN["contact"]
    assert page.select_one("#exempt").text == OWN["exempt"]


def test_a_town_that_has_told_nothing_can_be_asked(stranger):
    page = read(stranger.get("/accessibilite"))
    assert page.select("#plan a, #exempt, #contact-accessibility") == []
    assert "peuvent lui être demandés" in page.select_one("#plan").text


def test_in_english_the_declaration_is_marked_as_french(stranger):
    stranger.set_cookie("language", "en")
    page = read(stranger.get("/accessibilite"))
    assert page.html["lang"] == "en"
    assert page.find("h1").find_parent(lang="fr") is not None


def test_without_an_organisation_the_declaration_is_read_all_the_same(stranger, app, bus):
    stranger.set_cookie("organisation", "nowhere")
    assert stranger.get("/accessibilite").status_code == 200


@pytest.mark.parametrize("path", ["/carteville", "/home", "/planning", "/nowhere/at/all"])
def test_the_foot_of_every_page_says_the_state_and_leads_to_the_declaration(parent, stranger, path):
    page = read((stranger if path == "/carteville" else parent).get(path))
    link = page.select_one("footer a[href='/accessibilite']")
    assert link.text.startswith("Accessibilité")
    assert link.text.endswith("partiellement conforme")


@pytest.mark.parametrize("path", ["/carteville", "/home", "/nowhere/at/all"])
def test_the_foot_of_every_page_leads_to_a_map_of_the_site(parent, stranger, path):
    page = read((stranger if path == "/carteville" else parent).get(path))
    assert page.select_one("footer a[href='/plan-du-site']").text == "Plan du site"


def test_the_map_leads_a_family_to_pages_that_are_there(parent):
    found = [link["href"] for link in read(parent.get("/plan-du-site")).select("#pages a")]
    assert {"/home", "/planning", "/bookings", "/balance", "/messages", "/accessibilite"} <= {*found}
    assert [path for path in found if parent.get(path).status_code != 200] == []


def test_the_map_leads_a_stranger_to_the_log_in_and_to_no_page_behind_it(stranger):
    found = [link["href"] for link in read(stranger.get("/plan-du-site")).select("#pages a")]
    assert found == ["/", "/accessibilite"]


def test_what_has_to_be_filled_in_is_said_before_a_form_is_sent(stranger):
    form = read(stranger.get("/carteville")).select_one("form[action='/carteville']")
    assert {field["name"] for field in form.select("[required]")} == {"login", "password"}
    assert "Les deux champs sont obligatoires." in form.text


class Nesting(HTMLParser):
    """Notes what is closed in another order than it was opened, and attributes that stand twice."""

    def __init__(self):
        super().__init__()
        self.open, self.faults = [], []

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.faults.append(f"{tag} has an attribute twice")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        """SVG closes its elements in one."""

    def handle_endtag(self, tag):
        while self.open and self.open[-1] in {"li", "dt", "dd", "p", "option"} and self.open[-1] != tag:
            self.open.pop()
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"{tag} is closed where it was not opened last")


@pytest.mark.parametrize("path", ["/carteville", "/accessibilite", "/plan-du-site", *PAGES])
def test_a_page_closes_what_it_opens_in_order(parent, stranger, path):
    response = (stranger if path == "/carteville" else parent).get(path)
    parser = Nesting()
    parser.feed(response.text)
    assert (parser.faults, parser.open) == ([], [])
