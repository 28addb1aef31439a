"""``urbsim sensitivity``: which parameters move a scenario's results."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from urbsim.commands.effect import check_pair, explain_effect, show_effect
from urbsim.commands.interrupts import interruptible
from urbsim.commands.terminal import (
    AllowCode,
    JsonOption,
    Lang,
    LanguageOption,
    needs_calibration_extra,
    print_json,
    print_table,
    say,
)
from urbsim.commands.work import (
    ClusterOption,
    JobsOption,
    OverwriteOption,
    QuietOption,
    WorkOption,
    make_runner,
    note_workers,
    what_is_kept,
)
from urbsim.labels import Label, bilingual

if TYPE_CHECKING:
    import pandas as pd

    from urbsim.labels import Language
    from urbsim.report.charts.style import Chart

_DEFAULT_FOLDER = Path("outputs") / "sensitivity"
_HEADINGS = (
    Label("result in the last month", "最后一月的结果"),
    Label("parameter", "参数"),
    Label("meaning", "含义"),
    Label("alone", "单独"),
    Label("with interactions", "含交互作用"),
)
_ERROR = Label(
    "emulator of {outcome}: explains {explained:.0%} of the variance between runs; error {error:.2g} {unit} where runs "
    "spread by {spread:.2g}",
    "{outcome}的代理模型：解释运行间方差的{explained:.0%}；误差{error:.2g}{unit}，运行间标准差{spread:.2g}",
)


_SAME = Label("{outcome}: the same in all runs; no parameter moves it", "{outcome}：各次运行结果相同，没有参数影响它")
_MISSING = Label("{outcome}: not defined in some runs, so not analysed", "{outcome}：部分运行中没有定义，未作分析")


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(sensitivity)


def sensitivity(
    scenario: Annotated[Path, typer.Argument(metavar="SCENARIO.yaml", help="Scenario file.", show_default=True)] = Path(
        "scenarios/jieshou/baseline.yaml"
    ),
    scale: Annotated[float, typer.Option(min=0.0005, max=1, help="Share of the population to simulate.")] = 0.004,
    trajectories: Annotated[int, typer.Option(min=2, help="Trajectories of the screening.")] = 3,
    top: Annotated[int, typer.Option(min=2, max=20, help="Parameters whose shares of variance are computed.")] = 8,
    runs: Annotated[int, typer.Option(min=8, help="Runs that the emulator is fitted to.")] = 128,
    against: Annotated[
        Path | None,
        typer.Option(
            metavar="BASELINE.yaml",
            help="Explain the effect of SCENARIO against this baseline: what makes its interval, what it hinges on.",
            show_default=False,
        ),
    ] = None,
    draws: Annotated[int, typer.Option(min=3, help="With --against: draws of the posterior.")] = 24,
    replicates: Annotated[int, typer.Option(min=1, help="With --against: replicates of every alternative.")] = 4,
    seed: Annotated[int, typer.Option(help="Root of all random numbers.")] = 0,
    jobs: JobsOption = None,
    cluster: ClusterOption = None,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="DIR", help="Folder of tables and charts.")
    ] = _DEFAULT_FOLDER,
    work: WorkOption = None,
    overwrite: OverwriteOption = False,
    quiet: QuietOption = False,
    allow_code: AllowCode = False,
    as_json: JsonOption = False,
    lang: LanguageOption = Lang.en,
) -> None:
    """Find the parameters that move a scenario's results in its last month.

    First a Morris screening of all parameters, then Sobol indices of the most important on an emulator whose error is
    stated. Fitted parameters vary within their posterior, others around their value. Writes screening.csv, sobol.csv
    and charts. An interrupted run continues with the same command.

    With --against, nothing is screened: the effect of the scenario against that baseline is redrawn with the responses,
    the census parameters, the county constants or the luck of each draw alone (interval.csv), and simulated under
    choices of structure that were not taken (alternatives.csv).

    Example: urbsim sensitivity scenarios/jieshou/baseline.yaml

    Example: urbsim sensitivity scenarios/jieshou/plan-2025.yaml --against scenarios/jieshou/baseline.yaml --scale 0.02
    """
    from dataclasses import replace

    from urbsim.experiment.outputs import make_output_folder
    from urbsim.experiment.progress import Progress
    from urbsim.experiment.tables import write_csv
    from urbsim.report.charts.sensitivity import screening_chart, variance_chart
    from urbsim.scenario.loading import load_scenario
    from urbsim.sensitivity.factors import factors
    from urbsim.sensitivity.screening import most_important, screen
    from urbsim.sensitivity.variance import decompose

    if against is None:
        needs_calibration_extra("SALib", "sklearn")
    loaded = replace(load_scenario(scenario, allow_code=allow_code), scale=scale)
    make_output_folder(output)
    runner = make_runner(jobs, Progress(silent=False, quiet=quiet), overwrite=overwrite, work=work, cluster=cluster)
    if against is not None:
        baseline = replace(load_scenario(against, allow_code=allow_code), scale=scale)
        check_pair(baseline, loaded)
        tables = explain_effect(baseline, loaded, (draws, replicates), runner, output, seed)
        show_effect(tables, lang.value, as_json=as_json)
        if not quiet:
            say(bilingual(f"written to {output}", f"已写入 {output}"))
        return
    every = factors(loaded.base_year, loaded.parameters)
    with interruptible(what_is_kept(runner)):
        screening = screen(loaded, every, trajectories, runner, seed)
        # Written at once, so that it is there whatever becomes of the rest.
        _draw(screening_chart(screening, _note(scale, trajectories, len(every)), lang.value), output)
        write_csv(screening.round(5), output / "screening.csv")
        important = most_important(screening, min(top, len(every)))
        chosen = [factor for factor in every if factor.name in important]
        indices = decompose(loaded, chosen, runs, runner, seed)
    _draw(variance_chart(indices, _emulator_note(scale, runs), lang.value), output)
    write_csv(indices.round(4), output / "sobol.csv")
    note_workers(runner, output)
    if as_json:
        print_json(indices.to_dict("records"))
    else:
        _print(indices, lang.value)
    if not quiet:
        say(bilingual(f"written to {output}", f"已写入 {output}"))


def _draw(chart: Chart, folder: Path) -> None:
    chart.write(folder)
    (folder / f"{chart.name}.svg").unlink()  # the picture is enough, and ten times smaller


def _note(scale: float, trajectories: int, count: int) -> Label:
    return Label(
        f"Morris screening of {count} parameters, {trajectories} trajectories, scale {scale:g}; the smallest: chance.",
        f"对{count}个参数的Morris筛选，{trajectories}条轨迹，抽样比例{scale:g}；很小的效应属于随机波动。",
    )


def _emulator_note(scale: float, runs: int) -> Label:
    return Label(
        f"Sobol indices on a Gaussian process fitted to {runs} runs, scale {scale:g}; lines are 90 % intervals.",
        f"基于{runs}次运行拟合的高斯过程计算的Sobol指数，抽样比例{scale:g}；线段为90%区间。",
    )


def _print(indices: pd.DataFrame, language: Language) -> None:
    import pandas as pd

    from urbsim.parameters import registry
    from urbsim.sensitivity.outcomes import OUTCOMES

    rows, notes = [], []
    for outcome in OUTCOMES:
        part = indices[indices["outcome"] == outcome.indicator]
        name = outcome.label.in_language(language)
        first = part.iloc[0]
        if pd.isna(first["total"]):
            notes.append((_SAME if first["spread"] == 0.0 else _MISSING).in_language(language).format(outcome=name))
            continue
        for number, row in enumerate(part.to_dict("records")):
            meaning = registry()[row["parameter"]].label.in_language(language)
            shares = [f"{row[kind]:.2f} ± {row[f'{kind}_error']:.2f}" for kind in ("first", "total")]
            rows.append(["" if number else name, row["parameter"], meaning, *shares])
        notes.append(
            _ERROR.in_language(language).format(
                outcome=name,
                explained=first["emulator_explained"],
                error=first["emulator_error"],
                spread=first["spread"],
                unit=outcome.unit.in_language(language),
            )
        )
    print_table(_HEADINGS, rows, language, right=(3, 4))
    print("", *notes, sep="\n")
