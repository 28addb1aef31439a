"""Raw files in miniature, with the headings and traps of the printed ones and invented numbers.

Two provinces, their counties in the censuses of 2010 and 2020, and a few rows of demography and published series. What
is misprinted in the census files is listed in ``MISPRINTS_2010`` and ``MISPRINTS_2020``; the figures meant add up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import pandas as pd

Row = dict[str, str]

SEXES = ("男", "女")
BANDS = ("0", "1-4", *(f"{age}-{age + 4}" for age in range(5, 85, 5)))
AGE_WEIGHTS = (2, 8, 10, 9, 9, 10, 9, 8, 7, 7, 7, 6, 5, 4, 3, 3, 2, 1, 1)

# Code, name, residents, urban per cent, registered per resident.
UNITS_2010 = (
    ("140402", "城区", 80_000, 95, 0.6),  # fewer registered than residents without migrants
    ("140411", "郊区", 40_000, 50, 1.1),
    ("140421", "长治县", 50_000, 40, 1.1),
    ("140425", "平顺县", 30_000, 20, 1.2),
    ("140426", "黎城县", 32_000, 25, 1.2),
    ("140427", "壶关县", 36_000, 25, 1.2),
    ("140428", " 长子县", 44_000, 30, 1.2),
    ("341202", "颍州区", 70_000, 90, 1.1),
    ("341282", "界首巿", 60_000, 40, 1.3),  # a wrong character for city
    ("341283", "甲市", 52_000, 45, 1.2),
    ("341284", "乙市", 42_000, 50, 1.2),
    ("341285", "丙市", 30_000, 55, 1.1),
    ("341286", "丁市", 33_000, 40, 1.1),
    ("341287", "戊市", 37_000, 35, 1.1),
    ("341900", "己市", 45_000, 80, 1.0),  # a prefecture-level city without counties
)
# Code, name, residents, urban per cent, per cent of these in the built-up area (cities only).
UNITS_2020 = (
    ("140403", "潞州区", 140_000, 90, None),
    ("140404", "上党区", 52_000, 50, None),
    ("140425", "平顺县", 27_000, 33, None),
    ("140426", "黎城县", 30_000, 40, None),
    ("140427", "壶关县", 33_000, 38, None),
    ("140428", "长子县", 41_000, 40, None),
    ("170971", "五台山风景名胜区", 3_000, 20, None),  # no province has this code
    ("341202", "颍州区", 90_000, 92, None),
    ("341271", "开发区", 12_000, 80, None),  # a zone with a statistical code
    ("341282", "界首市", 65_000, 50, 70),
    ("341283", "甲市", 50_000, 55, None),  # without a long form
    ("341284", "乙市", 45_000, 60, 80),
    ("341285", "丙市", 66_000, 65, 60),  # more than twice the people: other boundaries
    ("341286", "丁市", 34_000, 50, 140),  # more people built up than urban
    ("341287", "戊市", 36_000, 45, 90),
    ("341288", "庚市", 39_000, 55, 75),  # new
    ("341289", "辛市", 31_000, 48, 85),  # new
    ("341900", "己市", 48_000, 85, 88),
)
AREAS = (("140000", "山西省"), ("140400", "长治市"), ("340000", "安徽省"), ("341200", "阜阳市"))
# Zones without a code, parts of their prefecture: one that nobody knows and one of Yingzhou district.
NAMELESS_2020 = (("阜阳甲经济开发区", 5_000), ("阜阳经济技术开发区", 6_000))

MISPRINTS_2010 = {
    ("140425", "80-84岁（男）"): lambda meant: f"{int(meant) / 100}",  # 5.54 for 554
    ("140426", "三代户"): lambda meant: f"-{meant}",  # a stray minus sign
    ("140427", "大学专科-女"): lambda meant: f"{meant} 77",  # two figures in one cell
    ("140428", "制造业"): lambda meant: f"{meant}0",  # a digit too many
    ("341284", "平均每户住房间数（间/户）"): lambda _: "0.4",  # tents
    ("341286", "迁入人口（人）-外省"): lambda _: "40000",  # more migrants than residents
}
MISPRINTS_2020 = {
    ("341202", "乡村人口"): lambda _: "",  # a blank that is not nobody: 7,200 people
    ("140427", "学前教育_女"): lambda meant: f"-{meant}",  # a stray minus sign where no total tells
}


def split(total: int, weights: Sequence[float]) -> list[int]:
    """Return whole parts that add up to a total."""
    edges = [round(total * sum(weights[:count]) / sum(weights)) for count in range(len(weights) + 1)]
    return [high - low for low, high in pairwise(edges)]


def parts(total: int, headings: Sequence[str], weights: Sequence[float]) -> Row:
    return {heading: str(part) for heading, part in zip(headings, split(total, weights), strict=True)}


def ages(total: int, headings: Sequence[str]) -> Row:
    return parts(total, headings, AGE_WEIGHTS)


def pupils(by_age: Iterable[str]) -> int:
    """Return the people asked for schooling: from age 6, four fifths of the band 5-9."""
    infant, toddlers, young, *older = map(int, by_age)
    del infant, toddlers
    return round(0.8 * young + sum(older))


def row_2010(code: str, name: str, residents: int, urban: int, registered: float) -> Row:
    towns, households = residents * urban // 100, residents // 3
    row = {"地区": name, "区划代码": code, "合计": str(residents), **parts(residents, SEXES, (51, 49))}
    row |= {"户籍人口": str(round(residents * registered)), "非农业户口人口比重（%）": "20.5"}
    row |= {"城镇人口": str(towns), "乡村人口": str(residents - towns)}
    row |= {"户数": str(households), "人口数": str(residents * 95 // 100), "一人户": str(households // 8)}
    row |= parts(households, ("一代户", "二代户", "三代户", "四代以上户"), (30, 50, 19, 1))
    row |= {"有65岁及以上老年人口的户数（户）-合计": str(households // 5), "出生率（‰）": "11.5", "死亡率（‰）": "6.5"}
    for origin, share in (("本县（市）/本市市区", 20), ("本省其他县（市）、市区", 25), ("外省", 50)):
        row[f"迁入人口（人）-{origin}"] = str(residents // share)
    for sex in SEXES:
        headings = [f"{band}岁（{sex}）" for band in (*BANDS, "85")]
        headings[-1] = f"85岁及以上（{sex}）"
        if sex == "女":
            headings[BANDS.index("45-49")] = "45-49岁（女)"  # one bracket is narrow
        by_age = ages(int(row[sex]), headings)
        levels = [f"{level}-{sex}" for level in ("未上过学", "小学", "初中", "高中", "大学专科", "大学本科及以上")]
        row |= by_age | parts(pupils(by_age.values()), levels, (6, 30, 42, 14, 5, 3))
        row[f"15岁及以上文盲人口-{sex}"] = str(residents // 50)
    return row | long_form_2010(residents)


def long_form_2010(residents: int) -> Row:
    adults, dwellings = residents // 12, residents // 30
    employed = adults * 7 // 10
    row = {"16岁及以上人口总计": str(adults), "各种行业人口总计": str(employed), "各种职业人口总计": str(employed)}
    services = (
        "仓储和邮政业", "交通运输、计算机服务和软件业", "信息传输、批发和零售业", "住宿和餐饮业", "金融业", "房地产业",
        "租赁和商务服务业", "科学研究、技术服务和地质勘察业", "水利、环境和公共设施管理业", "居民服务和其他服务业",
        "教育", "卫生、社会保障和社会福利业", "文化、体育和娱乐业", "公共管理和社会组织", "国际组织",
    )  # fmt: skip
    industry = ("农林牧渔业", "采矿业", "制造业", "电力、燃气及水的生产和供应业", "建筑业")
    row |= parts(employed, (*industry, *services), (50, 2, 15, 1, 8, *([2] * 12), 0, 0, 0))
    row |= {"在校学生": str(adults // 20), "长表数据-家庭户": str(dwellings)}
    row |= parts(dwellings, [f"住房来源-{how}" for how in ("租赁", "自建", "购买", "其他")], (10, 60, 25, 5))
    row |= {"15岁及以上人口-合计": str(adults), **parts(adults, [f"15岁及以上人口-{sex}" for sex in SEXES], (51, 49))}
    for sex in SEXES:
        states = [f"{state}-{sex}" for state in ("未婚", "有配偶", "离婚", "丧偶")]
        row |= parts(int(row[f"15岁及以上人口-{sex}"]), states, (20, 72, 2, 6))
    means = {
        "平均每户住房间数（间/户）": "3.1",
        "人均住房建筑面积（平方米/人）": "30.5",
        "15-64岁妇女-平均活产子女数": "1.7",
    }
    return row | means


def row_2020(code: str, name: str, residents: int, urban: int, built_up: int | None) -> Row:
    towns, households = residents * urban // 100, residents // 3
    row = {"区划代码": code, "省": "", "市": "", "区县": name, "人口数_合计": str(residents)}
    row |= parts(residents, [f"人口数_{sex}" for sex in SEXES], (51, 49))
    row |= {"城镇人口": str(towns), "乡村人口": str(residents - towns)}
    row |= {"城区人口": "" if built_up is None else str(towns * built_up // 100)}
    row |= {"家庭户数": str(households), "家庭户人口数": str(residents * 93 // 100), "一人户数": str(households // 5)}
    row |= parts(households, ("一代户数", "二代户数", "三代户数", "四代以上户数"), (45, 40, 14, 1))
    row |= {"有65岁及以上老年人口的户数": str(households // 3)}
    for origin, share in (("本县", 10), ("本省其他县", 20), ("省外", 40)):
        row[f"户口登记地在外乡镇街道人口_{origin}"] = str(residents // share)
    for sex in SEXES:
        headings = [f"{sex}_{band.replace('-', '到')}岁" for band in BANDS]
        by_age = ages(int(row[f"人口数_{sex}"]), [*headings, f"{sex}_85岁以上"])
        levels = ("未上过学", "学前教育", "小学", "初中", "高中", "大学专科", "本科及以上")
        row |= by_age | parts(pupils(by_age.values()), [f"{level}_{sex}" for level in levels], (4, 1, 27, 40, 15, 8, 5))
        row[f"15岁及以上文盲人口_{sex}"] = str(residents // 80)
    return row | long_form_2020(residents)


def long_form_2020(residents: int) -> Row:
    adults, dwellings = residents // 12, residents // 30
    employed = adults * 6 // 10
    row = {"十五岁以上人口": str(adults), "各种行业人口总计": str(employed), "各种职业人口总计": str(employed)}
    services = (
        "批发和零售业", "交通运输仓储和邮政业", "住宿和餐饮业", "信息传输软件和信息技术服务业", "金融业", "房地产业",
        "租赁和商务服务业", "科学研究和技术服务业", "水利环境和公共设施管理业", "居民服务修理和其服务业", "教育",
        "卫生和社会工作", "文化体育和娱乐业", "公共管理社会保障和社会组织", "国际组织",
    )  # fmt: skip
    industry = ("农林牧渔业", "采矿业", "制造业", "电力热力燃气及水生产和供应业", "建筑业")
    row |= parts(employed, (*industry, *services), (30, 2, 18, 1, 12, *([3] * 12), 1, 0, 0))
    row["家庭户户数_长表"] = str(dwellings)
    tenures = [f"住房来源_{how}" for how in ("租赁", "自建", "购买", "继承或赠予", "其他")]
    row |= parts(dwellings, tenures, (12, 50, 30, 3, 5))
    row |= parts(adults, [f"十五岁以上人口_{sex}" for sex in SEXES], (51, 49))
    for sex in SEXES:
        states = [f"{state}_{sex}" for state in ("未婚", "有配偶", "离婚", "丧偶")]
        row |= parts(int(row[f"十五岁以上人口_{sex}"]), states, (18, 72, 3, 7))
    return row | {"平均每户住房间数": "3.3", "人均住房建筑面积": "41.2", "15-64岁妇女平均活产子女数": "1.5"}


def home(code: str) -> str:
    """Return the code as it would be, had the zone of Wutai one of its province."""
    return "140922" if code[:2] == "17" else code


def with_areas(units: Sequence[Row], code_heading: str, name_heading: str) -> list[Row]:
    """Put provinces and prefectures before their units: their figures are sums."""
    rows = list(units)
    for code, name in AREAS:
        inside = [unit for unit in units if home(unit[code_heading]).startswith(code.rstrip("0"))]
        total = {
            heading: str(sum(int(unit[heading]) for unit in inside))
            for heading in units[0]
            if all(unit[heading].isdigit() for unit in inside)
        }
        rows.append({**total, code_heading: code, name_heading: name})
    return sorted(rows, key=lambda row: row[code_heading])


def misprint(rows: Sequence[Row], misprints: Mapping[tuple[str, str], Callable[[str], str]]) -> None:
    for row in rows:
        for (code, heading), print_ in misprints.items():
            if row["区划代码"] == code:
                row[heading] = print_(row[heading])


def census_2010() -> list[Row]:
    rows = with_areas([row_2010(*unit) for unit in UNITS_2010], "区划代码", "地区")
    misprint(rows, MISPRINTS_2010)
    return [*rows, {"地区": "注:1.数据来自普查。", "区划代码": ""}]  # the file ends with a line of text


def census_2020() -> list[Row]:
    units = [row_2020(*unit) for unit in UNITS_2020]
    zones = [row_2020(f"34127{number}", *zone, 60, None) for number, zone in enumerate(NAMELESS_2020, 2)]
    rows = with_areas([*units, *zones], "区划代码", "区县")
    for row in rows:
        row["省"] = "山西省" if row["区划代码"][:2] in {"14", "17"} else "安徽省"
        if row["区划代码"] == "341283":
            row.update(dict.fromkeys(long_form_2020(1), ""))
    misprint(rows, MISPRINTS_2020)
    coded = [row for row in rows if row not in zones]
    nameless = [{**zone, "区划代码": "", "市": "阜阳市"} for zone in zones]
    return [*coded, {"区划代码": "", "省": "全国", "市": "全国", "区县": "全国"}, *nameless]


def write_raw(folder: Path) -> Path:
    """Write all raw files below a folder and return it."""
    for name in ("census", "demography", "statistics"):
        (folder / name).mkdir(parents=True)
    pd.DataFrame(census_2010()).to_csv(folder / "census" / "county_2010.csv", index=False, encoding="utf-8-sig")
    pd.DataFrame(census_2020()).to_csv(folder / "census" / "county_2020.csv", index=False, encoding="utf-8-sig")
    demography = {
        "tfr": ["year,variant,tfr", "2004,estimate,1.9", "2010,estimate,1.6", "2030,low,1.0", "2030,high,1.5"],
        "asfr_pattern": ["year,age,percent_asfr", *(f"{y},{a},{p}" for y in (2004, 2010, 2030) for a, p in PATTERN)],
        "mx": ["period,sex,age,mx", "2000-2005,male,0,0.03", "2010-2015,male,0,0.01", "2010-2015,female,100+,0.5"],
    }
    for name, lines in demography.items():
        (folder / "demography" / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for name, lines in STATISTICS.items():
        (folder / "statistics" / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


PATTERN = (("15-19", 5.0), ("20-24", 40.0), ("25-29", 35.0), ("30-34", 15.0))  # adds up to 95
SERIES = (
    "中国 China,2018,total population,139538,10k persons,here,,official quoted by secondary",
    "中国 China,2019,total population,140000,10k persons,here,,official quoted by secondary",  # before the revision
    "中国 China,2019,total population,139999,10k persons,here,,derived from a quote",  # the official figure wins
    "界首市 Jieshou,2019,urbanization rate (resident),44.5,%,here,,official quoted by secondary",  # before the census
    "界首市 Jieshou,2021,urbanization rate (resident),48.5,%,here,,official quoted by secondary",
    "中国 China,2019,total population,12,furlongs,here,,official quoted by secondary",  # a unit nobody knows
    "火星 Mars,2019,total population,1,10k persons,here,,official quoted by secondary",
)
YEARBOOK = (
    "140427,山西省长子区,5,3000,2000",  # the code of another county, and meanwhile a district
    "341282,安徽省界首市,8,4000,3000",
    "341284,安徽省乙市,1,3000,2000",  # fewer than live there
    "341286,安徽省丁市,,1500,900",
    "341299,安徽省无市,4,1000,500",  # no unit of 2020
)
NATIONAL = (
    *(f"{year},crude birth rate,{7 - year % 3},per 1000,here" for year in (2021, 2022, 2023)),
    *(f"{year},crude death rate,8,per 1000,here" for year in (2021, 2022, 2023)),
    '2019,"total population, year-end (census-revised, incl. active military)",141008,10k persons,here',
    "2018,primary pupils: share in 乡村 (village) schools,25.79,%,here",
    "2018-2023,primary pupils in 乡村 growth,-31,%,here",  # no year
)
STATISTICS = {
    "series": ["place,year,indicator,value,unit,found_at,quote,confidence", *SERIES],
    "county_2023": ["code,place,registered_10k,primary_pupils,secondary_pupils", *YEARBOOK],
    "national": ["year,indicator,value,unit,found_at", *NATIONAL],
    "provinces": ["code,place,year,residents_10k,urban_share_percent", "340000,安徽省,2021,6113,59.39",
                  "140000,山西省,2021,3480,63.42", "140000,山西省,2020,3490,62.53"],
    "provinces_vital_2021": ["code,place,births_per_1000,deaths_per_1000", "140000,山西省,7.06,7.32",
                             "340000,安徽省,8.05,8.00"],
}  # fmt: skip
