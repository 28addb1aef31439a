"""Rows that the census prints without a division code, or with one of no province: which unit they belong to.

A zone whose code is that of a unit of the same census joins it: counts are added, printed averages are weighted. One
whose code nobody else has is a unit of its own.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from derivation.checks import Report
from derivation.columns import COUNTS, LONG_FORM, MEANS, OCCUPATIONS, RATES_2010, SERVICES

# By census and printed name. 2010: the codes that the same territory has in 2020, or had in between. 2020: the district
# or county that administers the zone, by the zones' own statements; of zones in several, the one with most of it.
CODES: dict[int, dict[str, str]] = {
    2010: {
        "加格达奇": "232761",
        "松岭区": "232762",
        "新林区": "232763",
        "呼中区": "232764",
        "平桂管理区": "451103",
        "柴旦行委": "632857",
        "冷湖行委": "632858",
        "茫崖行委": "632859",
    },
    2020: {
        "山西转型综合改革示范区": "140105",
        "山西大同经济开发区": "140213",
        "山西朔州经济开发区": "140602",
        "五台山风景名胜区": "140922",  # printed with the code 170971
        "吉林经济开发区": "220202",
        "吉林高新技术产业开发区": "220211",
        "吉林中国新加坡食品区": "220221",
        "吉林松原经济开发区": "220702",
        "连云港经济技术开发区": "320703",
        "连云港高新技术产业开发区": "320706",
        "镇江新区": "321102",
        "温州经济技术开发区": "330303",
        "安徽芜湖长江大桥经济开发区": "340207",
        "苏滁现代产业园": "341103",
        "滁州经济技术开发区": "341102",
        "阜阳合肥现代产业园区": "341202",
        "阜阳经济技术开发区": "341202",
        "宿州马鞍山现代产业园区": "341302",
        "宿州经济技术开发区": "341302",
        "安阳高新技术产业开发区": "410502",
        "鹤壁经济技术开发区": "410611",
        "漯河经济技术开发区": "411104",
        "河南三门峡经济开发区": "411202",
        "信阳高新技术产业开发区": "411503",
        "河南周口经济开发区": "411602",
        "龙感湖管理区": "421127",
        "湖南湘潭高新技术产业园区": "430304",
        "湘潭昭山示范区": "430304",
        "湘潭九华示范区": "430302",
        "衡阳综合保税区": "430405",
        "湖南衡阳高新技术产业园区": "430408",
        "湖南衡阳松木经济开发区": "430407",
        "岳阳市屈原管理区": "430681",
        "常德市西洞庭管理区": "430703",
        "益阳市大通湖管理区": "430921",
        "湖南益阳高新技术产业园区": "430903",
        "永州经济技术开发区": "431103",
        "永州市金洞管理区": "431121",
        "永州市回龙圩管理区": "431125",
        "达孜工业园区": "540104",
    },
}

# Heading of an average: heading of the count that weighs it when two rows are joined.
WEIGHTS = {
    2010: {
        MEANS[2010]["rooms_per_household"]: COUNTS[2010]["households"],
        MEANS[2010]["dwelling_area_per_person"]: COUNTS[2010]["household_residents"],
        MEANS[2010]["children_ever_born"]: COUNTS[2010]["female"],
        **dict.fromkeys(RATES_2010.values(), COUNTS[2010]["residents"]),
    },
    2020: {
        MEANS[2020]["rooms_per_household"]: COUNTS[2020]["households"],
        MEANS[2020]["dwelling_area_per_person"]: COUNTS[2020]["household_residents"],
        MEANS[2020]["children_ever_born"]: COUNTS[2020]["female"],
    },
}


def with_codes(raw: pd.DataFrame, year: int, report: Report) -> pd.DataFrame:
    """Return the raw rows with every zone that has no code, or one of no province, given one or joined to its unit."""
    raw = raw.copy()
    provinces = set(raw.loc[raw["code"].str.endswith("0000"), "code"].str[:2])
    coded = dict(zip(raw["code"], raw.index, strict=True))
    joined = []
    for row, (code, name) in raw[["code", "name"]].iterrows():
        home = CODES[year].get(name, "")
        if not home or code[:2] in provinces:
            continue
        if home in coded:
            parent = coded[home]
            _add(raw, parent, row, year)
            joined.append(row)
            problem, treatment = f"zone in {home} {raw.loc[parent, 'name']}", "joined to its unit"
        else:
            raw.loc[row, "code"] = home
            problem, treatment = f"has the code {home} in 2020 or had it before", "a unit of its own"
        report.add(year, home, name, "no_code", f"row without a code of a province; {problem}", treatment)
    return raw.drop(index=joined).reset_index(drop=True)


def _add(raw: pd.DataFrame, parent: int, zone: int, year: int) -> None:
    """Add the zone's figures to its parent's in place; what is blank in both stays blank."""
    figures = raw.loc[[parent, zone]]
    for heading, weight in WEIGHTS[year].items():
        raw.loc[parent, heading] = _mean(_numbers(figures[heading]), _numbers(figures[weight]))
    counts: Mapping[str, str] = {**COUNTS[year], **LONG_FORM[year]}
    for heading in {*counts.values(), *SERVICES[year], OCCUPATIONS}:
        total = _numbers(figures[heading]).sum(min_count=1)
        raw.loc[parent, heading] = None if pd.isna(total) else f"{total:.0f}"


def _numbers(cells: pd.Series) -> pd.Series:
    return pd.to_numeric(cells, errors="coerce")


def _mean(values: pd.Series, weights: pd.Series) -> str | None:
    known = values.notna() & (weights > 0)
    if not known.any():
        return None
    return f"{(values[known] * weights[known]).sum() / weights[known].sum():.4f}"
