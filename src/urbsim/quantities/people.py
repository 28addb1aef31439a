"""The named quantities of registration, schooling, housing, posts and training."""

from __future__ import annotations

from urbsim.labels import Label
from urbsim.quantities.quantity import Quantity, declare


class PeopleQuantities:
    """Registration, schooling, housing, posts and training.

    Shares and yes/no rules run from 0 to 1: at 0.5 half of the people come under the rule.
    """

    registration_years: Quantity = declare(
        Label("years of residence required", "要求居住年限（年）"), ("zone", "group"), "lowest", 3.0
    )
    registration_needs_home: Quantity = declare(
        Label("share of applicants who must own a dwelling", "须有自有住房的申请人比例"),
        ("zone", "group"),
        "lowest",
        1.0,
    )
    registration_tenants: Quantity = declare(
        Label("share of tenants who qualify", "可落户的租房者比例"), ("zone", "group"), "highest", 0.0
    )
    registration_reward: Quantity = declare(
        Label("yuan per newly registered person", "元/新落户人口"), ("origin",), "add", 0.0
    )
    school_admission: Quantity = declare(
        Label("share of vacant places open to the group", "空余学位对该群体开放的比例"),
        ("zone", "stage", "group"),
        "highest",
        (1.0, 1.0, 0.9),
    )
    exam_years: Quantity = declare(
        Label("years of local schooling before the local exam", "参加本地升学考试所需就读年限（年）"),
        ("group",),
        "lowest",
        (0.0, 0.0, 3.0),
    )
    school_places: Quantity = declare(Label("places a year", "个学位/年"), ("zone", "stage"), "add", 0.0)
    school_quality: Quantity = declare(
        Label("index, 1 = national mean", "指数，全国平均为1"), ("zone", "stage"), "add", 1.0
    )
    dwellings: Quantity = declare(Label("dwellings a year", "套/年"), ("zone", "dwelling"), "add", 0.0)
    public_rental_access: Quantity = declare(
        Label("share of the group that may queue", "可申请轮候的群体比例"), ("zone", "group"), "highest", 0.0
    )
    rent_subsidy: Quantity = declare(
        Label("yuan per renting household and year", "元/租房户·年"), ("zone", "group"), "add", 0.0
    )
    purchase_subsidy: Quantity = declare(Label("yuan per purchase", "元/套"), ("zone", "group"), "add", 0.0)
    down_payment: Quantity = declare(Label("share of the price", "占房价比例"), ("zone",), "lowest", 0.3)
    posts: Quantity = declare(Label("posts a year", "个岗位/年"), ("zone", "sector"), "add", 0.0)
    training_places: Quantity = declare(Label("trainees a year", "人/年"), (), "add", 0.0)
    training_uplift: Quantity = declare(Label("log points of earnings", "收入对数点"), (), "highest", 0.0)
    land_certified: Quantity = declare(Label("share of farm households", "占农户比例"), (), "highest", 0.0)
    finding_rate: Quantity = declare(
        Label("factor on the chance of finding a post", "找到工作概率的倍数"), ("zone",), "multiply", 1.0
    )
    amenity: Quantity = declare(Label("points of utility", "效用点"), ("zone",), "add", 0.0)
