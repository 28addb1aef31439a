"""``urbsim calibrate`` and ``urbsim hindcast``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from urbsim.commands.interrupts import interruptible
from urbsim.commands.terminal import (
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
from urbsim.labels import ANSWERS, Label, bilingual, bracketed, decimal

if TYPE_CHECKING:
    import pandas as pd

    from urbsim.experiment.runner import Runner
    from urbsim.labels import Language

NATIONAL, EVIDENCE, COUNTIES = "national", "evidence", "counties"


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(calibrate)
    app.command()(hindcast)


def calibrate(
    region: Annotated[
        str,
        typer.Argument(
            help="A county, prefecture or province by code or name, or a SCENARIO.yaml with observed:; 'national' fits "
            "the common parameters, 'evidence' the responses to policies (after it), 'counties' the constants of every "
            "county (after both)."
        ),
    ],
    observed: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Fit to what was observed after the census: csv or xlsx with place, month, indicator, value, "
            "tolerance, source. Default: what the scenario says under observed:.",
        ),
    ] = None,
    members: Annotated[
        int, typer.Option(min=8, help="Draws of the posterior; at most those of the national stage.")
    ] = 60,
    scale: Annotated[float, typer.Option(min=0.05, help="People simulated, relative to the usual number.")] = 1.0,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Folder of the posterior. Default: where scenarios find it.")
    ] = None,
    work: WorkOption = None,
    overwrite: OverwriteOption = False,
    jobs: JobsOption = None,
    cluster: ClusterOption = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
    lang: LanguageOption = Lang.en,
) -> None:
    """Fit the constants of a region's counties to their censuses of 2010 and 2020, or to what was observed since.

    Scenarios of these counties then use them. Writes the posterior, a table of the fit and a one-page diagnostic. An
    interrupted calibration continues with the same command.

    With --observed, or for a scenario with observed:, draws of the posterior are simulated to the last observation, the
    counties' constants are moved and draws weighted so that they agree with it. Writes a posterior of its own (in the
    folder that the scenario names under posterior:, else outputs/posterior-REGION) for scenarios that name it there,
    and a page on what had to be true and how plausible that is.
    """
    from urbsim.commands.observed import calibrate_observed, is_scenario

    if observed is not None and region in (NATIONAL, EVIDENCE, COUNTIES):
        raise typer.BadParameter(
            bilingual(
                f"'{region}' is fitted to the censuses and studies; give the region or the scenario that was observed",
                f"“{region}”按普查和研究拟合；请给出所观测的地区或情景",
            ),
            param_hint="--observed",
        )
    if observed is not None or is_scenario(region):
        from urbsim.experiment.progress import Progress

        progress = Progress(silent=False, quiet=quiet)
        runner = make_runner(jobs, progress, overwrite=overwrite, work=work, cluster=cluster)
        calibrate_observed(region, observed, members, scale, output, runner, lang.value, as_json=as_json)
        return
    needs_calibration_extra("sklearn", "emcee")
    from urbsim.experiment.outputs import make_output_folder
    from urbsim.experiment.progress import Progress
    from urbsim.posterior.draws import posteriors_folder

    runner = make_runner(jobs, Progress(silent=False, quiet=quiet), overwrite=overwrite, work=work, cluster=cluster)
    if region == NATIONAL:
        from urbsim.calibration.national import FitSettings, fit_national

        folder = output or posteriors_folder() / NATIONAL
        make_output_folder(folder)
        with interruptible(what_is_kept(runner)):
            fit_national(FitSettings(scale=scale), folder, runner)
        note_workers(runner, folder)
        return
    if region == EVIDENCE:
        _calibrate_evidence(output, scale, runner, lang.value, as_json=as_json)
        return
    if region == COUNTIES:
        _calibrate_counties(output, scale, runner)
        return
    _calibrate_region(region, members, scale, output, runner)


def _calibrate_evidence(
    output: Path | None, scale: float, runner: Runner, language: Language, *, as_json: bool
) -> None:
    import pandas as pd

    from urbsim.experiment.outputs import make_output_folder
    from urbsim.inference.stage import EvidenceSettings, fit_evidence
    from urbsim.posterior.draws import evidence_folder, hash_of_national

    if not hash_of_national():
        needed = bilingual(
            "there is no national posterior; make it with: urbsim calibrate national",
            "没有全国阶段的后验；请先运行：urbsim calibrate national",
        )
        raise typer.BadParameter(needed)
    folder = output or evidence_folder()
    make_output_folder(folder)
    with interruptible(what_is_kept(runner)):
        fit_evidence(EvidenceSettings().at_scale(scale), folder, runner)
    note_workers(runner, folder)
    tables = {name: pd.read_csv(folder / f"{name}.csv") for name in ("studies", "responses", "coverage")}
    if as_json:
        print_json({name: _records(table) for name, table in tables.items()})
        return
    _print_evidence(tables, language)
    say(bilingual(f"written to {folder}", f"已写入 {folder}"))


_STUDY_HEADINGS = (
    Label("study", "研究"),
    Label("outcome", "结果指标"),
    Label("found", "研究结果"),
    Label("band", "区间"),
    Label("before [90 %]", "拟合前［90%］"),
    Label("after [90 %]", "拟合后［90%］"),
    Label("in the band", "落入区间"),
)
_RECOVERED = Label(
    "Responses recovered from synthetic evaluations: intervals of 50, 80, 90 % hold {all} % of them; of those that "
    "studies inform, {informed} %.",
    "由合成评估还原反应参数：50%、80%、90%区间分别包含{all}%；其中有研究提供信息的为{informed}%。",
)


def _print_evidence(tables: dict[str, pd.DataFrame], language: Language) -> None:
    rows = [
        [
            row["study"],
            row["outcome"],
            f"{row['estimate']:+g} ± {row['error']:.2g}",
            f"{row['band_low']:g}–{row['band_high']:g}",
            *(
                f"{row[f'{when}_median']:+.2f} [{row[f'{when}_p05']:+.2f}, {row[f'{when}_p95']:+.2f}]"
                for when in ("prior", "posterior")
            ),
            ANSWERS[bool(row["inside"])].in_language(language),
        ]
        for row in tables["studies"].to_dict("records")
    ]
    print_table(_STUDY_HEADINGS, rows, language)
    held = {
        str(row["responses"]): " / ".join(decimal(row[level], 0) for level in ("50", "80", "90"))
        for row in tables["coverage"].to_dict("records")
    }
    print(f"\n{_RECOVERED.in_language(language).format(**held)}")


def _calibrate_counties(output: Path | None, scale: float, runner: Runner) -> None:
    from urbsim.calibration.counties import fit_counties
    from urbsim.experiment.outputs import make_output_folder
    from urbsim.posterior.draws import counties_folder

    folder = output or counties_folder()
    make_output_folder(folder)
    with interruptible(what_is_kept(runner)):
        for year in (2020, 2010):
            say(bilingual(f"runs from {year}", f"{year} 年起的模拟"))
            say(fit_counties(year, folder, runner, scale).passes.round(2).to_string(index=False))
    note_workers(runner, folder)
    say(bilingual(f"written to {folder}", f"已写入 {folder}"))


def _calibrate_region(region: str, members: int, scale: float, output: Path | None, runner: Runner) -> None:
    from urbsim.calibration.regional import calibrate as fit
    from urbsim.calibration.regional import fit_table, rebased, recovery, units_of
    from urbsim.experiment.outputs import make_output_folder
    from urbsim.posterior.draws import available_draws, posteriors_folder
    from urbsim.region.places import RegionError, region_code
    from urbsim.report.posterior_files import write_posterior

    if members > available_draws():
        message = bilingual(
            f"{members} is more than the {available_draws()} draws of the national stage",
            f"{members} 超过全国拟合的 {available_draws()} 组抽样",
        )
        raise typer.BadParameter(message, param_hint="--members")
    try:
        code = region_code(region)
        units = units_of(code)
    except RegionError as error:
        raise typer.BadParameter(str(error), param_hint="REGION") from None
    folder = output or posteriors_folder() / code
    make_output_folder(folder)
    with interruptible(what_is_kept(runner)):
        ensemble = fit(units, members, runner, scale=scale)
        after = rebased(code, members, runner, scale)
    fitted = fit_table(ensemble)
    write_posterior(ensemble, after, fitted, recovery(ensemble), folder, code)
    note_workers(runner, folder)
    _print_fit(fitted)
    say(bilingual(f"written to {folder}", f"已写入 {folder}"))


def _print_fit(table: pd.DataFrame) -> None:
    headings = [Label("code", "代码"), Label("name", "名称"), Label("target", "目标"), Label("observed", "实际")]
    headings += [Label("before fitting", "拟合前"), Label("after", "拟合后"), Label("10-90 %", "10-90%")]
    rows = [
        [
            row["code"],
            row["name"],
            row["target"],
            *(decimal(row[name]) for name in ("observed", "prior", "posterior")),
            f"{decimal(row['posterior_p10'])}–{decimal(row['posterior_p90'])}",
        ]
        for row in table.to_dict("records")
    ]
    print_table(headings, rows, "en", right=(3, 4, 5, 6))


def hindcast(
    provinces: Annotated[
        str | None, typer.Option(help="Two-digit codes of provinces, separated by commas. Default: all.")
    ] = None,
    start: Annotated[
        int,
        typer.Option("--from", help="Census year of the start: 2010 predicts 2020, 2020 predicts the years after it."),
    ] = 2010,
    sample: Annotated[
        int | None, typer.Option(min=1, help="Simulate so many counties, drawn evenly over starting levels.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A sample of 240 counties, fewer draws.")] = False,
    draws: Annotated[int, typer.Option(min=1, help="Draws of the parameters.")] = 8,
    scale: Annotated[float, typer.Option(min=0.05, help="People simulated per county, relative to 1,500.")] = 1.0,
    jobs: JobsOption = None,
    cluster: ClusterOption = None,
    overwrite: OverwriteOption = False,
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder of hindcast.csv and the tables.")] = Path(
        "outputs/hindcast"
    ),
    quiet: QuietOption = False,
    as_json: JsonOption = False,
    lang: LanguageOption = Lang.en,
) -> None:
    """Predict 2020 from the census of 2010 for every county, and compare with what happened.

    Writes hindcast.csv with the predicted urban share and residents of every county and their intervals, and prints
    errors, bias and coverage for the counties whose outcome is known, beside simple rules. Counties of held-out
    provinces were never used for fitting; the others are predicted with a county equation that never saw their
    province, but the national parameters did. With --from 2020, provinces are simulated from the census of 2020 and
    compared with their published residents and urban shares at the end of 2021 and 2022.
    """
    needs_calibration_extra("sklearn", "emcee")
    from urbsim.calibration.after_2020 import run_after
    from urbsim.calibration.hindcast import run_hindcast
    from urbsim.experiment.outputs import make_output_folder
    from urbsim.experiment.progress import Progress

    if start not in (2010, _AFTER):
        raise typer.BadParameter(
            bilingual(
                f"{start} is no census year of a start; known: 2010, {_AFTER}",
                f"{start} 不是可作起点的普查年份；可用：2010、{_AFTER}",
            ),
            param_hint="--from",
        )
    if sample and start == _AFTER:
        message = bilingual(
            "from 2020 provinces are simulated whole; choose some with --provinces or fewer people with --scale",
            "2020 年起按整省模拟；请用 --provinces 选择省份，或用 --scale 减少人数",
        )
        raise typer.BadParameter(message, param_hint="--sample")
    if quick:
        sample, draws = sample or 240, min(draws, 3)
    chosen = _provinces(provinces)
    make_output_folder(output)
    runner = make_runner(jobs, Progress(silent=False, quiet=quiet), overwrite=overwrite, cluster=cluster)
    try:
        with interruptible(what_is_kept(runner)):
            if start == _AFTER:
                tables = run_after(chosen, draws, runner, scale=scale / 4 if quick else scale)
            else:
                tables = run_hindcast(chosen, sample, draws, runner, scale=scale)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    for name, table in tables.items():
        table.to_csv(
            output / f"{name}.csv", float_format="%.4f", lineterminator="\n", index=table.index.name is not None
        )
    note_workers(runner, output)
    if as_json:
        print_json({name: _records(tables[name]) for name in tables if name != "hindcast"})
        return
    if start == _AFTER:
        _print_after(tables, lang.value)
    else:
        _print_tables(tables, lang.value)
    say(bilingual(f"written to {output}", f"已写入 {output}"))


def _print_after(tables: dict[str, pd.DataFrame], language: Language) -> None:
    rules = tables["rules"]
    for year, part in rules.groupby("year"):
        use = _USES[str(part["use"].iloc[0])].in_language(language)
        print("\n" + bracketed(str(year), f"{use}; {int(part['provinces'].iloc[0])}", language))
        _print_one(part.drop(columns=["year", "use", "provinces"]).set_index("rule"), Label("rule", "方法"), language)
    nation = tables["provinces"].query("province == 'CN'")
    for row in nation.to_dict("records"):
        text = _NATION.in_language(language)
        shown = {str(name): decimal(value, 2) if isinstance(value, float) else value for name, value in row.items()}
        print(text.format(**shown))


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    named = table.reset_index() if table.index.name is not None else table
    return [{str(name): value for name, value in row.items()} for row in named.round(4).to_dict("records")]


def _provinces(text: str | None) -> tuple[str, ...]:
    from urbsim.posterior.outcomes import observed

    known = sorted(set(observed()["province"]))
    chosen = tuple(part.strip() for part in text.split(",")) if text else tuple(known)
    wrong = [code for code in chosen if code not in known]
    if wrong:
        message = bilingual(
            f"'{wrong[0]}' is not the two-digit code of a province; known: {', '.join(known)}",
            f"“{wrong[0]}”不是省的两位代码；可用：{'、'.join(known)}",
        )
        raise typer.BadParameter(message, param_hint="--provinces")
    return chosen


_AFTER = 2020
_USES = {
    "fit": Label("fitted: not a test", "用于拟合，不作检验"),
    "test": Label("a test: nothing was fitted to it", "检验：未用于拟合"),
}
_NATION = Label(
    "All provinces, end of {year}: urban share {share} % [{share_p10} to {share_p90}], published {share_published}; "
    "residents {residents} million, published {residents_published}.",
    "各省合计，{year}年末：城镇化率{share}%［{share_p10}至{share_p90}］，公布{share_published}；"
    "常住人口{residents}百万，公布{residents_published}。",
)
_SETS = {
    "held_out": Label("held-out provinces", "保留省份"),
    "second_test": Label("second test: provinces whose 2020 came last", "第二检验：2020年数据最后到位的省份"),
    "cross_validated": Label("other provinces, each left out in turn", "其他省份（逐省留出）"),
}
_NOTHING_KNOWN = Label(
    "Predicted; there is nothing to compare with: the outcome of 2020 is known for none of these counties.",
    "已完成预测；这些县均没有已知的2020年结果，无从比较。",
)
_COLUMNS = {
    "counties": Label("counties", "县数"),
    "share_mae": Label("share: error, points", "城镇化率误差（百分点）"),
    "share_bias": Label("bias", "偏差"),
    "share_coverage_80": Label("80 % holds, %", "80%区间覆盖率"),
    "share_coverage_90": Label("90 % holds, %", "90%区间覆盖率"),
    "residents_mae": Label("residents: error, %", "人口误差（%）"),
    "residents_bias": Label("bias", "偏差"),
    "residents_coverage_80": Label("80 % holds, %", "80%区间覆盖率"),
    "residents_coverage_90": Label("90 % holds, %", "90%区间覆盖率"),
    "observed": Label("observed change, points", "实际变化（百分点）"),
    "model": Label("predicted change, points", "模拟变化（百分点）"),
}


def _print_tables(tables: dict[str, pd.DataFrame], language: Language) -> None:
    rules = tables["rules"]
    if rules.empty:
        print(_NOTHING_KNOWN.in_language(language))
        return
    for name, label in _SETS.items():
        part = rules[rules["set"] == name]
        if len(part):
            print("\n" + bracketed(label.in_language(language), str(int(part["counties"].iloc[0])), language))
            _print_one(part.drop(columns=["set", "counties"]).set_index("rule"), Label("rule", "方法"), language)
    for name, heading in (
        ("skill_by_set", Label("counties", "县")),
        ("skill_by_band", Label("urban share in 2010", "2010年城镇化率")),
        ("skill_by_province", Label("province", "省份")),
        ("change_by_band", Label("urban share in 2010", "2010年城镇化率")),
    ):
        print()
        _print_one(tables[name], heading, language)


def _print_one(table: pd.DataFrame, first: Label, language: Language) -> None:
    headings = [first, *(_COLUMNS[column] for column in table.columns)]
    rows = [
        [str(group), *(decimal(value, 0 if column == "counties" else 1) for column, value in row.items())]
        for group, row in zip(table.index, table.to_dict("records"), strict=True)
    ]
    print_table(headings, rows, language, right=range(1, len(headings)))
