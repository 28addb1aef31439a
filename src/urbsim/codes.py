"""The integer codes stored in the columns of people, households and zones.

Each enumeration is the axis of one dimension: its members are indices into arrays. The order is part of
the run folder's format and must not change.
"""

from __future__ import annotations

from enum import IntEnum

from urbsim.labels import Label


class Zone(IntEnum):
    """Where a person lives: three zones inside a county and two outside the world."""

    VILLAGE = 0
    TOWN = 1
    SEAT = 2
    NEAR = 3
    FAR = 4


class Group(IntEnum):
    """Residents by registration (hukou), as access rules distinguish them."""

    LOCAL_URBAN = 0
    LOCAL_RURAL = 1
    ELSEWHERE = 2


class Origin(IntEnum):
    """Where a newly registered person's registration came from."""

    SAME_COUNTY = 0
    SAME_PROVINCE = 1
    OTHER_PROVINCE = 2


class Stage(IntEnum):
    """Stage of education a person is enrolled in."""

    NONE = 0
    KINDERGARTEN = 1
    PRIMARY = 2
    JUNIOR = 3
    SENIOR = 4
    COLLEGE = 5


class Schooling(IntEnum):
    """Highest level of education completed."""

    NONE = 0
    PRIMARY = 1
    JUNIOR = 2
    SENIOR = 3
    COLLEGE = 4


class Work(IntEnum):
    """What a person does for a living."""

    INACTIVE = 0
    FARM = 1
    INDUSTRY = 2
    SERVICES = 3
    SEEKING = 4


class Sector(IntEnum):
    """Sectors that offer posts; ``Work`` of a filled post is the sector plus one."""

    FARM = 0
    INDUSTRY = 1
    SERVICES = 2


class Tenure(IntEnum):
    """How a household holds its dwelling in a town or seat; ``NONE`` for a village homestead."""

    NONE = 0
    RENTS = 1
    OWNS = 2
    PUBLIC_RENTAL = 3


class Insurance(IntEnum):
    """Medical insurance scheme."""

    NONE = 0
    RESIDENTS = 1
    EMPLOYEES = 2
    SUBSIDISED = 3  # residents' scheme, premium paid by a policy while it is in force


class Dwelling(IntEnum):
    """Kinds of dwelling that a policy can build."""

    FOR_SALE = 0
    PUBLIC_RENTAL = 1
    AFFORDABLE_RENTAL = 2
    DORMITORY = 3


class Network(IntEnum):
    """Networks and surroundings that a policy can extend to more residents of a zone."""

    UTILITIES = 0
    HABITAT = 1
    GREEN = 2
    DIGITAL = 3


class Cause(IntEnum):
    """Why the number of residents of a zone changed; every change has exactly one cause."""

    BIRTH = 0
    DEATH = 1
    MOVE = 2
    ARRIVAL = 3
    DEPARTURE = 4
    RECLASSIFICATION = 5
    RESETTLEMENT = 6


class Event(IntEnum):
    """Life events that make people look at where they live; bits of the ``events`` column."""

    LEFT_SCHOOL = 1
    MARRIED = 2
    CHILD_CHANGES_SCHOOL = 4
    LOST_JOB = 8
    NO_SCHOOL_PLACE = 16
    PARENT_NEEDS_CARE = 32
    CAN_AFFORD_SEAT = 64


COUNTY_ZONES = (Zone.VILLAGE, Zone.TOWN, Zone.SEAT)
URBAN_ZONES = (Zone.TOWN, Zone.SEAT)
SCHOOL_STAGES = (Stage.KINDERGARTEN, Stage.PRIMARY, Stage.JUNIOR, Stage.SENIOR)

#: Division codes of urban districts end in 01 to 20, those of counties and county-level cities in higher numbers.
FIRST_COUNTY_NUMBER = 21

#: Registration column: county index, or one of these for people registered outside the world.
REGISTERED_SAME_PROVINCE = -1
REGISTERED_OTHER_PROVINCE = -2

ZONE_LABELS = {
    Zone.VILLAGE: Label("villages", "乡村"),
    Zone.TOWN: Label("towns", "建制镇"),
    Zone.SEAT: Label("county seat", "县城"),
    Zone.NEAR: Label("rest of the province", "省内县外"),
    Zone.FAR: Label("other provinces", "省外"),
}
GROUP_LABELS = {
    Group.LOCAL_URBAN: Label("registered here, urban", "本地城镇户籍"),
    Group.LOCAL_RURAL: Label("registered here, rural", "本地农村户籍"),
    Group.ELSEWHERE: Label("registered elsewhere", "外地户籍"),
}
CAUSE_LABELS = {
    Cause.BIRTH: Label("births", "出生"),
    Cause.DEATH: Label("deaths", "死亡"),
    Cause.MOVE: Label("moves", "迁移"),
    Cause.ARRIVAL: Label("arrivals from outside the world", "区域外迁入"),
    Cause.DEPARTURE: Label("departures from the world", "迁出区域"),
    Cause.RECLASSIFICATION: Label("reclassification", "区划转化"),
    Cause.RESETTLEMENT: Label("resettlement", "易地搬迁"),
}
