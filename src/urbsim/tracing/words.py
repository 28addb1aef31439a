"""Words for what somebody is and where a choice can lead, by the names of the codes in lower case."""

from __future__ import annotations

from urbsim.labels import Label

SEXES = {"male": Label("male", "男"), "female": Label("female", "女")}
INSURED = {False: Label("no medical insurance", "未参加医保"), True: Label("insured", "参加医保")}
ZONES = {
    "village": Label("village", "乡村"),
    "town": Label("town", "建制镇"),
    "seat": Label("county seat", "县城"),
    "near": Label("elsewhere in the province", "省内县外"),
    "far": Label("another province", "省外"),
}
SCHOOLING = {
    "none": Label("no schooling", "未上过学"),
    "primary": Label("primary school", "小学"),
    "junior": Label("junior secondary school", "初中"),
    "senior": Label("senior secondary school", "高中"),
    "college": Label("college", "大专及以上"),
}
STAGES = {
    "none": Label("not at school", "未在学"),
    "kindergarten": Label("at kindergarten", "在幼儿园"),
    "primary": Label("at primary school", "在读小学"),
    "junior": Label("at junior secondary school", "在读初中"),
    "senior": Label("at senior secondary school", "在读高中"),
    "college": Label("at college", "在读大学"),
}
WORK = {
    "inactive": Label("not in the labour force", "非劳动力"),
    "farm": Label("farms", "务农"),
    "industry": Label("works in industry", "在工业就业"),
    "services": Label("works in services", "在服务业就业"),
    "seeking": Label("seeks work", "求职"),
}
TENURES = {
    "none": Label("village homestead", "农村住宅"),
    "rents": Label("rents", "租房"),
    "owns": Label("owns the dwelling", "自有住房"),
    "public_rental": Label("public rental", "公租房"),
}
EVENTS = {
    "left_school": Label("left school", "毕业离校"),
    "married": Label("married", "结婚"),
    "child_changes_school": Label("a child changes school", "子女升学"),
    "lost_job": Label("lost a post", "失去工作"),
    "no_school_place": Label("a child has no school place", "子女无学位"),
    "parent_needs_care": Label("a parent needs care", "父母需照料"),
    "can_afford_seat": Label("can afford a seat dwelling", "买得起县城住房"),
    "rule_change": Label("a rule that concerns them changed", "相关政策发生变化"),
}
#: Destinations and ways to go, in the order of their numbers.
DESTINATIONS = {
    "village": ZONES["village"],
    "town": ZONES["town"],
    "seat": ZONES["seat"],
    "other_seat": Label("seat of another county", "其他县县城"),
    "other_province": Label("seat of a county in another province", "外省县城"),
    "near": ZONES["near"],
    "far": ZONES["far"],
    "here_village": Label("villages of the county lived in", "现住县乡村"),
    "here_town": Label("towns of the county lived in", "现住县建制镇"),
    "here_seat": Label("seat of the county lived in", "现住县县城"),
}
WAYS = {
    "together": Label("together", "举家"),
    "without_children": Label("without the children", "不带子女"),
    "alone": Label("alone", "独自"),
}
DESTINATION_NAMES, WAY_NAMES = tuple(DESTINATIONS), tuple(WAYS)
