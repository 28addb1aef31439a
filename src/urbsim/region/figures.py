"""Figures of a county that a user can give for the start of a run, in place of the model's own estimates.

A catalogue: what each is, in which unit, within which bounds it can be true, what it moves, and what is taken without
it. Where each enters is said by ``state/own_figures.py``; the registered population enters here, before people are
made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from urbsim.arrays import Floats
from urbsim.labels import Label
from urbsim.reading.entries import TableFigure

if TYPE_CHECKING:  # a scenario is checked without loading tables
    import pandas as pd

#: Figures by county code and key, in the units of the catalogue.
CountyData = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class CountyFigure(TableFigure):
    """One figure: ``low`` and ``high`` bound it, per resident where ``per_resident``, else as it is.

    ``moves`` says what depends on it, ``estimate`` what stands in its place where it is not given.
    """

    low: float = 0.0
    high: float = 1.0
    per_resident: bool = True
    moves: Label = field(default=Label("", ""))
    estimate: Label = field(default=Label("", ""))

    def bounds(self, residents: float) -> tuple[float, float]:
        """Return between what the figure of a county with so many residents can be."""
        times = residents if self.per_resident else 1.0
        return self.low * times, self.high * times


_PUPILS = Label(
    "pupils of the census population, and the usual reserve (none in senior schools)",
    "普查人口推算的在校生数加通常余量（高中无余量）",
)
_FILLED = Label(
    "employed residents of the census, and the usual vacancies", "普查就业人口加通常的空缺岗位（务农岗位无空缺）"
)
_WORK = Label(
    "the chance to find work and of losing it, wages as they grow, arrivals from other counties",
    "求职与失业机会、工资变化、外县迁入",
)
_SCHOOL = Label(
    "who finds a school place, and where families with children of this stage live",
    "入学机会，以及该学段子女家庭的居住地",
)
_HOMES = Label(
    "prices and rents from the first month (lower where more than usual stands empty), building, renewal",
    "起始房价和房租（空置高于通常则较低）、新建、老旧住房改造",
)


def _places(stage: str, en: str, zh: str, high: float, aliases: tuple[str, ...]) -> CountyFigure:
    return CountyFigure(
        f"{stage}_places",
        Label(f"{en} places", f"{zh}学位"),
        "places",
        aliases,
        high=high,
        moves=_SCHOOL,
        estimate=_PUPILS,
    )


def _posts(sector: str, en: str, zh: str, high: float, aliases: tuple[str, ...]) -> CountyFigure:
    return CountyFigure(
        f"{sector}_posts",
        Label(f"posts in {en}", f"{zh}岗位"),
        "posts",
        aliases,
        high=high,
        moves=_WORK,
        estimate=_FILLED,
    )


_ALL = (
    CountyFigure(
        "registered",
        Label("registered population", "户籍人口"),
        "persons",
        ("户籍总人口", "年末户籍人口", "户籍人口数", "registered people"),
        low=0.3,
        high=5.0,
        moves=Label(
            "how many registered people live elsewhere, and so who can come back",
            "在外户籍人口数量，从而影响可能返回的人口",
        ),
        estimate=Label("the census table of the county", "该县普查表"),
    ),
    CountyFigure(
        "beds",
        Label("hospital beds", "医疗床位"),
        "beds",
        ("床位数", "床位", "医院床位", "医疗机构床位数", "医疗卫生机构床位数", "医疗卫生机构床位", "病床数"),
        low=0.0002,
        high=0.04,
        moves=Label(
            "hospital crowding as people come, and what a standard of beds still lacks",
            "人口增加后的就医拥挤程度、床位标准的缺口",
        ),
        estimate=Label("start.beds (national beds per 1,000)", "参数start.beds（全国每千人床位数）"),
    ),
    CountyFigure(
        "doctors",
        Label("practising and assistant doctors", "执业（助理）医师"),
        "persons",
        ("医生", "医生数", "医师", "医师数", "执业医师", "执业助理医师数", "执业医师数"),
        low=0.0001,
        high=0.03,
        moves=Label("doctors per 1,000, and what a standard of doctors still lacks", "每千人医师数、医师标准的缺口"),
        estimate=Label("start.doctors (national doctors per 1,000)", "参数start.doctors（全国每千人医师数）"),
    ),
    CountyFigure(
        "nurses",
        Label("registered nurses", "注册护士"),
        "persons",
        ("护士", "护士数", "注册护士数"),
        low=0.0001,
        high=0.03,
        moves=Label("nurses per 1,000, and what a standard of nurses still lacks", "每千人护士数、护士标准的缺口"),
        estimate=Label("start.nurses (national nurses per 1,000)", "参数start.nurses（全国每千人护士数）"),
    ),
    _places("kindergarten", "kindergarten", "幼儿园", 0.2, ("幼儿园学位数", "学前教育学位", "学前学位")),
    _places("primary", "primary school", "小学", 0.3, ("小学学位数", "小学学位")),
    _places("junior", "junior school", "初中", 0.2, ("初中学位数", "初中学位")),
    _places("senior", "senior school", "高中", 0.2, ("高中学位数", "高中学位", "普通高中学位")),
    CountyFigure(
        "dwellings",
        Label("dwellings", "住房"),
        "dwellings",
        ("住房套数", "住宅套数", "住房总套数", "住房数"),
        low=0.15,
        high=2.0,
        moves=_HOMES,
        estimate=Label("households of the census, and the usual vacancies", "普查家庭户数加通常空置"),
    ),
    *(
        CountyFigure(
            f"{zone}_dwellings",
            Label(f"dwellings in {where}", f"{zh}住房"),
            "dwellings",
            (f"{zh}住房套数", f"{zh}住宅套数", *more),
            low=0.0,
            high=2.0,
            moves=_HOMES,
            estimate=Label("as dwellings, of the zone", "同住房，按区域"),
        )
        for zone, where, zh, more in (
            ("village", "villages", "乡村", ("农村住房",)),
            ("town", "towns", "建制镇", ("乡镇住房",)),
            ("seat", "the seat", "县城", ("城区住房", "城区住宅套数")),
        )
    ),
    CountyFigure(
        "industry_wage",
        Label("monthly wage in industry, county seat, junior schooling", "县城工业月工资（初中学历）"),
        "yuan/month",
        ("工资", "月工资", "wage", "工业工资", "工业月工资", "农民工月工资", "本地务工月工资"),
        low=800.0,
        high=15000.0,
        per_resident=False,
        moves=Label(
            "what work here pays beside elsewhere, first rents and house prices, taxes",
            "本地与外地的收入差、初始房租和房价、税收",
        ),
        estimate=Label(
            "start.wage: what workers from villages earn in their own county, in surveys; the mean wage of urban "
            "non-private units is about twice that and another figure",
            "参数start.wage：监测调查中本地农民工的月收入；城镇非私营单位平均工资约为其两倍，不是同一指标",
        ),
    ),
    CountyFigure(
        "services_wage",
        Label("monthly wage in services, county seat, junior schooling", "县城服务业月工资（初中学历）"),
        "yuan/month",
        ("服务业工资", "服务业月工资"),
        low=600.0,
        high=15000.0,
        per_resident=False,
        moves=Label("what services pay beside industry and elsewhere, taxes", "服务业收入、税收"),
        estimate=Label("the wage in industry times start.services_ratio", "工业工资乘以start.services_ratio"),
    ),
    CountyFigure(
        "farm_wage",
        Label("monthly farm income of a worker", "务农月收入"),
        "yuan/month",
        ("务农收入", "农业月收入"),
        low=100.0,
        high=12000.0,
        per_resident=False,
        moves=Label("what farming pays beside other work in villages", "务农与其他工作的收入差"),
        estimate=Label("the wage in industry times start.farm_ratio", "工业工资乘以start.farm_ratio"),
    ),
    _posts("farm", "farming", "农业", 0.8, ("第一产业就业", "一产就业人员", "第一产业从业人员", "务农岗位")),
    _posts(
        "industry",
        "industry and construction",
        "工业和建筑业",
        0.8,
        ("工业岗位", "第二产业就业", "二产就业人员", "第二产业从业人员"),
    ),
    _posts("services", "services", "服务业", 0.8, ("第三产业就业", "三产就业人员", "第三产业从业人员")),
    CountyFigure(
        "budget_revenue",
        Label("general public budget revenue", "一般公共预算收入"),
        "yuan/year",
        ("财政收入", "地方财政收入", "公共财政收入", "budget revenue"),
        low=50.0,
        high=60000.0,
        moves=Label(
            "taxes as they grow with wages and posts, and how much of the budget transfers cover",
            "税收（随工资和岗位增长）以及转移支付所占比重",
        ),
        estimate=Label("budget.tax_share of wages paid outside farming", "非农工资乘以budget.tax_share"),
    ),
    CountyFigure(
        "budget_spending",
        Label("general public budget spending", "一般公共预算支出"),
        "yuan/year",
        ("财政支出", "地方财政支出", "公共财政支出", "budget spending"),
        low=500.0,
        high=100000.0,
        moves=Label(
            "ordinary spending per resident, the transfers that balance it, and what can be borrowed",
            "人均经常性支出、平衡预算的转移支付、可举债额度",
        ),
        estimate=Label("budget.ordinary_spending per resident", "人均budget.ordinary_spending"),
    ),
    CountyFigure(
        "debt",
        Label("government debt", "政府债务余额"),
        "yuan",
        ("债务", "债务余额", "地方政府债务余额", "政府债务"),
        low=0.0,
        high=200000.0,
        moves=Label("how much the county can still borrow for policies", "政策可用的举债空间"),
        estimate=Label("nothing owed at the start", "起始无债务"),
    ),
)

#: Every figure by key, in the order shown.
FIGURES: Mapping[str, CountyFigure] = {figure.name: figure for figure in _ALL}


class CountyFigures:
    """The figures given for the counties of a world, by key: shape (C,), not-a-number where none is given."""

    def __init__(self, codes: Sequence[str], given: CountyData | None = None) -> None:
        given = given or {}
        self._values = {
            name: np.array([given.get(code, {}).get(name, np.nan) for code in codes], dtype=float) for name in FIGURES
        }

    def __getitem__(self, name: str) -> Floats:
        return self._values[name]

    def over(self, name: str, estimate: Floats) -> Floats:
        """Return a figure where it is given, else the estimate, shape (C,)."""
        given = self._values[name]
        return np.where(np.isnan(given), estimate, given)


def with_registered(rows: pd.DataFrame, given: CountyData) -> pd.DataFrame:
    """Return rows of the county tables with the registered population that is given.

    Who lives in the county stays; people registered there who live elsewhere become more or fewer, near and far in the
    proportion of the table. A county whose residents from elsewhere leave no room for so few has nobody absent.
    """
    changed = {code: own["registered"] for code, own in given.items() if "registered" in own}
    if not changed:
        return rows
    rows = rows.astype(dict.fromkeys(("registered", "absent_near", "absent_far"), float))
    for index, row in rows[rows["code"].isin(changed)].iterrows():
        registered = changed[str(row["code"])]
        rows.loc[index, "registered"] = registered
        near, far = (_count(row["absent_near"]), _count(row["absent_far"]))
        absent = max(registered - least_registered(row), 0.0)
        share = near / (near + far) if near + far > 0 else 0.5
        rows.loc[index, ["absent_near", "absent_far"]] = [absent * share, absent * (1.0 - share)]
    return rows


def least_registered(row: pd.Series[Any]) -> float:
    """Return the residents of a county who are registered in it."""
    return float(row["residents"]) - _count(row["migrants_same_province"]) - _count(row["migrants_other_province"])


def _count(value: float) -> float:
    return 0.0 if np.isnan(value) else float(value)
