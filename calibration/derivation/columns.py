"""Which printed heading of each census becomes which English column."""

from __future__ import annotations

AGE_BANDS: tuple[tuple[str, str, str], ...] = (
    # English, 2010 heading, 2020 heading
    ("0", "0岁", "0岁"),
    ("1_4", "1-4岁", "1到4岁"),
    *((f"{a}_{a + 4}", f"{a}-{a + 4}岁", f"{a}到{a + 4}岁") for a in range(5, 85, 5)),
    ("85_plus", "85岁及以上", "85岁以上"),
)
SEXES = (("male", "男"), ("female", "女"))
AGE_COLUMNS = tuple(f"{sex}_{band}" for sex, _ in SEXES for band, _, _ in AGE_BANDS)

EDUCATION = (
    # English, 2010 heading (None: not asked separately), 2020 heading
    ("none", "未上过学", "未上过学"),
    ("preschool", None, "学前教育"),
    ("primary", "小学", "小学"),
    ("junior", "初中", "初中"),
    ("senior", "高中", "高中"),
    ("college", "大学专科", "大学专科"),
    ("university", "大学本科及以上", "本科及以上"),
)
MARITAL = (("single", "未婚"), ("married", "有配偶"), ("divorced", "离婚"), ("widowed", "丧偶"))
GENERATIONS = (
    "households_one_generation",
    "households_two_generations",
    "households_three_generations",
    "households_four_generations",
)
MIGRANTS = ("migrants_same_county", "migrants_same_province", "migrants_other_province")

COUNTS_2010 = {
    "residents": "合计",
    "male": "男",
    "female": "女",
    "urban": "城镇人口",
    "rural": "乡村人口",
    "registered": "户籍人口",
    "households": "户数",
    "household_residents": "人口数",
    "households_one_person": "一人户",
    "households_one_generation": "一代户",
    "households_two_generations": "二代户",
    "households_three_generations": "三代户",
    "households_four_generations": "四代以上户",
    "households_with_elderly": "有65岁及以上老年人口的户数(户)-合计",
    "migrants_same_county": "迁入人口(人)-本县(市)/本市市区",
    "migrants_same_province": "迁入人口(人)-本省其他县(市)、市区",
    "migrants_other_province": "迁入人口(人)-外省",
    **{f"{s}_illiterate": f"15岁及以上文盲人口-{zh}" for s, zh in SEXES},
    **{f"{s}_{band}": f"{h10}({zh})" for s, zh in SEXES for band, h10, _ in AGE_BANDS},
    **{f"{s}_education_{e}": f"{h10}-{zh}" for s, zh in SEXES for e, h10, _ in EDUCATION if h10},
}
COUNTS_2020 = {
    "residents": "人口数_合计",
    "male": "人口数_男",
    "female": "人口数_女",
    "urban": "城镇人口",
    "rural": "乡村人口",
    "seat_built_up": "城区人口",
    "households": "家庭户数",
    "household_residents": "家庭户人口数",
    "households_one_person": "一人户数",
    "households_one_generation": "一代户数",
    "households_two_generations": "二代户数",
    "households_three_generations": "三代户数",
    "households_four_generations": "四代以上户数",
    "households_with_elderly": "有65岁及以上老年人口的户数",
    "migrants_same_county": "户口登记地在外乡镇街道人口_本县",
    "migrants_same_province": "户口登记地在外乡镇街道人口_本省其他县",
    "migrants_other_province": "户口登记地在外乡镇街道人口_省外",
    **{f"{s}_illiterate": f"15岁及以上文盲人口_{zh}" for s, zh in SEXES},
    **{f"{s}_{band}": f"{zh}_{h20}" for s, zh in SEXES for band, _, h20 in AGE_BANDS},
    **{f"{s}_education_{e}": f"{h20}_{zh}" for s, zh in SEXES for e, _, h20 in EDUCATION},
}

# The long form is a tenth of households: these headings only ever enter as shares of one another.
# In the 2010 file three industry headings are cut in the wrong place. By position they are transport
# and post (仓储和邮政业), information (交通运输、...) and trade (信息传输、批发和零售业): all services.
LONG_FORM_2010 = {
    "adults": "16岁及以上人口总计",
    "employed": "各种行业人口总计",
    "farming": "农林牧渔业",
    "mining": "采矿业",
    "manufacturing": "制造业",
    "utilities": "电力、燃气及水的生产和供应业",
    "construction": "建筑业",
    "students": "在校学生",
    "long_form_households": "长表数据-家庭户",
    "rented": "住房来源-租赁",
    "self_built": "住房来源-自建",
    "bought": "住房来源-购买",
    "other_tenure": "住房来源-其他",
    "both_15_plus": "15岁及以上人口-合计",
    **{f"{s}_15_plus": f"15岁及以上人口-{zh}" for s, zh in SEXES},
    **{f"{s}_{e}": f"{h}-{zh}" for s, zh in SEXES for e, h in MARITAL},
}
SERVICES_2010 = (
    "仓储和邮政业",
    "交通运输、计算机服务和软件业",
    "信息传输、批发和零售业",
    "住宿和餐饮业",
    "金融业",
    "房地产业",
    "租赁和商务服务业",
    "科学研究、技术服务和地质勘察业",
    "水利、环境和公共设施管理业",
    "居民服务和其他服务业",
    "教育",
    "卫生、社会保障和社会福利业",
    "文化、体育和娱乐业",
    "公共管理和社会组织",
    "国际组织",
)
LONG_FORM_2020 = {
    "adults": "十五岁以上人口",
    "employed": "各种行业人口总计",
    "farming": "农林牧渔业",
    "mining": "采矿业",
    "manufacturing": "制造业",
    "utilities": "电力热力燃气及水生产和供应业",
    "construction": "建筑业",
    "long_form_households": "家庭户户数_长表",
    "rented": "住房来源_租赁",
    "self_built": "住房来源_自建",
    "bought": "住房来源_购买",
    "inherited": "住房来源_继承或赠予",
    "other_tenure": "住房来源_其他",
    "both_15_plus": "十五岁以上人口",
    **{f"{s}_15_plus": f"十五岁以上人口_{zh}" for s, zh in SEXES},
    **{f"{s}_{e}": f"{h}_{zh}" for s, zh in SEXES for e, h in MARITAL},
}
SERVICES_2020 = (
    "批发和零售业",
    "交通运输仓储和邮政业",
    "住宿和餐饮业",
    "信息传输软件和信息技术服务业",
    "金融业",
    "房地产业",
    "租赁和商务服务业",
    "科学研究和技术服务业",
    "水利环境和公共设施管理业",
    "居民服务修理和其服务业",
    "教育",
    "卫生和社会工作",
    "文化体育和娱乐业",
    "公共管理社会保障和社会组织",
    "国际组织",
)
MEANS_2010 = {
    "rooms_per_household": "平均每户住房间数(间/户)",
    "dwelling_area_per_person": "人均住房建筑面积(平方米/人)",
    "children_ever_born": "15-64岁妇女-平均活产子女数",
}
MEANS_2020 = {
    "rooms_per_household": "平均每户住房间数",
    "dwelling_area_per_person": "人均住房建筑面积",
    "children_ever_born": "15-64岁妇女平均活产子女数",
}

RATES_2010 = {
    "nonagricultural_share": "非农业户口人口比重(%)",
    "birth_rate": "出生率(‰)",
    "death_rate": "死亡率(‰)",
}
OCCUPATIONS = "各种职业人口总计"

COUNTS = {2010: COUNTS_2010, 2020: COUNTS_2020}
LONG_FORM = {2010: LONG_FORM_2010, 2020: LONG_FORM_2020}
SERVICES = {2010: SERVICES_2010, 2020: SERVICES_2020}
MEANS = {2010: MEANS_2010, 2020: MEANS_2020}

IDENTITY_COLUMNS = ("code", "year", "province", "prefecture", "name", "kind")
SHARE_COLUMNS = (
    "employed_share",
    "farm_share",
    "industry_share",
    "services_share",
    "manufacturing_share",
    "construction_share",
    "student_share",
    *(f"{s}_{e}_share" for s, _ in SEXES for e, _ in MARITAL),
    "tenure_rented",
    "tenure_self_built",
    "tenure_bought",
    "tenure_other",
)
COUNTY_COLUMNS = (
    *IDENTITY_COLUMNS,
    "residents",
    "male",
    "female",
    "urban",
    "rural",
    "seat_built_up",
    "seat_share",
    "seat_share_status",
    "registered",
    "registered_status",
    "registered_basis",
    "registered_spread",
    "registered_printed",
    "absent_registered",
    "absent_near",
    "absent_far",
    "nonagricultural_share",
    "households",
    "household_residents",
    "households_one_person",
    *GENERATIONS,
    "households_with_elderly",
    *AGE_COLUMNS,
    *MIGRANTS,
    *(f"{s}_education_{e}" for s, _ in SEXES for e, _, _ in EDUCATION),
    *(f"{s}_illiterate" for s, _ in SEXES),
    *SHARE_COLUMNS,
    "dwelling_area_per_person",
    "rooms_per_household",
    "children_ever_born",
    "birth_rate",
    "death_rate",
    "code_other_year",
    "comparable",
    "quality",
)
