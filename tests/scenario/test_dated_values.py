"""Before its first date a dated parameter has the value it would have had without the entry."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from urbsim import compare
from urbsim.evidence.reading import responses
from urbsim.months import parse_month
from urbsim.parameters import Parameters, overlay, registry
from urbsim.posterior.draws import draw
from urbsim.scenario import Scenario, differences, load_scenario, provenance, resolved_yaml, scenario_from_mapping

HEAD = {"name": "x", "region": 341282, "start": "2020-11", "until": "2021-01"}
WAGES = "outside.far.wage_growth"
ARRIVALS = "arrivals.same_province"


def _months(*values: tuple[str, float]) -> dict[int, float]:
    return {parse_month(month): value for month, value in values}


def _family(folder: Path, *generations: str) -> Scenario:
    """Return the youngest of scenarios that extend each other; each states one value of one parameter."""
    head = f"name: x\nregion: 341282\nstart: 2020-11\nuntil: 2035-12\nparameters: {{{WAGES}: {generations[0]}}}\n"
    (folder / "0.yaml").write_text(head)
    for number, value in enumerate(generations[1:], start=1):
        (folder / f"{number}.yaml").write_text(f"extends: {number - 1}.yaml\nparameters: {{{WAGES}: {value}}}\n")
    return load_scenario(folder / f"{len(generations) - 1}.yaml")


def test_dates_hold_from_the_first_of_them_and_a_constant_holds_always() -> None:
    base = {"a": 1.0, "b": 2.0, "c": _months(("2020-01", 3.0), ("2024-01", 4.0))}
    written = {"a": _months(("2022-01", 9.0)), "c": _months(("2023-01", 8.0)), "d": 7.0}
    layered = overlay(base, written)
    months = [parse_month(f"{year}-01") for year in (2010, 2022, 2025)]
    assert [layered["a"][max(date for date in layered["a"] if date <= month)] for month in months] == [1.0, 9.0, 9.0]
    assert layered["b"] == 2.0
    assert layered["c"] == _months(("2020-01", 3.0), ("2023-01", 8.0))
    assert layered["d"] == 7.0
    assert overlay(written, base)["a"] == 1.0


def test_before_its_first_date_a_parameter_has_the_value_of_the_registry() -> None:
    values = Parameters({WAGES: _months(("2023-01", 0.15))})
    assert values.at(parse_month("2022-12"))[WAGES] == registry()[WAGES].value == 0.04
    assert values.at(parse_month("2023-01"))[WAGES] == 0.15


def test_before_its_first_date_a_fitted_parameter_has_the_value_of_the_draw() -> None:
    drawn = draw(1, ["341282"], 2020).parameters
    values = Parameters(overlay(drawn, {ARRIVALS: _months(("2023-01", 0.5))}))
    assert values.at(parse_month("2022-12"))[ARRIVALS] == drawn[ARRIVALS] != registry()[ARRIVALS].value
    assert values.at(parse_month("2023-01"))[ARRIVALS] == 0.5
    assert Parameters(overlay(drawn, {ARRIVALS: 0.5})).at(parse_month("2022-12"))[ARRIVALS] == 0.5


def test_a_date_changes_no_month_before_it_whatever_the_draw() -> None:
    base = scenario_from_mapping(HEAD)
    fitted = draw(1, ["341282"], 2020).parameters
    dated = {name: {"2021-01": registry()[name].high} for name in fitted}
    later = scenario_from_mapping({**HEAD, "name": "later", "parameters": dated})
    series = compare([base, later], scale=0.002, draws=2).tables["series"]
    table = series.pivot_table(index=["draw", "month", "indicator"], columns="scenario", values="value", observed=True)
    differ = table["x"] != table["later"]
    assert sorted(set(table.index[differ].get_level_values("month"))) == ["2021-01"]
    assert set(table.index[differ].get_level_values("draw")) == {1, 2}


@pytest.mark.parametrize(
    ("generations", "value"),
    [
        (["0.03", "{2025-01: 0.05}"], _months(("2020-11", 0.03), ("2025-01", 0.05))),
        (
            ["0.03", "{2025-01: 0.05}", "{2030-01: 0.06}"],
            _months(("2020-11", 0.03), ("2025-01", 0.05), ("2030-01", 0.06)),
        ),
        (["0.03", "{2025-01: 0.05}", "{2025-01: null}"], 0.03),
        (["0.03", "{2025-01: 0.05}", "0.01"], 0.01),
        (["0.03", "{2020-11: 0.05}"], _months(("2020-11", 0.05))),
        (["{2025-01: 0.05}", "0.01", "{2030-01: 0.06}"], _months(("2020-11", 0.01), ("2030-01", 0.06))),
        (
            ["{2022-01: 0.01, 2026-01: 0.02}", "{2024-01: 0.03, 2026-01: 0.04}"],
            _months(("2022-01", 0.01), ("2024-01", 0.03), ("2026-01", 0.04)),
        ),
        (["{2022-01: 0.01}", "{2021-01: 0.03}"], _months(("2021-01", 0.03), ("2022-01", 0.01))),
    ],
)
def test_dates_of_a_child_lie_over_what_its_parents_say(
    tmp_path: Path, generations: list[str], value: float | dict[int, float]
) -> None:
    scenario = _family(tmp_path, *generations)
    assert scenario.parameters == {WAGES: value}
    (tmp_path / "again.yaml").write_text(resolved_yaml(scenario))
    assert load_scenario(tmp_path / "again.yaml") == scenario


def test_show_lists_what_holds_before_the_first_date_and_where_it_comes_from(tmp_path: Path) -> None:
    def listed(scenario: Scenario, name: str) -> list[tuple[str, Any, str]]:
        settings = [setting for setting in provenance(scenario) if setting.key.startswith(f"parameters.{name}.")]
        return [(setting.key[-7:], setting.value, setting.origin) for setting in settings]

    inherited = listed(_family(tmp_path, "0.03", "{2025-01: 0.05}"), WAGES)
    assert inherited == [("2020-11", 0.03, f"{tmp_path}/0.yaml:5"), ("2025-01", 0.05, f"{tmp_path}/1.yaml:2")]
    assert listed(_family(tmp_path, "{2025-01: 0.05}"), WAGES)[0] == ("2020-11", 0.04, "registry")
    fitted = {**HEAD, "parameters": {ARRIVALS: {"2021-01": 0.1}}}
    assert listed(scenario_from_mapping(fitted), ARRIVALS)[0][2] == "posterior (its median is shown)"
    assert listed(scenario_from_mapping({**fitted, "calibrated": False}), ARRIVALS)[0][2] == "registry"


def test_diff_compares_what_is_in_force_at_every_date(tmp_path: Path) -> None:
    def changes(left: Scenario, right: Scenario) -> dict[str, tuple[Any, Any]]:
        return {
            each.key.removeprefix(f"parameters.{WAGES}"): (each.left, each.right) for each in differences(left, right)
        }

    constant = _family(tmp_path, "0.03")
    dated = _family(tmp_path, "0.03", "{2025-01: 0.05}")
    late = _family(tmp_path, "{2025-01: 0.05, 2030-01: 0.06}")
    assert changes(constant, dated) == {".2025-01": (0.03, 0.05)}
    assert changes(dated, late) == {".2020-11": (0.03, None), ".2030-01": (0.05, 0.06)}


def test_the_parameters_that_a_draw_sets_are_those_the_registry_calls_calibrated() -> None:
    fitted = {name for name, parameter in registry().items() if parameter.status == "calibrated"}
    factors = {"demography.fertility_factor", "demography.mortality_factor"}
    drawn = {*draw(1, ["341282"], 2020).parameters}
    assert fitted - drawn == factors
    # A draw also sets responses that no study informs: they vary as far as is expected of them.
    assert drawn - fitted <= {response.id for response in responses()}
