"""Effects that rest on assumptions are marked in charts and said in the report."""

from __future__ import annotations

from urbsim.evidence.grades import Strength
from urbsim.inference.strength import example_of
from urbsim.policies.base import Payer
from urbsim.policies.registry import all_levers
from urbsim.report.experiments import experiments_page
from urbsim.report.measures import measure_of
from urbsim.report.strength import MARKS, explained, marked, strength_of
from urbsim.validation.markets import PayInOtherProvinces
from urbsim.validation.study import Estimate, summarise

HUKOU, ROADS = (example_of(all_levers()[name]) for name in ("hukou_relaxation", "local_transport"))


def test_several_policies_are_as_well_founded_as_all_of_them():
    assert strength_of([HUKOU]) is Strength.FITTED
    assert strength_of([ROADS]) is Strength.ASSUMPTION
    assert strength_of([HUKOU, ROADS]) is Strength.SIGN
    assert strength_of([]) is Strength.FITTED  # nothing is claimed


def test_marks_are_explained_where_they_are_used():
    assert marked("plan", [HUKOU]) == "plan"
    assert marked("plan", [ROADS]) == f"plan {MARKS[Strength.ASSUMPTION]}"
    assert explained([Strength.FITTED], "en") == ""
    assert explained([Strength.ASSUMPTION], "en") == "** rests on assumptions"
    assert explained(map(strength_of, [[HUKOU], [ROADS]]), "en") == "** rests on assumptions"
    assert explained([Strength.ASSUMPTION, Strength.SIGN], "zh") == "* 部分或仅方向有依据; ** 依据为假设"


def test_a_policy_in_the_report_says_how_well_founded_it_is():
    row = measure_of("plan", "roads", ROADS, 1.0, "en")
    assert (row.strength, row.strength_label) == ("assumption", "assumption")
    assert row.reasons == "no study of the list speaks to it"  # the label stands before it
    assert measure_of("plan", "hukou", HUKOU, 1.0, "en").founded.startswith("fitted to An & Yan 2024")


def test_every_example_of_a_lever_can_be_carried_out_and_is_paid_from_above():
    payers = {name: example_of(lever).payer for name, lever in all_levers().items()}
    assert Payer.COUNTY not in payers.values()


def test_the_page_of_experiments_shows_band_result_verdict_and_cause():
    study = PayInOtherProvinces()
    missed = summarise(study, [{"flow_between_provinces": Estimate(float("nan"), value)} for value in (2.9, 3.0, 3.1)])
    page = experiments_page(missed, 20, "en")
    for said in ("Yang &amp; Hamaguchi 2025", "+1.05 ± 0.53 % per 1 % (error judged by rule)", "+0.19 – +1.9",
                 "+3.00 [", "FAIL", "The cause is not known.", "0 of 1 results in the band", "2000–2020"):  # fmt: skip
        assert said in page, said
    assert "data:image/svg+xml" in page
    met = summarise(study, [{"flow_between_provinces": Estimate(float("nan"), 1.0)}] * 3)
    assert "1 of 1 results in the band" in experiments_page(met, 20, "en")
    assert "1项结果中1项落入区间" in experiments_page(met, 20, "zh")
