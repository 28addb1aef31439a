"""The words of the catalogue for people: domains, uses, and figures with their units, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping

from urbsim.labels import Label, Language
from urbsim.programmes.rows import Confidence, Domain, Figure, FigureComparator, Use

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
#: Units in Chinese; in English a unit is shown as the catalogue writes it.
UNITS_ZH: Mapping[str, str] = {
    "areas": "处",
    "bases": "个基地",
    "beds": "张",
    "beds/1000": "张/千人",
    "boilers": "台",
    "branches": "个产业",
    "campaigns": "项行动",
    "centres": "个",
    "chargers/vehicle": "桩/车",
    "cities": "个市",
    "clinics/county": "所/县",
    "communities": "个社区",
    "consortia": "个联合体",
    "counties": "个县",
    "county seats": "个县城",
    "districts": "个区",
    "estates": "个小区",
    "facilities": "处",
    "firms": "家",
    "garages": "座",
    "greenways/county": "条/县",
    "groups": "个组团",
    "hospitals/county": "所/县",
    "hours": "小时",
    "households": "户",
    "junctions": "处互通",
    "kindergartens": "所幼儿园",
    "kindergartens/town": "所/乡镇",
    "km": "公里",
    "km/km2": "公里/平方公里",
    "m": "米",
    "m2": "平方米",
    "m2/100 households": "平方米/百户",
    "m2/person": "平方米/人",
    "m3/day": "立方米/日",
    "minutes": "分钟",
    "mu": "亩",
    "MW": "兆瓦",
    "parks": "个园区",
    "percentage points": "个百分点",
    "persons": "人",
    "persons/1000": "人/千人",
    "persons/10000": "人/万人",
    "places/1000": "个/千人",
    "products": "类",
    "projects": "项",
    "ratio": "倍",
    "schemes": "项",
    "schools": "所",
    "schools/county": "所/县",
    "spaces/county": "处/县",
    "spaces/vehicle": "车位/车",
    "stations": "个",
    "streets/county": "条/县",
    "subscribers": "户",
    "t steam/h": "蒸吨",
    "title": "项称号",
    "towns": "个镇",
    "villages": "个村",
    "villages/year": "村/年",
    "works": "座",
    "years": "年",
    "yuan": "元",
    "yuan/person": "元/人",
    "yuan/year": "元/年",
    "zones": "个开发区",
}


def figure_text(figure: Figure, language: Language) -> str:
    """Return a figure's value as people write it, such as ``≥ 12 % a year``."""
    if figure.unit == CALENDAR_YEAR:
        return _COMPARATORS[figure.comparator].in_language(language) + f"{figure.value:.0f}"
    percent = PERCENT.get(figure.unit)
    factor = 100.0 if percent else 1.0
    ends = [figure.value] if figure.upper is None else [figure.value, figure.upper]
    number = Label("–", "至").in_language(language).join(f"{round(end * factor, 6):,.15g}" for end in ends)
    unit = percent or Label(f" {figure.unit}", f" {UNITS_ZH.get(figure.unit, figure.unit)}")
    return _COMPARATORS[figure.comparator].in_language(language) + number + unit.in_language(language)
