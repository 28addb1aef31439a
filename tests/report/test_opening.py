"""The page for who decides: five sentences that are true of the numbers, and a table."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_up import made_up, some_policies

from urbsim.observation.indicators import INDICATORS
from urbsim.policies.base import ZoneName
from urbsim.report.answers import Answers, Contributed
from urbsim.report.differing import changes
from urbsim.report.numbers import figures, money, share_text
from urbsim.report.opening.quantities import change, interval, level
from urbsim.report.opening.sentences import leading_indicators, sentences
from urbsim.report.opening.table import opening_table


def gaining(indicator: str, scenario: int, place: int, month: int, run: int) -> float:
    """Return 40 % or 100,000 at the start, a month later more; plans gain two points or 5,000 from the second month."""
    gain = scenario * (month > 0)
    if INDICATORS[indicator].percent:
        return 0.4 + 0.01 * run + 0.001 * month + 0.02 * gain
    if indicator == "seat_rent":
        return 1000.0 + 10.0 * run + 50.0 * gain
    return 100_000.0 + 1000.0 * run + 5000.0 * gain


@pytest.fixture(scope="module")
def plan():
    targets = {"urbanization_rate": {"2021-01": 0.42}, "seat_residents": {"2021-01": 200_000}}
    return made_up(until="2021-01", policies=some_policies(1), targets=targets, value=gaining, replicates=2)


def test_a_share_is_none_or_all_only_where_it_is():
    shares = (0.0, 0.0004, 0.003, 0.5, 0.996, 0.9999, 1.0)
    assert [share_text(each) for each in shares] == ["0%", "<0.1%", "0.3%", "50%", "99.6%", ">99.9%", "100%"]


def test_amounts_are_said_as_people_say_them():
    assert (money(4.58e9, "en"), money(4.58e9, "zh")) == ("4.58 billion yuan", "45.8亿元")
    assert (money(289_592, "en"), money(289_592, "zh")) == ("290,000 yuan", "29.0万元")
    assert (money(0.0, "en"), money(0.0, "zh")) == ("0 yuan", "0元")
    assert (figures(1234.5), figures(0.01234), figures(0.0), figures(float("nan"))) == ("1,230", "0.0123", "0.00", "–")
    assert change("seat_residents", -900.0, "en") == "−900 people"
    assert change("seat_residents", 15_050.0, "zh") == "+1.50万人"
    assert level("urbanization_rate", 0.4749, "en") == "47.5%"
    assert interval("public_spending", 2e8, 1.25e9, "en", signed=True) == " [+200 million yuan, +1.25 billion yuan]"
    assert interval("seat_residents", 9000.0, 21_900.0, "zh", signed=True) == " [+9,000人, +2.19万人]"
    assert interval("urbanization_rate", 0.0103, 0.0209, "zh", signed=True) == " [+1.03, +2.09]"
    assert change("urbanization_rate", 0.0159, "zh") == "+1.59个百分点"


def test_the_first_sentence_counts_targets_and_names_the_least_likely(plan):
    said = sentences(plan, Answers(), "en")[0]
    # 42.2 and 43.2 % against 42 %; 105,000 and 106,000 against 200,000.
    assert said.startswith("Of 2 targets, 'Plan' meets 1 and 'Baseline' meets 0 with a chance above one half;")
    assert "county-seat population (persons) ≥ 200,000 by 2021-01: 'Plan' meets it in 0 of 2 runs" in said


def test_the_second_sentence_says_what_the_plan_adds_and_costs(plan):
    said = sentences(plan, Answers(), "en")[1]
    # Three months at a million yuan; 5,000 more urban residents.
    assert said == (
        "By 2021-01, 'Plan' changes resident urbanization rate by +2.00 percentage points [+2.00, +2.00] against "
        "'Baseline' and county-seat population by +5,000 people [+5,000, +5,000], at a public cost of 3.00 million "
        "yuan (600 yuan for each additional urban resident)."
    )


def test_the_third_sentence_takes_contributions_where_they_were_computed(plan):
    (policy,) = plan.plan.scenarios[1].policies.values()
    assert sentences(plan, Answers(), "en")[2] == f"'Plan' has one policy, {policy.title.en}."
    parts = [
        {"name": "Industry", "name_zh": "产业发展", "shapley": 0.015},
        {"name": "Works", "name_zh": "市政", "shapley": 0.005},
    ]
    data = {
        "plan": "Plan",
        "indicator": "urbanization_rate",
        "month": "2021-01",
        "parts": parts,
        "whole": {"median": 0.02},
    }
    said = [sentences(plan, Answers(None, (Contributed(data),)), language)[2] for language in ("en", "zh")]
    assert (
        "+2.00 percentage points that 'Plan' makes in resident urbanization rate by 2021-01, Industry adds +1.50 and "
        "Works adds +0.50" in said[0]
    )
    assert "产业发展贡献+1.50" in said[1]


def test_the_fourth_sentence_tells_gains_from_losses(plan):
    said = sentences(plan, Answers(), "en")[3]
    better, worse = said.split("worse off:")
    assert better.startswith("With 'Plan', better off: ")
    assert "people of working age (employment rate +2.00 percentage points)" in better
    assert "tenants (rent in the seat +50.0 yuan/month)" in worse


def test_the_last_sentence_says_how_many_pairs_agree(plan):
    said = sentences(plan, Answers(), "en")[4]
    assert "resident urbanization rate at the end is higher with 'Plan' in 2 of 2 pairs of runs" in said
    assert "the amounts of 0 of 1 policy are given" in said


def test_what_may_be_chance_is_said_to_be():
    def mixed(indicator, scenario, place, month, run):
        return gaining(indicator, 0, place, month, run) + scenario * (0.01 if run else -0.01)

    said = sentences(made_up(until="2020-12", value=mixed), Answers(), "en")
    assert "(which may be chance)" in said[1]
    assert said[0] == "No target is set, so none is met or missed."
    assert "With 'Plan', nobody is clearly better off; nobody is clearly worse off." in said[3]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_plan_is_spoken_of_by_its_name(language):
    several = made_up(
        ("Baseline", "One", "Two", "Three", "Four"),
        policies=some_policies(2),
        until="2021-01",
        value=gaining,
        replicates=1,
    )
    said = sentences(several, Answers(), language)
    for number, sentence in enumerate(said[1:], start=2):
        named = [name for name in ("One", "Two", "Three", "Four") if name in sentence]
        assert named == ["One", "Two", "Three"], number
    asked = {"en": "urbsim contributions", "zh": "urbsim contributions"}[language]
    assert said[2].count(asked) == 1
    assert said[3].count("observe:") == 1
    assert "1 runs" not in "".join(said)
    assert "1 pairs" not in "".join(said)


def test_a_plan_without_policies_of_its_own_is_said_to_have_none():
    both = made_up(("Baseline", "One", "Two"), policies=some_policies(2), until="2021-01", value=gaining, replicates=1)
    base, one, two = both.plan.scenarios
    said = sentences(
        type(both)(replace(both.plan, scenarios=(base, one, replace(two, policies={}))), both.tables), Answers(), "en"
    )
    assert said[2].startswith("'One' has 2 policies; what they cost goes above all to ")
    assert "'Two' has no policy of its own." in said[2]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_there_are_five_sentences_for_a_single_scenario_too(language):
    said = sentences(made_up(("Baseline",), until="2021-06"), Answers(), language)
    assert len(said) == 5
    assert all(sentence.endswith("。" if language == "zh" else ".") for sentence in said)


def test_indicators_asked_for_lead(plan):
    assert leading_indicators(()) == ("urbanization_rate", "seat_residents")
    assert leading_indicators(("births",)) == ("births", "urbanization_rate")
    assert leading_indicators(("births",), only=True) == ("births",)
    assert sentences(plan, Answers(), "en", ("employment_rate",))[1].startswith(
        "By 2021-01, 'Plan' changes employment rate"
    )
    (row,) = opening_table(plan, "en", ("births",), only=True).rows
    assert row[0].startswith("Births in 12 months")


def test_the_table_has_the_start_and_where_each_scenario_ends(plan):
    table = opening_table(plan, "en")
    assert table.headings == (
        "Indicator",
        "2020-11 (start)\nBaseline",
        "2021-01 (end)\nBaseline",
        "2021-01 (end)\nPlan",
    )
    cells = dict(table.rows)["Resident urbanization rate (%)"]
    assert [cell.value for cell in cells] == ["40.5", "40.7", "42.7"]
    assert (cells[2].difference, cells[2].noise) == ("+2.00", False)


def test_settings_that_differ_are_told_in_the_language(plan):
    base, other = plan.plan.scenarios
    (name,) = other.policies
    wider = other.policies[name].model_copy(update={"zones": (ZoneName("seat"), ZoneName("village"))})
    both, changed = replace(base, policies=other.policies), replace(other, policies={name: wider})
    ensemble = type(plan)(replace(plan.plan, scenarios=(both, changed)), plan.tables)
    said = {language: next(iter(changes(ensemble, "Plan", language))).after for language in ("en", "zh")}
    assert said == {"en": "county seat, village", "zh": "县城、乡村"}


def test_what_differs_is_told_from_old_to_new(plan):
    (added,) = changes(plan, "Plan", "en")
    assert (added.kind, added.what, added.before) == ("policy", "1 added", "–")
    base, other = plan.plan.scenarios
    (name,) = other.policies
    later = other.policies[name].model_copy(update={"start": other.policies[name].start + 12})
    both = replace(base, policies=other.policies, feedbacks={"wages": True})
    changed = replace(
        other, policies={name: later}, feedbacks={"wages": False}, parameters={"employment.wage_growth": 0.05}
    )
    ensemble = type(plan)(replace(plan.plan, scenarios=(both, changed)), plan.tables)
    kinds = {change.kind: change for change in changes(ensemble, "Plan", "en")}
    assert set(kinds) == {"policy", "parameter", "feedback"}
    assert kinds["policy"].what.endswith(": start")
    assert kinds["policy"].before < kinds["policy"].after
    assert (kinds["feedback"].before, kinds["feedback"].after) == ("on", "off")
    assert kinds["parameter"].after.startswith("0.05")
    assert kinds["parameter"].before.startswith("from the registry: ")
