"""The profile of simulations as a table: where the time of a month goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.table import Table
from rich.text import Text

from urbsim.experiment.profile import Profile
from urbsim.labels import Label, Language, counted

#: What the parts are called; a test holds that every step of the month is among them.
PARTS: Mapping[str, Label] = {
    "base population": Label("base population", "合成基期人口"),
    "start": Label("start of the world", "初始化"),
    "opening": Label("opening of the month", "月初准备"),
    "trends": Label("trends of pay and prices", "工资与价格趋势"),
    "policies": Label("policies", "政策"),
    "demography": Label("deaths, births, marriages", "死亡、出生、婚姻"),
    "schooling": Label("schooling", "入学与升学"),
    "insurance": Label("medical insurance", "医疗保险"),
    "employers": Label("employers", "用人单位"),
    "hospitals": Label("hospitals", "医院"),
    "training": Label("training, land certification", "培训与土地确权"),
    "employment": Label("employment", "就业"),
    "infrastructure": Label("infrastructure", "基础设施"),
    "housing": Label("housing", "住房"),
    "land_exit": Label("land exit", "土地退出"),
    "resettlement": Label("resettlement", "易地搬迁"),
    "arrivals": Label("arrivals", "外来迁入"),
    "residence": Label("residence choice", "居住地选择"),
    "registration": Label("registration", "落户"),
    "reclassification": Label("reclassification", "区划转化"),
    "count": Label("count and accounts", "统计与核算"),
    "provision": Label("services", "公共服务"),
    "budgets": Label("county budgets", "县级财政"),
    "records": Label("records of the month", "月度记录"),
    "tables": Label("tables of results", "结果表"),
}
_HEADINGS = (
    Label("where the time goes", "耗时环节"),
    Label("CPU seconds", "CPU秒"),
    Label("share", "占比"),
    Label("ms a month", "毫秒／月"),
)


def profile_table(profile: Profile, language: Language) -> Table:
    """Return a row for each part of the runs that were simulated, and their sum; compiling is told apart."""
    done = f"{counted(profile.runs, 'run')}, {counted(profile.months, 'month')}"
    whole = Label(
        f"{done}; compiling or loading compiled code took {profile.compiling:.1f} s more",
        f"共{profile.runs}次模拟、{profile.months}个月；另有编译或加载已编译代码{profile.compiling:.1f}秒",
    )
    caption = Text(whole.in_language(language), style="dim")
    table = Table(caption=caption, caption_justify="left", box=None, pad_edge=False)
    for column, heading in enumerate(_HEADINGS):
        table.add_column(heading.in_language(language), justify="right" if column else "left")
    rows = profile.table()
    for part, seconds, share, monthly in rows.itertuples(index=False):
        name = PARTS[part].in_language(language)
        table.add_row(name, f"{seconds:.3f}", f"{100.0 * share:.1f} %", f"{monthly:.2f}")
    together = Label("all", "合计").in_language(language)
    table.add_row(together, f"{rows['seconds'].sum():.3f}", "100.0 %", f"{rows['milliseconds_a_month'].sum():.2f}")
    return table


def profile_data(profile: Profile) -> dict[str, Any]:
    """Return the same as plain data for JSON."""
    return {
        "runs": profile.runs,
        "months": profile.months,
        "compiling_seconds": profile.compiling,
        "parts": profile.table().to_dict("records"),
    }
