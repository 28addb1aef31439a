"""The sections of a scenario file, each checked and turned into its part of the scenario."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from urbsim.labels import bilingual
from urbsim.months import CENSUS_YEARS, census_month, census_of, census_year, format_month, month_number
from urbsim.parameters import DatedValue, overlay, registry
from urbsim.policies.base import Policy
from urbsim.reading.located import Node
from urbsim.reading.problems import Problem, ScenarioError
from urbsim.reading.suggestions import similar
from urbsim.reading.wording import either, quoted, shortened
from urbsim.region.figures import CountyData
from urbsim.scenario.county_data import county_data_of
from urbsim.scenario.fields import (
    Report,
    boolean_of,
    entries_of,
    in_both_languages,
    month_from,
    month_of,
    name_of,
    note_unknown,
    number_of,
    text_of,
)
from urbsim.scenario.hints import end_hint, start_hint
from urbsim.scenario.inheritance import Merged
from urbsim.scenario.keys import KEYS
from urbsim.scenario.model import (
    FEEDBACKS,
    LAST_MONTH,
    SCALE_BOUNDS,
    ObservedValue,
    OwnPosterior,
    Scenario,
    Target,
)
from urbsim.scenario.observe_fields import observations_of
from urbsim.scenario.observed import observed_of
from urbsim.scenario.own_posterior import own_posterior
from urbsim.scenario.policy_fields import FindLever, PolicyReader
from urbsim.scenario.region_fields import region_of
from urbsim.scenario.rules import check_own_levers, check_parts, check_source, check_tenants
from urbsim.scenario.target_fields import targets_of
from urbsim.scenario.targeting import TYPES_KEY, CountyTypes, Region, county_types_of

if TYPE_CHECKING:
    from urbsim.observation.observe import Observation

REQUIRED = ("name", "region", "start", "until")
#: The first months that an output can have, by the census it is made from.
_ENDS = (*(month_number(year) - 1 for year in CENSUS_YEARS[1:]), LAST_MONTH)


def _starts() -> str:
    return either(
        bilingual(
            f"{format_month(census_month(year))} to {format_month(end)} (from the census of {year})",
            f"{format_month(census_month(year))} 至 {format_month(end)}（从 {year} 年普查开始）",
        )
        for year, end in zip(CENSUS_YEARS, _ENDS, strict=True)
    )


def build(
    merged: Merged, path: Path | None, origins: Mapping[str, str], find_lever: FindLever, *, recorded: bool = False
) -> tuple[Scenario | None, list[Problem]]:
    """Return the scenario of a merged mapping and the problems found; None where anything is wrong.

    One ``recorded`` by a run folder is shown and not simulated, so it may start in the January of a census year, as
    runs of older versions did.
    """
    sections = _Sections(merged, recorded=recorded)
    sections.check_keys()
    (name, name_zh), (description, description_zh) = sections.name(), sections.description()
    start, until = sections.period()
    region = sections.region(start)
    scale = sections.scale()
    reachable = Region(region[1], census_year(start)) if region and start is not None else None
    parameters, types = sections.parameters(start), sections.county_types(reachable)
    policies = sections.policies(reachable, types, find_lever)
    targets, feedbacks, calibrated = sections.targets(), sections.feedbacks(), sections.calibrated()
    observe = sections.observe()
    county_data, observed = sections.county_data(region, start), sections.observed(region, start)
    posterior = sections.posterior()
    if name is None or region is None or start is None or until is None or merged.problems or sections.report:
        return None, sections.report
    scenario = Scenario(
        name=name,
        region=region[0],
        counties=region[1],
        start=start,
        until=until,
        scale=scale,
        description=description,
        name_zh=name_zh,
        description_zh=description_zh,
        parameters=parameters,
        county_types={name: counties for name, counties in (types or {}).items() if counties},
        policies=policies,
        targets=targets,
        observe=observe,
        feedbacks=feedbacks,
        county_data=county_data,
        observed=observed,
        posterior=posterior,
        calibrated=calibrated,
        origins=origins,
        path=path,
        doubts=tuple(map(str, sections.doubts)),
    )
    return scenario, []


class _Sections:
    """Reads each section of a merged mapping; problems gather in ``report``."""

    def __init__(self, merged: Merged, *, recorded: bool) -> None:
        self.recorded = recorded
        self.root, self.entries, self.complete = merged.root, merged.root.entries, merged.complete
        self.report = Report(merged.root)
        self.doubts: list[Problem] = []

    def check_keys(self) -> None:
        """Note unknown keys, and required ones that neither the file nor a parent has."""
        unknown = [key for key in self.entries if key not in KEYS]
        for key in unknown:
            note_unknown(key, self.entries[key], bilingual("key", "键"), KEYS, self.report)
        for key in REQUIRED:
            # A misspelt key is one mistake, which is said where it stands.
            if key not in self.entries and self.complete and similar(key, unknown) is None:
                self.report.note(
                    self.root.at, bilingual(f"the key '{key}' is missing", f"缺少键“{key}”"), f"{key}: {KEYS[key]}"
                )

    def name(self) -> tuple[str | None, str]:
        """Return the name, and its Chinese where that is given."""
        node = self.entries.get("name")
        return in_both_languages(node, "name", name_of, self.report) if node else (None, "")

    def description(self) -> tuple[str, str]:
        """Return the description, empty without one, and its Chinese where that is given."""
        node = self.entries.get("description")
        english, chinese = in_both_languages(node, "description", text_of, self.report) if node else ("", "")
        return english or "", chinese

    def period(self) -> tuple[int | None, int | None]:
        """Return the first and last month of the output."""
        first, last = self.entries.get("start"), self.entries.get("until")
        start = self._start(first) if first else None
        until = month_of(last, "until", self.report, end_hint) if last else None
        if last and start is not None and until is not None and not start <= until <= LAST_MONTH:
            allowed = bilingual(
                f"{format_month(start)} to {format_month(LAST_MONTH)}",
                f"{format_month(start)} 至 {format_month(LAST_MONTH)}",
            )
            when = (
                bilingual(f"before start {format_month(start)}", f"早于起始月 {format_month(start)}")
                if until < start
                else bilingual("after the last known rates of birth", "晚于生育率数据的终点")
            )
            self.report.note(
                last.at,
                bilingual(f"until {format_month(until)} is {when}", f"终止月 {format_month(until)} {when}"),
                allowed,
            )
        return start, until

    def _start(self, node: Node) -> int | None:
        """Return the first month of the output, which a census must precede."""
        start = month_of(node, "start", self.report, start_hint)
        if start is None or (self.recorded and start == month_number(census_year(start))):
            return start
        try:
            census_of(start)
        except ValueError as error:
            self.report.note(
                node.at, bilingual(f"start {error}", f"起始月 {error}"), _starts(), start_hint(format_month(start))
            )
            return None
        if start > LAST_MONTH:
            self.report.note(
                node.at,
                bilingual(
                    f"start {format_month(start)} is after the last known rates of birth",
                    f"起始月 {format_month(start)} 晚于生育率数据的终点",
                ),
                _starts(),
            )
            return None
        return start

    def region(self, start: int | None) -> tuple[str, tuple[str, ...]] | None:
        """Return the region as written and its counties in the census of the start."""
        node = self.entries.get("region")
        return region_of(node, None if start is None else census_year(start), self.report) if node else None

    def scale(self) -> float:
        """Return the share of households simulated."""
        node = self.entries.get("scale")
        return (node and number_of(node, "scale", SCALE_BOUNDS, "share of households", self.report)) or 1.0

    def parameters(self, start: int | None) -> dict[str, DatedValue]:
        """Return the parameters that differ from the registry, in the order of the registry."""
        known = registry()
        found: dict[str, DatedValue] = {}
        for name, node in self._section("parameters").items():
            if name not in known:
                allowed = bilingual("a parameter of the registry, by its full name", "登记表中的参数，写全名")
                meant = similar(name, known, {each: parameter.label for each, parameter in known.items()})
                self.report.note(
                    node.key_at,
                    bilingual(f"unknown parameter {quoted(name)}", f"未知的参数{quoted(name)}"),
                    allowed,
                    meant,
                )
                continue
            value = self._value(name, node, start)
            if value is not None:
                found[name] = value
        return {name: found[name] for name in known if name in found}

    def _value(self, name: str, node: Node, start: int | None) -> DatedValue | None:
        """Return a parameter's value; an inherited one that dates replace holds until the first of them."""
        if not isinstance(node.value, dict):
            return self._number(name, node)
        before = self._number(name, node.before) if node.before else None
        if before is not None and not node.value:
            return before
        dated = self._dated(name, node)
        if before is None or start is None or not dated:
            return dated
        return overlay({name: {census_of(start): before}}, {name: dated})[name]

    def _number(self, name: str, node: Node) -> float | None:
        parameter = registry()[name]
        return number_of(node, name, (parameter.low, parameter.high), parameter.unit, self.report)

    def _dated(self, name: str, node: Node) -> dict[int, float]:
        parameter = registry()[name]
        bounds = (parameter.low, parameter.high)
        if not node.value:
            self.report.note(
                node.at,
                bilingual(f"{name} is an empty mapping", f"{name} 是空的映射"),
                bilingual("a number, or numbers by month", "一个数，或按月份写的数"),
            )
        dated: dict[int, float] = {}
        for text, inner in node.entries.items():
            month = month_from(
                text, inner.key_at, bilingual(f"a date of {name} is", f"{name} 的一个日期是"), self.report
            )
            value = number_of(
                inner,
                bilingual(f"{name} from {shortened(text)}", f"{name}（{shortened(text)} 起）"),
                bounds,
                parameter.unit,
                self.report,
            )
            if month is not None and value is not None:
                dated[month] = value
        return dict(sorted(dated.items()))

    def county_types(self, region: Region | None) -> CountyTypes | None:
        """Return the counties of each type of county; None where the section has no value."""
        node = self.entries.get(TYPES_KEY)
        return None if node and node.is_blank else county_types_of(node, region, self.report)

    def policies(self, region: Region | None, types: CountyTypes | None, find_lever: FindLever) -> dict[str, Policy]:
        """Return the policies by name."""
        nodes = self._section("policies")
        reader = PolicyReader(region, types, self.complete, find_lever, self.report)
        found: dict[str, Policy] = {}
        for name, node in nodes.items():
            policy = reader.policy(name, node)
            check_source(node.entries.get("source"), self.report)
            if policy is not None:
                found[name] = policy
        check_tenants(nodes, self.report)
        check_own_levers(found, nodes, self.report)
        check_parts(found, nodes, self.report)
        return found

    def targets(self) -> tuple[Target, ...]:
        """Return the targets by indicator and month."""
        return targets_of(self._section("targets"), self.report)

    def observe(self) -> dict[str, Observation]:
        """Return the results by group that the scenario asks for, by name."""
        return observations_of(self._section("observe"), self.report)

    def feedbacks(self) -> dict[str, bool]:
        """Return for every feedback whether it is on."""
        switches = dict.fromkeys(FEEDBACKS, True)
        for name, node in self._section("feedbacks").items():
            if name not in FEEDBACKS:
                note_unknown(name, node, bilingual("feedback", "反馈"), FEEDBACKS, self.report)
            elif (switch := boolean_of(node, bilingual(f"feedback {name}", f"反馈 {name}"), self.report)) is not None:
                switches[name] = switch
        return switches

    def county_data(self, region: tuple[str, tuple[str, ...]] | None, start: int | None) -> CountyData:
        """Return the figures given for counties, by code; tables are read where region and census are known."""
        node = self.entries.get("county_data")
        if node is None or node.is_blank or region is None or start is None:
            return {}
        try:
            data, doubts = county_data_of(node, region[1], census_year(start), self.report)
        except ScenarioError as error:
            self.report.extend(error.problems)
            return {}
        self.doubts += doubts
        return data

    def observed(self, region: tuple[str, tuple[str, ...]] | None, start: int | None) -> tuple[ObservedValue, ...]:
        """Return what was observed; tables are read where region and census are known."""
        node = self.entries.get("observed")
        if node is None or node.is_blank or region is None or start is None:
            return ()
        try:
            found, doubts = observed_of(node, *region, census_year(start), self.report)
        except ScenarioError as error:
            self.report.extend(error.problems)
            return ()
        self.doubts += doubts
        return found

    def posterior(self) -> OwnPosterior | None:
        """Return the posterior that the scenario names; its folder may be missing until it is made."""
        node = self.entries.get("posterior")
        text = text_of(node, "posterior", self.report) if node else None
        if node is None or text is None:
            return None
        folder = node.at.folder / text
        if folder.exists() and not folder.is_dir():
            self.report.note(
                node.at,
                bilingual(
                    f"posterior names {quoted(text)}, which is no folder",
                    f"posterior 写的是{quoted(text)}，不是文件夹",
                ),
                bilingual("a folder of a posterior", "后验所在的文件夹"),
            )
        return own_posterior(folder)

    def calibrated(self) -> bool:
        """Return whether the scenario uses the posterior."""
        node = self.entries.get("calibrated")
        return boolean_of(node, "calibrated", self.report) is not False if node else True

    def _section(self, key: str) -> dict[str, Node]:
        node = self.entries.get(key)
        return entries_of(node, key, self.report) if node else {}
