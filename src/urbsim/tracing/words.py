"""Words for what somebody is, in tables and in descriptions of who is looked for."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

from urbsim.codes import Event, Group, Schooling, Stage, Tenure, Work, Zone
from urbsim.labels import Label
from urbsim.processes.residence.destinations import (
    ALONE,
    FAR,
    NEAR,
    OTHER_SEAT,
    SEAT,
    TOGETHER,
    TOWN,
    VILLAGE,
    WITHOUT_CHILDREN,
)

SEXES = (Label("male", "男"), Label("female", "女"))
NAMES: Mapping[IntEnum, Label] = {
    Zone.VILLAGE: Label("village", "乡村"),
    Zone.TOWN: Label("town", "建制镇"),
    Zone.SEAT: Label("county seat", "县城"),
    Zone.NEAR: Label("elsewhere in the province", "省内县外"),
    Zone.FAR: Label("another province", "省外"),
    Group.LOCAL_URBAN: Label("registered here, urban", "本地城镇户籍"),
    Group.LOCAL_RURAL: Label("registered here, rural", "本地农村户籍"),
    Group.ELSEWHERE: Label("registered elsewhere", "外地户籍"),
    Schooling.NONE: Label("no schooling", "未上过学"),
    Schooling.PRIMARY: Label("primary school", "小学"),
    Schooling.JUNIOR: Label("junior secondary school", "初中"),
    Schooling.SENIOR: Label("senior secondary school", "高中"),
    Schooling.COLLEGE: Label("college", "大专及以上"),
    Stage.NONE: Label("not at school", "未在学"),
    Stage.KINDERGARTEN: Label("at kindergarten", "在幼儿园"),
    Stage.PRIMARY: Label("at primary school", "在读小学"),
    Stage.JUNIOR: Label("at junior secondary school", "在读初中"),
    Stage.SENIOR: Label("at senior secondary school", "在读高中"),
    Stage.COLLEGE: Label("at college", "在读大学"),
    Work.INACTIVE: Label("not in the labour force", "非劳动力"),
    Work.FARM: Label("farms", "务农"),
    Work.INDUSTRY: Label("works in industry", "在工业就业"),
    Work.SERVICES: Label("works in services", "在服务业就业"),
    Work.SEEKING: Label("seeks work", "求职"),
    Tenure.NONE: Label("village homestead", "农村住宅"),
    Tenure.RENTS: Label("rents", "租房"),
    Tenure.OWNS: Label("owns the dwelling", "自有住房"),
    Tenure.PUBLIC_RENTAL: Label("public rental", "公租房"),
    Event.LEFT_SCHOOL: Label("left school", "毕业离校"),
    Event.MARRIED: Label("married", "结婚"),
    Event.CHILD_CHANGES_SCHOOL: Label("a child changes school", "子女升学"),
    Event.LOST_JOB: Label("lost a post", "失去工作"),
    Event.NO_SCHOOL_PLACE: Label("a child has no school place", "子女无学位"),
    Event.PARENT_NEEDS_CARE: Label("a parent needs care", "父母需照料"),
    Event.CAN_AFFORD_SEAT: Label("can afford a seat dwelling", "买得起县城住房"),
}
INSURED = {False: Label("no medical insurance", "未参加医保"), True: Label("insured", "参加医保")}

DESTINATION_LABELS = {
    VILLAGE: NAMES[Zone.VILLAGE],
    TOWN: NAMES[Zone.TOWN],
    SEAT: NAMES[Zone.SEAT],
    OTHER_SEAT: Label("seat of another county", "其他县县城"),
    NEAR: NAMES[Zone.NEAR],
    FAR: NAMES[Zone.FAR],
}
DESTINATION_NAMES = ("village", "town", "seat", "other_seat", "near", "far")
WAY_LABELS = {
    TOGETHER: Label("together", "举家"),
    WITHOUT_CHILDREN: Label("without the children", "不带子女"),
    ALONE: Label("alone", "独自"),
}
WAY_NAMES = ("together", "without_children", "alone")
