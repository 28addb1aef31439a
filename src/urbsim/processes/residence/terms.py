"""The terms of the utility of living somewhere: what each measures, and its coefficient.

  V_n = sum over terms of coefficient x quantity

A term that lowers utility has a negative quantity. Of a couple every quantity is the mean of the two.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from urbsim.arrays import Floats
from urbsim.kernels import inlined
from urbsim.labels import Label
from urbsim.state.world import World


class Term(NamedTuple):
    """One term: the parameter that is its coefficient, and what the quantity is."""

    coefficient: str
    quantity: Label


#: The coefficient of what is measured in points of utility already.
POINTS = ""

TERMS = (
    Term("residence.alpha", Label("ln expected earnings, yuan a month", "预期月收入（元）的对数")),
    Term("residence.alpha", Label("ln (1 + grant for returning / income)", "ln（1＋返乡补助／收入）")),
    Term("residence.alpha", Label("rent of land left behind / expected income", "离村后的土地租金／预期收入")),
    Term("residence.gamma", Label("- ln (1 + km from the place of registration)", "－ln（1＋距户籍地公里数）")),
    Term("residence.delta", Label("- ln (1 + rent / expected income)", "－ln（1＋房租／预期收入）")),
    Term(
        "residence.sigma",
        Label("school places: chance x quality, of up to two children", "学位机会×质量（至多两名子女）"),
    ),
    Term(
        "childcare.weight",
        Label("children under three with a place thanks to policies", "因政策获得托位的三岁以下子女"),
    ),
    Term(
        "eldercare.weight",
        Label("chance of elder care thanks to policies, from 65", "因政策获得养老服务的机会（65岁起）"),
    ),
    Term("residence.hukou", Label("access to registration", "落户机会")),
    Term("residence.insurance", Label("medical cost reimbursed less the local share", "医保报销比例与本地之差")),
    Term("residence.land", Label("- land at risk, 10 mu", "－面临风险的承包地（10亩）")),
    Term("residence.land", Label("land that a payment makes up for, 10 mu", "可有偿退出的承包地（10亩）")),
    Term("residence.care", Label("a mother in the county to care for, from 35", "县内有需照料的母亲（35岁起）")),
    Term("residence.marriage", Label("single at 20-34 in an own seat dwelling", "20－34岁未婚且拥有县城住房")),
    Term("residence.separation", Label("- spouses apart", "－夫妻分居")),
    Term("residence.child_left", Label("- children left behind", "－留守子女")),
    Term("residence.child_away", Label("- children taken outside", "－随迁到县外的子女")),
    Term("residence.move", Label("- moving across the county's border", "－跨县迁移")),
    Term("residence.move_inside", Label("- moving within the county", "－县内迁移")),
    Term("residence.home", Label("in the county of registration", "在户籍所在县")),
    Term("residence.home_age", Label("the same, tens of years above 45", "同上，45岁以上每十年")),
    Term(
        "residence.village_age",
        Label("in the village of registration, tens of years above 45", "在户籍村，45岁以上每十年"),
    ),
    Term(POINTS, Label("what the place is to everybody", "该地对所有人的效用")),
)
(
    PAY,
    GRANT,
    LAND_RENT,
    DISTANCE,
    HOUSING,
    SCHOOL,
    CHILDCARE,
    ELDERCARE,
    ACCESS,
    INSURANCE,
    LAND,
    LAND_EXIT,
    CARE,
    MARRIAGE,
    SEPARATION,
    CHILD_LEFT,
    CHILD_AWAY,
    MOVE,
    MOVE_INSIDE,
    HOME,
    HOME_AGE,
    VILLAGE_AGE,
    CONSTANT,
) = range(len(TERMS))


def coefficients(world: World) -> Floats:
    """Return the coefficients of this month, shape (terms,)."""
    return np.array([world.values[term.coefficient] if term.coefficient else 1.0 for term in TERMS])


@inlined
def utility(quantities: Any, coefficients: Any) -> float:
    """Return the sum over terms of coefficient x quantity."""
    total = 0.0
    for term in range(coefficients.size):
        total += coefficients[term] * quantities[term]
    return total
