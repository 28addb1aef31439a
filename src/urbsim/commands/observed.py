"""``urbsim calibrate REGION --observed FILE``, and ``urbsim calibrate SCENARIO.yaml``: fits to observations."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from urbsim.commands.interrupts import interruptible
from urbsim.commands.terminal import print_json, print_table, say
from urbsim.commands.work import what_is_kept
from urbsim.labels import bilingual

if TYPE_CHECKING:
    from urbsim.calibration.observed import ObservedFit
    from urbsim.experiment.runner import Runner
    from urbsim.labels import Language
    from urbsim.scenario.model import ObservedValue, Scenario

_OUTPUTS = Path("outputs")


def is_scenario(region: str) -> bool:
    """Return whether what was given as a region is the path of a scenario file."""
    return region.endswith((".yaml", ".yml"))


def calibrate_observed(
    region: str,
    observed: Path | None,
    members: int,
    scale: float,
    output: Path | None,
    runner: Runner,
    language: Language,
    *,
    as_json: bool,
) -> None:
    """Fit a region, or a scenario, to what was observed of it; write the posterior and say what it found."""
    from urbsim.calibration.observed import fit_observed
    from urbsim.experiment.manifest import command_line
    from urbsim.experiment.outputs import make_output_folder
    from urbsim.posterior.draws import available_draws
    from urbsim.report.observed_files import write_observed

    if members > available_draws():
        message = bilingual(
            f"{members} is more than the {available_draws()} draws of the national stage",
            f"{members} 超过全国拟合的 {available_draws()} 组抽样",
        )
        raise typer.BadParameter(message, param_hint="--members")
    scenario, observations = _read(region, observed)
    folder = output or (scenario.posterior.folder if scenario.posterior else _default_folder(scenario))
    make_output_folder(folder)
    with interruptible(what_is_kept(runner)):
        fit = fit_observed(scenario, observations, members, runner, scale)
    write_observed(fit, folder, command_line() or f"urbsim calibrate {region}")
    if as_json:
        print_json(_data(fit, folder))
    else:
        _print(fit, language)
    sys.stdout.flush()
    say(
        bilingual(
            f"written to {folder}: README.md says what had to be true", f"已写入 {folder}：README.md 说明什么必须成立"
        )
    )
    if scenario.posterior is None or scenario.posterior.folder.resolve() != folder.resolve():
        say(
            bilingual(
                f"a scenario runs with it that says: posterior: {folder}", f"在情景中写 posterior: {folder} 即可使用"
            )
        )


def _default_folder(scenario: Scenario) -> Path:
    return _OUTPUTS / f"posterior-{scenario.region.replace(', ', '+')}"


def _read(region: str, observed: Path | None) -> tuple[Scenario, Sequence[ObservedValue]]:
    """Return what is simulated, and what it is fitted to; say what was taken to hold in reading."""
    from urbsim.experiment.errors import ExperimentError
    from urbsim.reading.problems import ScenarioError
    from urbsim.scenario.loading import load_scenario
    from urbsim.scenario.observed import read_observed

    scenario = load_scenario(Path(region)) if is_scenario(region) else _of_region(region)
    doubts, observations = list(scenario.doubts), scenario.observed
    if observed is not None:
        observations, found = read_observed(observed, scenario.region, scenario.counties, scenario.base_year)
        if found.problems:
            raise ScenarioError(found.problems)
        doubts += map(str, found.doubts)
    for doubt in doubts:
        say(doubt)
    if not observations:
        raise ExperimentError(
            bilingual(
                f"'{scenario.name}' says nothing under observed:; write it there, or give --observed FILE",
                f"“{scenario.title.zh}”没有写 observed:；请写在其中，或给出 --observed 文件",
            )
        )
    return scenario, observations


def _of_region(region: str) -> Scenario:
    """Return the scenario of a region without policies, from the census of 2020 on."""
    from urbsim.months import census_month
    from urbsim.region.places import RegionError, region_code, resolve_region
    from urbsim.scenario.model import LAST_MONTH, Scenario

    try:
        code = region_code(region)
        codes = resolve_region(code, 2020)
    except RegionError as error:
        raise typer.BadParameter(str(error), param_hint="REGION") from None
    return Scenario(code, code, codes, census_month(2020), LAST_MONTH)


def _print(fit: ObservedFit, language: Language) -> None:
    from urbsim.report.observed_files import HEADINGS, NEEDED_HEADINGS, fit_rows, needed_rows, sentences

    print_table(HEADINGS, list(fit_rows(fit, language)), language, right=range(2, 7))
    print()
    rows = [row for kind in ("constant", "flow", "posts") for row in needed_rows(fit, kind, language)]
    print_table(NEEDED_HEADINGS, rows, language, right=(1, 2, 3))
    print()
    for sentence in sentences(fit, language):
        print(sentence)


def _data(fit: ObservedFit, folder: Path) -> dict[str, Any]:
    """Return the fit as plain data."""
    from urbsim.calibration.assimilation import effective

    return {
        "folder": str(folder),
        "members": len(fit.prior),
        "effective": fit.weights.effective,
        "effective_before": effective(fit.before),
        "power": fit.weights.power,
        "distance": fit.space.distance,
        "plausibility": fit.space.plausibility,
        "fit": _records(fit.fit_table()),
        "needed": _records(fit.needed()),
    }


def _records(table: Any) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]
