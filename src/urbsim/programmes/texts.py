"""The words of the catalogue for people: domains, uses, and figures with their units, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping

from urbsim.labels import Label, Language
from urbsim.programmes.rows import Confidence, Domain, Figure, FigureComparator, Use
from urbsim.units import unit_label

DOMAINS: Mapping[Domain, Label] = {
    Domain.TARGETS: Label("targets", "目标"),
    Domain.POPULATION: Label("population", "人口"),
    Domain.REGISTRATION: Label("registration", "户籍"),
    Domain.HOUSING: Label("housing", "住房"),
    Domain.EDUCATION: Label("education", "教育"),
    Domain.CHILDCARE: Label("child care", "托育"),
    Domain.HEALTH: Label("health", "卫生"),
    Domain.ELDER_CARE: Label("elder care", "养老"),
    Domain.SOCIAL_SECURITY: Label("social security", "社会保障"),
    Domain.JOBS: Label("jobs", "就业"),
    Domain.TRAINING: Label("training", "培训"),
    Domain.INDUSTRY: Label("industry", "产业"),
    Domain.TOURISM: Label("tourism", "旅游"),
    Domain.COMMERCE: Label("commerce", "商贸物流"),
    Domain.AGRICULTURE: Label("agriculture", "农业"),
    Domain.LAND: Label("land", "土地"),
    Domain.FINANCE: Label("finance", "财政金融"),
    Domain.TRANSPORT: Label("transport", "交通"),
    Domain.UTILITIES: Label("public works", "公用设施"),
    Domain.ENVIRONMENT: Label("environment", "环境"),
    Domain.DIGITAL: Label("digital", "数字化"),
    Domain.CULTURE: Label("culture", "文化"),
    Domain.RENEWAL: Label("renewal", "城市更新"),
    Domain.RURAL: Label("villages", "乡村"),
    Domain.GOVERNANCE: Label("governance", "治理"),
    Domain.REGIONAL: Label("regional", "区域"),
}
USES: Mapping[Use, Label] = {
    Use.TARGET: Label("target", "目标"),
    Use.START_VALUE: Label("start value", "起点值"),
    Use.CAPACITY: Label("capacity", "规模"),
    Use.CONSTRAINT: Label("constraint", "约束"),
    Use.NOT_MODELLED: Label("not modelled", "未纳入"),
}
CONFIDENCES: Mapping[Confidence, Label] = {
    Confidence.HIGH: Label("high", "高"),
    Confidence.MEDIUM: Label("medium", "中"),
    Confidence.LOW: Label("low", "低"),
}
_COMPARATORS: Mapping[FigureComparator, Label] = {
    FigureComparator.EQUAL: Label("", ""),
    FigureComparator.AT_LEAST: Label("≥ ", "≥ "),
    FigureComparator.MORE: Label("> ", "> "),
    FigureComparator.AT_MOST: Label("≤ ", "≤ "),
    FigureComparator.LESS: Label("< ", "< "),
    FigureComparator.ABOUT: Label("about ", "约 "),
    FigureComparator.NEAR: Label("near ", "接近 "),
    FigureComparator.UP_TO: Label("up to ", "至多 "),
    FigureComparator.BETWEEN: Label("", ""),
}
#: Units that are shown as per cent, and what follows the sign.
PERCENT: Mapping[str, Label] = {"share": Label(" %", "%"), "share/year": Label(" % a year", "%/年")}
#: The unit of a figure that is itself a year.
CALENDAR_YEAR = "year"


def figure_text(figure: Figure, language: Language) -> str:
    """Return a figure's value as people write it, such as ``≥ 12 % a year``."""
    if figure.unit == CALENDAR_YEAR:
        return _COMPARATORS[figure.comparator].in_language(language) + f"{figure.value:.0f}"
    percent = PERCENT.get(figure.unit)
    factor = 100.0 if percent else 1.0
    ends = [figure.value] if figure.upper is None else [figure.value, figure.upper]
    number = Label("–", "至").in_language(language).join(f"{round(end * factor, 6):,.15g}" for end in ends)
    named = unit_label(figure.unit)
    unit = percent or Label(f" {named.en}", f" {named.zh}")
    return _COMPARATORS[figure.comparator].in_language(language) + number + unit.in_language(language)
