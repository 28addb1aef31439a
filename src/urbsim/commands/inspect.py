"""``urbsim validate``, ``show``, ``diff``, ``regions`` and ``schema``: everything about a scenario before it runs."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from urbsim.commands.terminal import (
    AllowCode,
    JsonOption,
    Lang,
    LanguageOption,
    print_json,
    print_table,
    print_text,
    say,
)
from urbsim.labels import Label, Language, bilingual, bracketed, counted
from urbsim.reading.wording import either, listed, quoted

if TYPE_CHECKING:
    from urbsim.region.places import Place
    from urbsim.scenario import Scenario

_KEY, _VALUE, _UNIT = Label("key", "键"), Label("value", "值"), Label("unit", "单位")
_WRITTEN = Label("written at", "出处")
_ABSENT = "–"
_LEVELS = {
    "country": Label("country", "全国"),
    "province": Label("province", "省级"),
    "prefecture": Label("prefecture", "地级"),
    "county": Label("county", "县级"),
}
_PLACE_HEADINGS = (
    Label("code", "代码"),
    Label("name", "名称"),
    Label("pinyin", "拼音"),
    Label("level", "级别"),
    Label("census years", "普查年份"),
    Label("residents 2010", "2010年常住人口"),
    Label("residents 2020", "2020年常住人口"),
)

_File = Annotated[Path, typer.Argument(metavar="SCENARIO.yaml", help="Scenario file.", show_default=False)]
_Files = Annotated[list[Path], typer.Argument(metavar="SCENARIO.yaml ...", help="Scenario files.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(validate)
    app.command()(show)
    app.command()(diff)
    app.command()(regions)
    app.command()(schema)


def validate(
    files: _Files,
    as_json: Annotated[bool, typer.Option("--json", help="Print the problems as JSON.")] = False,
    allow_code: AllowCode = False,
) -> None:
    """Check scenario files without running them; every mistake is reported, with file, line and column.

    Prints one line for each file that is in order. Exit code 2 if any file has a mistake.

    Example: urbsim validate scenarios/jieshou/*.yaml
    """
    from urbsim.scenario import ScenarioError, load_scenario

    problems: list[Any] = []
    for file in files:
        try:
            scenario = load_scenario(file, allow_code=allow_code)
        except ScenarioError as error:
            problems += error.problems
        else:
            if not as_json:
                print_text(bilingual(f"{file}: OK: {_summary(scenario)}", f"{file}：没有错误：{_summary(scenario)}"))
                for doubt in scenario.doubts:
                    say(doubt)
    problems = list(dict.fromkeys(problems))
    if as_json:
        print_json([asdict(problem) for problem in problems])
    else:
        for problem in problems:
            say(str(problem))
    if problems:
        raise typer.Exit(2)


def _summary(scenario: Scenario) -> str:
    """Return the scenario in a line, naming policies that its dates keep from ever acting."""
    from urbsim.experiment.footing import footing
    from urbsim.months import format_month
    from urbsim.posterior.basis import OWN

    counties = len(scenario.counties)
    region = scenario.region + (bilingual(f" ({counties} counties)", f"（{counties} 个县）") if counties > 1 else "")
    period = bilingual(
        f"{format_month(scenario.start)} to {format_month(scenario.until)}",
        f"{format_month(scenario.start)} 至 {format_month(scenario.until)}",
    )
    if scenario.census < scenario.start:
        period += bilingual(
            f" (simulated from {format_month(scenario.census)})", f"（从 {format_month(scenario.census)} 开始模拟）"
        )
    counts = [
        _count(len(scenario.policies), "policy", "policies", "项政策"),
        _count(len(scenario.targets), "target", "targets", "个目标"),
    ]
    given = sum(map(len, scenario.county_data.values()))
    counts += [_count(given, "own figure of counties", "own figures of counties", "项各县自有数据")] if given else []
    idle = [
        name
        for name, policy in scenario.policies.items()
        if policy.start > scenario.until or (policy.end is not None and policy.end < scenario.census)
    ]
    weak = sum(len(codes) for kind, codes in footing(scenario).items() if kind != OWN)
    constants = (
        bilingual(
            f"; {weak} of {counties} counties without constants of their own",
            f"；{counties} 个县中 {weak} 个没有自己的常数",
        )
        if weak
        else ""
    )
    never = bilingual(f"; never in force: {listed(idle)}", f"；始终不生效的政策：{listed(idle)}") if idle else ""
    missed = _targets_outside(scenario)
    outside = (
        bilingual(f"; targets outside the output: {listed(missed)}", f"；不在输出期内的目标：{listed(missed)}")
        if missed
        else ""
    )
    return bilingual(
        f"{scenario.title}; region {region}; {period}; {listed(counts)}{constants}{never}{outside}",
        f"{scenario.title}；地区 {region}；{period}；{'，'.join(counts)}{constants}{never}{outside}",
    )


def _targets_outside(scenario: Scenario) -> list[str]:
    """Return the targets that no month of the output is held against, or no month that their change is counted from."""
    from urbsim.months import format_month, parse_month

    def is_shown(month: int) -> bool:
        return scenario.start <= month <= scenario.until

    return [
        f"{target.indicator} {format_month(target.month)}"
        + (bilingual(f" since {target.since}", f"（自 {target.since}）") if target.since else "")
        for target in scenario.targets
        if not is_shown(target.month) or (target.since is not None and not is_shown(parse_month(target.since)))
    ]


def _count(number: int, one: str, many: str, chinese: str) -> str:
    return bilingual(counted(number, one, many), f"{number} {chinese}")


def show(
    file: _File, as_json: JsonOption = False, allow_code: AllowCode = False, lang: LanguageOption = Lang.en
) -> None:
    """Show every value of a scenario after inheritance, and the file and line it was written at.

    Example: urbsim show scenarios/jieshou/plan-2025.yaml
    """
    from urbsim.scenario import load_scenario, provenance

    settings = provenance(load_scenario(file, allow_code=allow_code), lang.value)
    if as_json:
        print_json([asdict(setting) for setting in settings])
        return
    rows = [[each.key, _shown(each.value), each.unit, each.origin] for each in settings]
    print_table([_KEY, _VALUE, _UNIT, _WRITTEN], rows, lang.value)


def diff(
    first: Annotated[Path, typer.Argument(metavar="A.yaml", help="Scenario file.", show_default=False)],
    second: Annotated[Path, typer.Argument(metavar="B.yaml", help="Scenario file.", show_default=False)],
    as_json: JsonOption = False,
    allow_code: AllowCode = False,
    lang: LanguageOption = Lang.en,
) -> None:
    """Show what differs between two scenarios, after inheritance and with defaults.

    Example: urbsim diff scenarios/jieshou/baseline.yaml scenarios/jieshou/plan-2025.yaml
    """
    from urbsim.scenario import differences, load_scenario

    left, right = (load_scenario(file, allow_code=allow_code) for file in (first, second))
    found = differences(left, right, lang.value)
    if as_json:
        print_json([asdict(each) for each in found])
    elif found:
        rows = [[each.key, _shown(each.left), _shown(each.right), each.unit] for each in found]
        print_table([_KEY, Label(str(first), str(first)), Label(str(second), str(second)), _UNIT], rows, lang.value)
    else:
        say(bilingual("no difference", "没有差别"))


def _shown(value: str | float | bool | None) -> str:
    if value is None:
        return _ABSENT
    return str(value).lower() if isinstance(value, bool) else str(value)


def regions(
    text: Annotated[
        str | None,
        typer.Argument(
            help="Code, Chinese name or pinyin, or part of one. Default: China and its provinces.", show_default=False
        ),
    ] = None,
    as_json: JsonOption = False,
    lang: LanguageOption = Lang.en,
) -> None:
    """List the counties, prefectures and provinces that can be simulated, and China (CN).

    A county that one census lacks is followed by the code its territory has there, if it is one.

    Examples: urbsim regions 界首, urbsim regions jieshou, urbsim regions 1404, urbsim regions 14
    """
    from urbsim.region.places import all_places, find_places

    found = find_places(text) if text else [place for place in all_places() if place.level in ("country", "province")]
    if not found:
        _say_unknown(text or "")
        raise typer.Exit(2)
    if as_json:
        print_json([asdict(place) for place in found])
        return
    print_table(_PLACE_HEADINGS, [_place_row(place, lang.value) for place in found], lang.value, right=(5, 6))


def _say_unknown(text: str) -> None:
    from urbsim.region.places import suggest_places

    meant = [bracketed(f"{place.code} {place.name}", place.short_pinyin) for place in suggest_places(text)]
    suggestion = bilingual(f"; did you mean {either(meant)}?", f"；是否想写 {either(meant)}？") if meant else ""
    say(
        bilingual(
            f"no county, prefecture or province is called {quoted(text)}{suggestion}",
            f"没有叫{quoted(text)}的县、地级市或省{suggestion}",
        )
    )


def _place_row(place: Place, language: Language) -> list[str]:
    residents = [f"{place.residents[year]:,}" if year in place.residents else _ABSENT for year in (2010, 2020)]
    years = ", ".join(map(str, place.years))
    if place.other_codes:
        years += f" ({next(year for year in (2010, 2020) if year not in place.years)}: {', '.join(place.other_codes)})"
    level = _LEVELS[place.level].in_language(language)
    return [place.code, place.name, place.short_pinyin, level, years, *residents]


def schema() -> None:
    """Print the JSON Schema of the scenario file, with which editors complete and check it.

    Example: urbsim schema > urbsim.schema.json, and in the scenario file the comment
    # yaml-language-server: $schema=urbsim.schema.json
    """
    from urbsim.scenario import json_schema

    print_json(json_schema())
