"""The named quantities of services and protection of people.

Bases of levels of provision are set from the registry at the start of a run.
"""

from __future__ import annotations

from urbsim.labels import Label
from urbsim.quantities.quantity import Quantity, declare


class ServiceQuantities:
    """Care, health, insurance, pensions, and help for those who leave the land or return to it."""

    service_entitlement: Quantity = declare(
        Label(
            "share of public services open to residents without local registration", "非本地户籍居民可享公共服务的比例"
        ),
        ("zone", "group"),
        "highest",
        0.0,
    )
    service_quality: Quantity = declare(
        Label("quality of everyday public services relative to the seat", "基本公共服务质量与县城之比"),
        ("zone",),
        "highest",
        (0.6, 0.8, 1.0),
    )
    childcare_places: Quantity = declare(
        Label("childcare places per 1,000 residents", "每千常住人口托位数"),
        ("zone",),
        "highest",
        1.8,
    )
    eldercare_places: Quantity = declare(Label("elder-care beds a year", "张养老床位/年"), ("zone",), "add", 0.0)
    eldercare_space: Quantity = declare(
        Label("m2 of community elder care per 100 households", "每百户社区养老服务用房面积（平方米）"),
        ("zone",),
        "highest",
        5.0,
    )
    hospital_beds: Quantity = declare(Label("hospital beds a year", "张医疗床位/年"), (), "add", 0.0)
    beds_per_thousand: Quantity = declare(
        Label("hospital beds per 1,000 residents", "每千常住人口医疗床位数"), (), "highest", 5.0
    )
    doctors_per_thousand: Quantity = declare(
        Label("doctors per 1,000 residents", "每千常住人口执业（助理）医师数"),
        (),
        "highest",
        2.9,
    )
    nurses_per_thousand: Quantity = declare(
        Label("nurses per 1,000 residents", "每千常住人口注册护士数"), (), "highest", 3.34
    )
    insured_share: Quantity = declare(
        Label("share of the uninsured who are enrolled", "未参保人口中由政策覆盖的比例"),
        (),
        "highest",
        0.0,
    )
    insurance_portability: Quantity = declare(
        Label("share of the reimbursement gap closed", "异地报销差距的弥合比例"),
        (),
        "highest",
        0.0,
    )
    pension: Quantity = declare(Label("yuan per person and month", "元/人·月"), ("zone",), "add", 0.0)
    wage_arrears: Quantity = declare(
        Label("chance that a year's wages are held back in part", "年内被拖欠工资的概率"),
        ("zone",),
        "lowest",
        0.0084,
    )
    land_exit_payment: Quantity = declare(Label("yuan per household", "元/户"), (), "highest", 0.0)
    land_exit_access: Quantity = declare(
        Label("share of households that may give up land for the payment", "可自愿有偿退出的农户比例"),
        (),
        "highest",
        0.0,
    )
    return_grant: Quantity = declare(Label("yuan per returnee", "元/返乡人员"), ("zone",), "highest", 0.0)
    returnee_posts: Quantity = declare(
        Label("posts founded per 1,000 returnees", "每千名返乡人员创造的岗位"), ("zone",), "add", 0.0
    )
    resettled_households: Quantity = declare(
        Label("households a year moved to the zone", "户/年（迁入该区域）"),
        ("zone",),
        "add",
        0.0,
    )
    resettlement_eligible: Quantity = declare(
        Label("share of village households that may take part", "可参加搬迁的乡村家庭比例"),
        (),
        "highest",
        0.0,
    )
    resettlement_work: Quantity = declare(
        Label("share of resettled workers given a post", "搬迁劳动力获得岗位的比例"),
        ("zone",),
        "highest",
        0.0,
    )
