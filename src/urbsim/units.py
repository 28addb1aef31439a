"""Units in English and Chinese: by the name that data files write, and as levers describe their fields."""

from __future__ import annotations

from collections.abc import Mapping

from urbsim.labels import Label

_CHINESE: Mapping[str, str] = {
    "1": "1",
    "1/month": "1/月",
    "1/term": "1/学期",
    "1/year": "1/年",
    "1/year of age": "1/岁",
    "1/log year": "1/对数年",
    "1/utility": "1/效用点",
    "areas": "处",
    "bases": "个基地",
    "beds": "张",
    "beds/1000": "张/千人",
    "beds/1000 aged 65+": "张/千名65岁及以上老人",
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
    "doctors/1000": "人/千人",
    "dwellings": "套",
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
    "km/hour": "公里/小时",
    "km/km2": "公里/平方公里",
    "log points": "对数点",
    "log points/10 mu": "对数点/10亩",
    "log points/pupil": "对数点/学生",
    "log points/year of school": "对数点/受教育年",
    "m": "米",
    "m2": "平方米",
    "m2 price / monthly wage": "每平方米房价/月工资",
    "m2/100 households": "平方米/百户",
    "m2/person": "平方米/人",
    "m2/place": "平方米/学位",
    "m3/day": "立方米/日",
    "male per female": "男女之比",
    "million yuan": "百万元",
    "million yuan/year": "百万元/年",
    "minutes": "分钟",
    "month": "月",
    "mu": "亩",
    "MW": "兆瓦",
    "nurses/1000": "人/千人",
    "parks": "个园区",
    "percentage points": "个百分点",
    "person": "人",
    "persons": "人",
    "persons/1000": "人/千人",
    "persons/10000": "人/万人",
    "persons/earlier migrant/year": "人/先迁者·年",
    "persons/urban resident/year": "人/城镇常住人口·年",
    "persons/year": "人/年",
    "places": "个学位",
    "posts": "个岗位",
    "places/1000": "个/千人",
    "places/1000 aged 65+": "个/千名65岁及以上老人",
    "products": "类",
    "projects": "项",
    "ratio": "比值",
    "schemes": "项",
    "schools": "所",
    "schools/county": "所/县",
    "seat wage": "县城工资",
    "share": "比例",
    "share of a year's wage": "占年工资比例",
    "share of cost": "占费用比例",
    "share of earnings": "占收入比例",
    "share of households": "占家庭户比例",
    "share of income": "占收入比例",
    "share of sales": "占销售额比例",
    "share of the distance": "占距离比例",
    "share of the distance to the seat": "占到县城距离比例",
    "share of the down-payment": "占首付比例",
    "share of the market rent": "占市场租金比例",
    "share of the places": "占学位比例",
    "share of the target": "占目标比例",
    "share of the wage": "占工资比例",
    "share of wages": "占工资比例",
    "share of yearly revenue": "占年度财政收入比例",
    "share/year": "比例/年",
    "spaces/county": "处/县",
    "spaces/vehicle": "车位/车",
    "stations": "个",
    "streets/county": "条/县",
    "subscribers": "户",
    "t steam/h": "蒸吨",
    "times": "倍",
    "title": "项称号",
    "towns": "个镇",
    "utility": "效用点",
    "utility/10 mu": "效用点/10亩",
    "utility/10 years": "效用点/10年",
    "utility/child": "效用点/子女",
    "utility/log km": "效用点/对数公里",
    "utility/log point": "效用点/对数点",
    "utility/place": "效用点/学位",
    "utility/share": "效用点/比例",
    "villages": "个村",
    "villages/year": "村/年",
    "works": "座",
    "year": "年",
    "years": "年",
    "yuan": "元",
    "yuan/m2": "元/平方米",
    "yuan/month": "元/月",
    "yuan/person/month": "元/人·月",
    "yuan/mu/year": "元/亩·年",
    "yuan/mu": "元/亩",
    "yuan/person": "元/人",
    "yuan/resident/year": "元/常住人口·年",
    "yuan/year": "元/年",
    "zones": "个开发区",
}
#: Every unit that indicators, parameters and the figures of programmes are in, by its name in their files, which is
#: what people see in English.
UNITS: Mapping[str, Label] = {name: Label(name, chinese) for name, chinese in _CHINESE.items()}


def unit_label(unit: str) -> Label:
    """Return a unit in both languages.

    Raises
    ------
    KeyError
        If the unit is not among ``UNITS``.
    """
    return UNITS[unit]


# Units of levers' fields, which say what an amount is counted by.
SHARE = Label("share", "比例")
YEARS = Label("years", "年")
YUAN_PER_PERSON = Label("yuan per newly registered person", "元/新落户人口")
YUAN_PER_HOUSEHOLD = Label("yuan per household", "元/户")
YUAN_PER_HOUSEHOLD_YEAR = Label("yuan per household and year", "元/户·年")
YUAN_PER_PURCHASE = Label("yuan per purchase", "元/套")
YUAN_PER_PUPIL_YEAR = Label("yuan per pupil and year", "元/学生·年")
YUAN_PER_PLACE = Label("yuan per place", "元/学位")
YUAN_PER_PLACE_YEAR = Label("yuan per place and year", "元/学位·年")
YUAN_PER_DWELLING = Label("yuan per dwelling", "元/套")
YUAN_PER_DWELLING_YEAR = Label("yuan per dwelling and year", "元/套·年")
YUAN_PER_POST = Label("yuan per post", "元/岗位")
YUAN_PER_TRAINEE = Label("yuan per trainee", "元/人")
PLACES_A_YEAR = Label("places a year, in each zone reached of each county", "个学位/年（每县每个覆盖区域）")
DWELLINGS_A_YEAR = Label("dwellings a year, in each zone reached of each county", "套/年（每县每个覆盖区域）")
POSTS_A_YEAR = Label("posts a year, in each zone reached of each county", "个岗位/年（每县每个覆盖区域）")
TRAINEES_A_YEAR = Label("trainees a year, in each county", "人/年（每县）")
YUAN_PER_PERSON_YEAR = Label("yuan per person and year", "元/人·年")
YUAN_PER_PERSON_MONTH = Label("yuan per person and month", "元/人·月")
YUAN_PER_CARE_PLACE = Label("yuan per place", "元/托位或床位")
YUAN_PER_CARE_PLACE_YEAR = Label("yuan per place and year", "元/托位或床位·年")
YUAN_PER_M2 = Label("yuan per m2", "元/平方米")
YUAN_PER_BED = Label("yuan per bed", "元/床位")
YUAN_PER_RETURNEE = Label("yuan per returnee", "元/返乡人员")
YUAN_PER_PLACED_WORKER = Label("yuan per worker given a post", "元/安置就业人员")
PER_THOUSAND = Label("per 1,000 residents", "每千常住人口")
BEDS_A_YEAR = Label("beds a year, in each zone reached of each county", "张床位/年（每县每个覆盖区域）")
HOSPITAL_BEDS_A_YEAR = Label("beds a year, in each county", "张床位/年（每县）")
M2_PER_HUNDRED = Label("m2 per 100 households", "平方米/百户")
HOUSEHOLDS_A_YEAR = Label("households a year, to each zone reached of each county", "户/年（每县每个覆盖区域）")
RATIO = Label("ratio to the seat", "与县城之比")
FACTOR = Label("factor", "倍数")
CHANCE = Label("chance in a year", "年概率")
QUALITY_POINTS = Label("points of the index, 1 = national mean", "指数点，全国平均为1")
LOG_POINTS = Label("log points of earnings", "收入对数点")
GROWTH_A_YEAR = Label("share a year, 0.02 = 2 %", "年增长率，0.02即2%")
WORKERS_A_YEAR = Label("farm workers a year, in each zone reached of each county", "人/年（每县每个覆盖区域）")
YUAN_PER_WORKER = Label("yuan per worker freed", "元/转移劳动力")
YUAN_PER_WORKER_YEAR = Label("yuan per worker and year", "元/从业者·年")
YUAN_A_YEAR = Label("yuan a year, in each county", "元/年（每县）")
YUAN_A_YEAR_ZONE = Label("yuan a year, in each zone reached of each county", "元/年（每县每个覆盖区域）")
YUAN = Label("yuan, in each county", "元（每县）")
YUAN_PER_RESIDENT = Label("yuan per resident newly covered", "元/新增覆盖居民")
YUAN_PER_RESIDENT_YEAR = Label("yuan per resident covered and year", "元/已覆盖居民·年")
YUAN_PER_MU = Label("yuan per mu built on", "元/亩（实际使用）")
MU_A_YEAR = Label("mu a year, in each county", "亩/年（每县）")
UTILITY_POINTS = Label(
    "points of utility; a year of school is worth about 0.1 in pay", "效用点；多受一年教育的收入效用约0.1"
)
MINUTES = Label("minutes of a single trip", "分钟（单程）")
MONTHS = Label("months", "月")
SHARE_A_YEAR = Label("share a year", "比例/年")
SHARE_OF_REVENUE = Label("share of yearly revenue", "占年度财政收入比例")
