"""Rules and dashboard: what they ask is there, what they say can be acted on, and each is made to happen."""

import re

import pytest
import yaml

from deploy.local.layout import CALLERS, ROOT
from deploy.messages.fields import anchor
from deploy.monitoring import HERE, dashboard, names
from tests.alerts import hurried, walk
from tests.deploy import asked, composed

RULES = hurried.each_rule(hurried.rules())
QUESTIONS = {**asked.of_rules(), **asked.of_panels()}
WHO = {"hosting", "operators", "mails", "cashiers", "security"}
BURST_S = 60
RUNBOOK = "deploy/runbook.md"
OVERLAY = ROOT / "deploy" / "compose" / "monitoring.yml"
every_rule = pytest.mark.parametrize("name", RULES)


@pytest.fixture(scope="module")
def exposed():
    return {**names.exposed(), **asked.OF_OTHERS}


@pytest.mark.parametrize("name", QUESTIONS)
def test_what_is_asked_can_be_read_and_names_what_the_code_declares(name, exposed):
    assert asked.unknown(QUESTIONS[name], exposed) == []


@pytest.mark.parametrize(
    ("expression", "wrong"),
    [
        ("max(marelle_dead_leters) > 0", ["marelle_dead_leters"]),
        ('marelle_refusals_total{kode="x"}', ["marelle_refusals_total kode"]),
        ("sum by (route) (marelle_dead_letters)", ["marelle_dead_letters route"]),
        ("marelle_dead_letters and on (queue) up", ["marelle_dead_letters queue", "up queue"]),
        ("histogram_quantile(0.9, sum by (le) (rate(marelle_call_seconds_bucket[5m])))", []),
    ],
)
def test_a_name_or_a_label_that_nobody_declares_is_noticed(expression, wrong, exposed):
    assert sorted(asked.unknown(expression, exposed)) == wrong


def test_what_is_no_question_is_noticed():
    with pytest.raises(ValueError, match="expected type matrix"):
        asked.nodes("rate(marelle_refusals_total)")


def test_every_number_that_is_counted_is_shown_or_watched():
    looked_at = {asked.base(name) for question in QUESTIONS.values() for name in asked.metrics(question)}
    looked_at |= {name for question in QUESTIONS.values() for name in asked.metrics(question)}
    assert names.declared().keys() - looked_at == set()


# ---- rules


@every_rule
def test_an_alert_says_how_grave_it_is_whose_it_is_and_what_is_so(name):
    rule = RULES[name]
    assert rule["labels"].keys() == {"severity", "who"}
    assert rule["labels"]["severity"] in {"critical", "warning"}
    assert rule["annotations"].keys() == {"summary", "description", "runbook"}
    assert all(rule["annotations"].values())
    assert hurried.seconds(rule["for"]) >= BURST_S


def test_alerts_are_grouped_by_who_must_act():
    groups = hurried.rules()["groups"]
    assert {group["name"] for group in groups} == WHO
    assert [
        rule["alert"] for group in groups for rule in group["rules"] if rule["labels"]["who"] != group["name"]
    ] == []


@every_rule
def test_an_alert_leads_to_a_section_of_the_runbook(name):
    page, _, section = RULES[name]["annotations"]["runbook"].partition("#")
    text = (ROOT / page).read_text(encoding="utf-8")
    assert page == RUNBOOK
    assert section in {anchor(title) for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}


@every_rule
def test_an_alert_says_of_what_it_speaks_by_labels_that_it_has(name):
    words = " ".join(RULES[name]["annotations"].values())
    assert set(re.findall(r"\$labels\.(\w+)", words)) <= asked.grouped_by(RULES[name]["expr"])


@every_rule
def test_no_single_burst_makes_an_alert_of_a_rate_fire(name):
    rule = RULES[name]
    for function in ("rate", "avg_over_time"):
        for window_s in asked.windows_s(rule["expr"], function):
            assert hurried.seconds(rule["for"]) >= window_s + BURST_S


def test_the_runbook_names_every_alert_that_leads_to_a_section_of_its_own():
    text = (ROOT / RUNBOOK).read_text(encoding="utf-8")
    said = {word for line in re.findall(r"^\*([\w, ]+)\.\*", text, re.MULTILINE) for word in line.split(", ")}
    assert said - RULES.keys() == set()
    for name in said:
        section = RULES[name]["annotations"]["runbook"].partition("#")[2]
        titles = re.findall(rf"^#+ ([^\n]+)\n\n\*[^*\n]*\b{name}\b", text, re.MULTILINE)
        assert [anchor(title) for title in titles] == [section]


# ---- each is made to happen, by `make long`


def test_every_alert_is_made_to_fire_and_to_end():
    assert sorted(alert for step in walk.STEPS for alert in step.alerts) == sorted(RULES)


def test_every_alert_is_tried_with_numbers_that_were_made_up():
    made_up = yaml.safe_load((ROOT / "tests" / "alerts" / "rules.yml").read_text(encoding="utf-8"))
    assert RULES.keys() <= {each["name"] for each in made_up["tests"]}


def test_in_a_hurry_only_spans_are_shorter():
    assert hurried.shortened("5m") == "10000ms"
    quick = hurried.each_rule(hurried.hurried())
    assert quick.keys() == RULES.keys()
    for name, rule in quick.items():
        assert len(asked.nodes(rule["expr"])) == len(asked.nodes(RULES[name]["expr"]))
        assert _numbers(rule["expr"]) == _numbers(RULES[name]["expr"])
        assert rule["for"] == hurried.shortened(RULES[name]["for"])
        for function in ("rate", "increase", "delta", "changes", "avg_over_time"):
            shorter = [each / hurried.HURRY for each in asked.windows_s(RULES[name]["expr"], function)]
            assert asked.windows_s(rule["expr"], function) == shorter


def _numbers(expression):
    return [str(node) for node in asked.nodes(expression) if type(node).__name__ == "NumberLiteral"]


# ---- the dashboard


def test_the_dashboard_is_what_the_code_says():
    assert dashboard.FILE.read_text(encoding="utf-8") == dashboard.text(), "run make monitoring"


def test_panels_have_numbers_of_their_own_and_do_not_lie_on_one_another():
    panels = asked.panels()
    assert len({panel["id"] for panel in panels}) == len(panels)
    covered = [place for panel in panels for place in _covered(panel["gridPos"])]
    assert len(covered) == len(set(covered))
    assert all(0 <= x < 24 for x, _ in covered)


def _covered(place):
    return [
        (x, y)
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]


def test_people_choose_which_prometheus_is_asked():
    [variable] = dashboard.document()["templating"]["list"]
    assert (variable["type"], variable["query"]) == ("datasource", "prometheus")
    drawn = [panel for panel in asked.panels() if panel["type"] != "row"]
    sources = [panel["datasource"] for panel in drawn]
    sources += [target["datasource"] for panel in drawn for target in panel["targets"]]
    assert {source["uid"] for source in sources} == {f"${{{variable['name']}}}"}


# ---- Prometheus in containers


@pytest.fixture(scope="module")
def scraped():
    [job] = yaml.safe_load((HERE / "prometheus.yml").read_text(encoding="utf-8"))["scrape_configs"]
    assert job["job_name"] == "marelle"
    return {each["labels"]["program"]: each["targets"] for each in job["static_configs"]}


def test_every_program_that_has_a_page_of_numbers_is_asked_for_it(scraped):
    base, more = composed.composed()["services"], composed.composed(OVERLAY)["services"]
    assert scraped.keys() == set(CALLERS)
    for name, targets in scraped.items():
        told = {**base[name]["environment"], **more[name]["environment"]}
        kind = "GATEWAY_METRICS" if name == "gateway" else "HEALTH"
        assert told[f"{kind}_HOST"] == "0.0.0.0"
        assert targets == [f"{name}:{told[f'{kind}_PORT']}"]


def test_the_collector_reaches_the_pages_and_nothing_else():
    overlay = composed.composed(OVERLAY)
    base, more = composed.composed()["services"], overlay["services"]
    assert overlay["networks"] == {"watch": {"internal": True}}
    assert more["prometheus"]["networks"] == ["watch"]
    assert more.keys() == {"prometheus", *CALLERS}
    assert "ports" not in more["prometheus"]
    for name in CALLERS:
        assert more[name]["networks"] == [*base[name]["networks"], "watch"]
        assert more[name].keys() == {"environment", "networks"}


def test_the_collector_may_do_as_little_as_the_other_programs():
    program, like = (
        composed.composed(OVERLAY)["services"]["prometheus"],
        composed.composed()["services"]["front"],
    )
    for key in ("read_only", "cap_drop", "security_opt", "restart", "logging"):
        assert program[key] == like[key]
    assert all(int(each) > 0 for each in program["user"].split(":"))
    assert composed.size(program["mem_limit"]) == composed.size(program["memswap_limit"])
    assert 0 < program["pids_limit"] <= 1024
    assert [v["target"] for v in program["volumes"] if not v.get("read_only")] == ["/prometheus"]
    places = composed.mounted({}, program)
    assert ROOT / places["/etc/prometheus"] == HERE
    assert ROOT / places["/etc/prometheus/prometheus.yml"] == HERE / "prometheus.yml"
